/**
 * The alarms of a stack, its topic and who is notified, made in the AWS stand-in as `infra/` makes them
 * in AWS.
 */
import { ALARM_PERIOD_SECONDS, ALARMS } from "../../infra/alarm-definitions.ts";
import { METRIC_DIMENSION } from "../../lambda/contract.ts";
import type { AwsStandIn } from "./aws/aws-stand-in.ts";

/** Whom the topic notifies. */
export const ON_CALL_EMAIL = "on-call@example.com";

export interface StandingAlarms {
  readonly alarmTopicArn: string;
  readonly alarmNames: readonly string[];
}

/**
 * Makes every alarm, in the state OK, and a topic with one e-mail address that has confirmed.
 * @param physicalName - what a resource is called in AWS, by its name in `infra/`.
 */
export function createStandingAlarms(
  aws: AwsStandIn,
  functionName: string,
  physicalName: (logicalName: string) => string,
): StandingAlarms {
  const alarmTopicArn = aws.topics.create(physicalName("alarms"));
  const alarmNames = ALARMS.map(({ name, meaning, ...definition }) => {
    const AlarmName = physicalName(name);
    aws.alarms.put({
      AlarmName,
      AlarmDescription: meaning,
      Namespace: definition.namespace,
      MetricName: definition.metricName,
      Dimensions: [{ Name: METRIC_DIMENSION, Value: functionName }],
      Statistic: definition.statistic,
      Period: ALARM_PERIOD_SECONDS,
      ComparisonOperator: definition.comparisonOperator,
      Threshold: definition.threshold,
      EvaluationPeriods: definition.evaluationPeriods,
      DatapointsToAlarm: definition.datapointsToAlarm,
      TreatMissingData: definition.treatMissingData,
      AlarmActions: [alarmTopicArn],
      OKActions: [alarmTopicArn],
    });
    aws.alarms.setState(AlarmName, "OK", "Threshold Crossed: no datapoint is over the threshold.");
    return AlarmName;
  });
  // After the alarms' first change of state, so that nobody was notified of that.
  aws.topics.subscribe(alarmTopicArn, "email", ON_CALL_EMAIL, "confirmed");
  return { alarmTopicArn, alarmNames };
}
