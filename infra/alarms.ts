/** The alarms in CloudWatch, and what people read when one goes on. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRIC_DIMENSION } from "../lambda/contract.ts";
import { ALARM_PERIOD_SECONDS, ALARMS } from "./alarm-definitions.ts";

export interface AlarmArgs {
  readonly functionName: pulumi.Input<string>;
  /** The stack's. */
  readonly region: string;
  readonly topicArn: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Makes every alarm; each tells the topic when it goes on and when it goes off. */
export function createAlarms(
  name: string,
  { functionName, region, topicArn, tags }: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm[] {
  return ALARMS.map(({ name: alarm, meaning, warmUpMinutes, ...metric }) => {
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${alarm}`,
      {
        ...metric,
        period: ALARM_PERIOD_SECONDS,
        dimensions: { [METRIC_DIMENSION]: functionName },
        alarmDescription: describe(alarm, meaning, checkCommand(functionName, region)),
        alarmActions: [topicArn],
        okActions: [topicArn],
        ...(warmUpMinutes && {
          warmUpConfiguration: {
            warmUpPeriodDurationInMinutes: warmUpMinutes,
            onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
          },
        }),
        tags,
      },
      opts,
    );
  });
}

/** The runbook's first page: what it means, how long there is, what to run, where to read on. */
function describe(
  alarm: string,
  meaning: string,
  command: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.interpolate`${meaning}

Make a check now and read what it says of each account:
${command}

Then read on in docs/operating.md#${alarm}`;
}

/**
 * As patient as the function's own time-out of 150 s, and once: by itself the CLI gives up after 60 s
 * and begins another check beside the first. Source: AWS CLI user guide, "Retries" and
 * `--cli-read-timeout`.
 */
function checkCommand(functionName: pulumi.Input<string>, region: string): pulumi.Output<string> {
  return pulumi.interpolate`AWS_MAX_ATTEMPTS=1 aws lambda invoke --region ${region} --function-name ${functionName} --cli-read-timeout 160 --payload '{}' --cli-binary-format raw-in-base64-out /dev/stdout`;
}
