/** The component's arguments and outputs. */
import type * as pulumi from "@pulumi/pulumi";

export interface TokenRotationArgs {
  /** `test` for accounts that begin with T, `production` for those with P. */
  readonly environment: "test" | "production";
  /** Dintero account ids, 1 to 20. Plain strings, because names and policies are built from them. */
  readonly accounts: readonly string[];
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

/** By Dintero account id. */
export type ByAccount<Value> = Readonly<Record<string, Value>>;

/** If your program exports these under these names, the commands can use it. */
export interface TokenRotationOutputs {
  /** Where services read the token. */
  readonly tokenParameterNames: ByAccount<string>;
  readonly statusParameterNames: ByAccount<string>;
  /** The secrets with the API clients' credentials. */
  readonly credentialsSecretArns: ByAccount<pulumi.Output<string>>;
  /** The IAM policy that lets a service read the tokens of all accounts. */
  readonly consumerPolicyArn: pulumi.Output<string>;
  /** The same for one account. */
  readonly consumerPolicyArns: ByAccount<pulumi.Output<string>>;
  readonly functionName: pulumi.Output<string>;
  readonly alarmTopicArn: pulumi.Output<string>;
  /** Empty if there is none, because Pulumi prints a warning about an undefined output. */
  readonly urgentAlarmTopicArn: pulumi.Output<string>;
  readonly alarmEmails: readonly string[];
  /** The key that encrypts credentials and tokens. */
  readonly keyArn: pulumi.Output<string>;
  readonly alarmNames: readonly pulumi.Output<string>[];
  readonly dashboardUrl: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
}
