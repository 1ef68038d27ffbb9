/** What the component takes and what it gives. */
import type * as pulumi from "@pulumi/pulumi";

export interface TokenRotationArgs {
  /** `test` for accounts that begin with T, `production` for those with P. */
  readonly environment: "test" | "production";
  /** Dintero account ids, 1 to 20. Known when the program runs: names and policies are made of them. */
  readonly accounts: readonly string[];
  /** Who is notified of alarms by e-mail. Needed unless `alarmTopicArn` is given. */
  readonly alarmEmails?: readonly string[] | undefined;
  /** Your SNS topic for alarms, in the same Region. The component makes one if there is none. */
  readonly alarmTopicArn?: pulumi.Input<string> | undefined;
  /** A second SNS topic, for a pager: urgent alarms go there as well. */
  readonly urgentAlarmTopicArn?: pulumi.Input<string> | undefined;
  /** How many days the function's log is kept: a number that CloudWatch Logs takes. 90 if not given. */
  readonly logRetentionDays?: number | undefined;
  /** The https address of your copy of the runbooks, for the alarm texts. At most 120 characters. */
  readonly runbookUrl?: string | undefined;
  /** The IAM policy that your organization wants as permissions boundary of every role. */
  readonly permissionsBoundaryArn?: pulumi.Input<string> | undefined;
  /** For all resources, and for the parameters that the function creates. At most 20. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** By Dintero account id. */
export type ByAccount<Value> = Readonly<Record<string, Value>>;

/** A program that exports these under these names can be used with the commands. */
export interface TokenRotationOutputs {
  /** Where services read the token. */
  readonly tokenParameterNames: ByAccount<string>;
  readonly statusParameterNames: ByAccount<string>;
  /** Of the secrets that hold the API clients' credentials. */
  readonly credentialsSecretArns: ByAccount<pulumi.Output<string>>;
  /** The IAM policy that lets a service read the tokens of all accounts. */
  readonly consumerPolicyArn: pulumi.Output<string>;
  /** The same for one account. */
  readonly consumerPolicyArns: ByAccount<pulumi.Output<string>>;
  readonly functionName: pulumi.Output<string>;
  readonly alarmTopicArn: pulumi.Output<string>;
  /** Empty if there is none, because Pulumi warns of an undefined output. */
  readonly urgentAlarmTopicArn: pulumi.Output<string>;
  readonly alarmEmails: readonly string[];
  /** Of the key that encrypts credentials and tokens. */
  readonly keyArn: pulumi.Output<string>;
  readonly alarmNames: readonly pulumi.Output<string>[];
  readonly dashboardUrl: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
}
