/** The alarms in CloudWatch. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ACCOUNT_DIMENSION, FUNCTION_DIMENSION } from "../lambda/contract.ts";
import type { Place } from "./access.ts";
import { ALARM_PERIOD_SECONDS, ALARMS, type AlarmDefinition } from "./alarm-definitions.ts";
import { alarmText } from "./alarm-text.ts";
import type { CheckedArgs } from "./checked-args.ts";

export interface AlarmArgs extends Pick<CheckedArgs, "accounts" | "runbookUrl"> {
  readonly functionName: pulumi.Input<string>;
  readonly place: pulumi.Output<Place>;
  readonly topicArn: pulumi.Input<string>;
  /** Also receives urgent alarms. */
  readonly urgentTopicArn?: pulumi.Output<string> | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Creates every alarm. Each notifies its topics when it fires and when it clears. */
export function createAlarms(
  name: string,
  args: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm[] {
  return ALARMS.flatMap((alarm) =>
    alarm.isPerAccount
      ? args.accounts.map((account) => createAlarm(name, alarm, account, args, opts))
      : [createAlarm(name, alarm, undefined, args, opts)],
  );
}

function createAlarm(
  name: string,
  { kind, isUrgent, metric, warmUpMinutes }: AlarmDefinition,
  account: string | undefined,
  { functionName, place, runbookUrl, topicArn, urgentTopicArn, tags }: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const stack = pulumi.getStack();
  const topics = [topicArn, ...(isUrgent && urgentTopicArn ? [urgentTopicArn] : [])];
  const text = pulumi
    .output({ functionName, place })
    .apply((it) => alarmText(kind, { ...it, account, stack, runbookUrl }));
  return new aws.cloudwatch.MetricAlarm(
    // A mail's subject may cut off the end, so the least important part comes last. Pulumi adds a random
    // suffix. Without it, the alarm would silently replace one of another stack.
    [name, kind, ...(account ? [account] : []), stack].join("-"),
    {
      ...metric,
      period: ALARM_PERIOD_SECONDS,
      dimensions: {
        [FUNCTION_DIMENSION]: functionName,
        ...(account && { [ACCOUNT_DIMENSION]: account }),
      },
      alarmDescription: text,
      alarmActions: topics,
      okActions: topics,
      ...(warmUpMinutes && {
        warmUpConfiguration: {
          warmUpPeriodDurationInMinutes: warmUpMinutes,
          onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
        },
      }),
      tags: { ...tags, ...(account && { DinteroAccount: account }) },
    },
    opts,
  );
}
