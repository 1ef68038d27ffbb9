/**
 * The alarms of a stack, its topics and who is notified, made in the AWS stand-in as `infra/` makes them
 * in AWS.
 */
import {
  ALARM_PERIOD_SECONDS,
  ALARMS,
  type AlarmDefinition,
} from "../../infra/alarm-definitions.ts";
import { alarmText } from "../../infra/alarm-text.ts";
import { ACCOUNT_DIMENSION, FUNCTION_DIMENSION } from "../../lambda/contract.ts";
import type { AwsStandIn } from "./aws/aws-stand-in.ts";

/** Who is notified by e-mail. */
export const ON_CALL_EMAIL = "on-call@example.com";

export interface StandingAlarms {
  readonly alarmTopicArn: string;
  /** Where the urgent alarms go too. */
  readonly urgentAlarmTopicArn?: string;
  readonly alarmEmails: readonly string[];
  readonly alarmNames: readonly string[];
}

export interface StandingAlarmsOptions {
  readonly stack: string;
  readonly accountIds: readonly string[];
  readonly functionName: string;
  /** Whether urgent alarms have a topic of their own too, with a pager subscribed. */
  readonly hasUrgentTopic: boolean;
  /** AWS account of the topics. Default: the stack's. */
  readonly topicsAccountId?: string | undefined;
  /** What a resource is called in AWS, by its name in `infra/`. */
  readonly physicalName: (logicalName: string) => string;
}

/** Makes every alarm, in the state OK, and a topic with one e-mail address that has confirmed. */
export function createStandingAlarms(
  aws: AwsStandIn,
  options: StandingAlarmsOptions,
): StandingAlarms {
  const { stack, accountIds, functionName, topicsAccountId, physicalName } = options;
  const alarmTopicArn = aws.topics.create(physicalName("alarms"), topicsAccountId);
  const urgentAlarmTopicArn = options.hasUrgentTopic
    ? aws.topics.create("pager", topicsAccountId)
    : undefined;
  const make = ({ kind, isUrgent, metric }: AlarmDefinition, account?: string) => {
    const topics = [
      alarmTopicArn,
      ...(isUrgent && urgentAlarmTopicArn ? [urgentAlarmTopicArn] : []),
    ];
    const place = { partition: "aws", region: aws.region, awsAccountId: aws.accountId };
    const AlarmName = physicalName([kind, ...(account ? [account] : []), stack].join("-"));
    aws.alarms.put({
      AlarmName,
      AlarmDescription: alarmText(kind, {
        ...{ account, stack, place, functionName, runbookUrl: undefined },
      }),
      Namespace: metric.namespace,
      MetricName: metric.metricName,
      Dimensions: [
        { Name: FUNCTION_DIMENSION, Value: functionName },
        ...(account ? [{ Name: ACCOUNT_DIMENSION, Value: account }] : []),
      ],
      Statistic: metric.statistic,
      Period: ALARM_PERIOD_SECONDS,
      ComparisonOperator: metric.comparisonOperator,
      Threshold: metric.threshold,
      EvaluationPeriods: metric.evaluationPeriods,
      DatapointsToAlarm: metric.datapointsToAlarm,
      TreatMissingData: metric.treatMissingData,
      AlarmActions: topics,
      OKActions: topics,
    });
    aws.alarms.setState(AlarmName, "OK", "Threshold Crossed: no datapoint is over the threshold.");
    return AlarmName;
  };
  const alarmNames = ALARMS.flatMap((alarm) =>
    alarm.isPerAccount ? accountIds.map((account) => make(alarm, account)) : [make(alarm)],
  );
  // After the alarms' first change of state, so that nobody was notified of that.
  aws.topics.subscribe(alarmTopicArn, "email", ON_CALL_EMAIL, "confirmed");
  if (urgentAlarmTopicArn) {
    aws.topics.subscribe(urgentAlarmTopicArn, "https", "https://pager.example.com", "confirmed");
  }
  return {
    alarmTopicArn,
    ...(urgentAlarmTopicArn && { urgentAlarmTopicArn }),
    alarmEmails: [ON_CALL_EMAIL],
    alarmNames,
  };
}
