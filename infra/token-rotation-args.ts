/** The component's arguments and outputs. */
import type * as pulumi from "@pulumi/pulumi";

/** @typeParam Account - the account ids, if they are literals: then the outputs have these keys and no others. */
export interface TokenRotationArgs<Account extends string = string> {
  /** `test` for accounts that begin with T, `production` for those with P. */
  readonly environment: "test" | "production";
  /** Dintero account ids, 1 to 20. Plain strings, because names and policies are built from them. */
  readonly accounts: readonly Account[];
  /** Who is notified of alarms by e-mail. Needed unless `alarmTopicArn` is given. */
  readonly alarmEmails?: readonly string[] | undefined;
  /** Your SNS topic for alarms, in the same Region. By default the component creates one. */
  readonly alarmTopicArn?: pulumi.Input<string> | undefined;
  /** A second SNS topic, for a pager: urgent alarms go there as well. */
  readonly urgentAlarmTopicArn?: pulumi.Input<string> | undefined;
  /** How many days the function's log is kept. One of the values that CloudWatch Logs allows; default 90. */
  readonly logRetentionDays?: number | undefined;
  /** The https address of your copy of the runbooks, for the alarm texts. At most 120 characters. */
  readonly runbookUrl?: string | undefined;
  /** The IAM policy that your organization requires as permissions boundary of every role. */
  readonly permissionsBoundaryArn?: pulumi.Input<string> | undefined;
  /** Tags of all resources, and of the parameters that the function creates. At most 20. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** A value for each Dintero account id. */
export type ByAccount<Account extends string, Value> = Readonly<Record<Account, Value>>;

/** If your program exports these under these names, the commands can use it. */
export interface TokenRotationOutputs<Account extends string = string> {
  /** The SSM parameters that services read the tokens from. */
  readonly tokenParameterNames: ByAccount<Account, string>;
  /** The SSM parameters that hold the state of each token, for operators. */
  readonly statusParameterNames: ByAccount<Account, string>;
  /** The secrets that hold the id and secret of each account's API client. */
  readonly credentialsSecretArns: ByAccount<Account, pulumi.Output<string>>;
  /** The IAM policy that lets a service read the tokens of all accounts. */
  readonly consumerPolicyArn: pulumi.Output<string>;
  /** For each account, the IAM policy that lets a service read the token of that account only. */
  readonly consumerPolicyArns: ByAccount<Account, pulumi.Output<string>>;
  /** The Lambda function that renews the tokens. */
  readonly functionName: pulumi.Output<string>;
  /** The SNS topic that every alarm notifies: yours, or the one of the component. */
  readonly alarmTopicArn: pulumi.Output<string>;
  /** Your second topic. Empty if there is none, because Pulumi prints a warning about an undefined output. */
  readonly urgentAlarmTopicArn: pulumi.Output<string>;
  /** The addresses that are subscribed to the alarm topic. */
  readonly alarmEmails: readonly string[];
  /** The KMS key that encrypts credentials and tokens. */
  readonly keyArn: pulumi.Output<string>;
  /** The names of all CloudWatch alarms. */
  readonly alarmNames: readonly pulumi.Output<string>[];
  /** The address of the CloudWatch dashboard in the AWS console. */
  readonly dashboardUrl: pulumi.Output<string>;
  /** The log group of the Lambda function. */
  readonly logGroupName: pulumi.Output<string>;
}
