/**
 * When people are told, and what it means. Plain data: `alarms.ts` makes the alarms from it, and the
 * simulation plays them.
 */
import { METRIC_NAMESPACE, METRICS } from "../lambda/contract.ts";
import { AT_RISK_PERCENT } from "../lambda/renewal-policy.ts";

export interface AlarmDefinition {
  readonly name:
    | "token-at-risk"
    | "rotation-silent"
    | "check-broken"
    | "renewals-failing"
    | "credentials-rejected";
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: "Minimum" | "Sum";
  readonly comparisonOperator: "LessThanThreshold" | "GreaterThanOrEqualToThreshold";
  readonly threshold: number;
  /** Of this many periods of {@link ALARM_PERIOD_SECONDS} ... */
  readonly evaluationPeriods: number;
  /** ... so many have to be over the threshold. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "breaching" | "notBreaching" | "ignore";
  readonly warmUpMinutes?: number;
  /** What it means and how long people have. */
  readonly meaning: string;
}

/**
 * A minute, though checks come every five: CloudWatch slides its periods along every minute, so that
 * two checks would share a longer one at one minute and not at the next, and an alarm on the edge go
 * on and off and on again. Source: CloudWatch user guide, "Alarm evaluation window".
 */
export const ALARM_PERIOD_SECONDS = 60;

const HALF_AN_HOUR = 30;

/** Where all went well until the trouble began, a token then has two thirds of its life left. */
const UNTIL_EXPIRY =
  "at the earliest 15 hours from now where tokens live for 24 h, 2 hours where they live for 4 h; earlier where they had not been renewed for a while before.";

/**
 * The schedule may be late by a minute and a metric by some minutes more, so every alarm looks back
 * over several checks.
 */
export const ALARMS: readonly AlarmDefinition[] = [
  {
    name: "token-at-risk",
    namespace: METRIC_NAMESPACE,
    metricName: METRICS.tokenLifeRemaining,
    statistic: "Minimum",
    comparisonOperator: "LessThanThreshold",
    threshold: AT_RISK_PERCENT,
    evaluationPeriods: 20,
    datapointsToAlarm: 1,
    // Silence says nothing of a token's life, and is told by another alarm.
    treatMissingData: "ignore",
    meaning:
      "A stored Dintero token has less than a third of its life left since renewing it has failed for long, or there is none. Services fail when it expires, within 8 hours where tokens live for 24 h and within 80 minutes where they live for 4 h; where there is none, they fail already.",
  },
  {
    name: "rotation-silent",
    namespace: METRIC_NAMESPACE,
    metricName: METRICS.checksCompleted,
    statistic: "Sum",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    // Many short periods: CloudWatch looks back further than the periods it is given, by more the
    // longer they are.
    evaluationPeriods: HALF_AN_HOUR,
    datapointsToAlarm: HALF_AN_HOUR,
    treatMissingData: "breaching",
    // A new alarm would count the time before the first deployment as silence.
    warmUpMinutes: 30,
    meaning: `No check of the Dintero tokens has completed for about half an hour, so nothing renews them: the schedule is off, or the function does not run or does not finish. Services fail when tokens expire: ${UNTIL_EXPIRY}`,
  },
  {
    name: "check-broken",
    namespace: "AWS/Lambda",
    metricName: "Errors",
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    // Three of the six checks in half an hour.
    evaluationPeriods: HALF_AN_HOUR,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
    meaning: `Check after check of the Dintero tokens ends in an error before it looks at an account: wrong settings, AWS not answering, or a defect. Services fail when tokens expire: ${UNTIL_EXPIRY}`,
  },
  {
    name: "renewals-failing",
    namespace: METRIC_NAMESPACE,
    metricName: METRICS.renewalsFailed,
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    // Three of the six checks in half an hour.
    evaluationPeriods: HALF_AN_HOUR,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
    meaning: `For several checks in a row at least one Dintero account could not be renewed. Its last token still works. Services fail when it expires: ${UNTIL_EXPIRY}`,
  },
  {
    name: "credentials-rejected",
    namespace: METRIC_NAMESPACE,
    metricName: METRICS.credentialsRejected,
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 20,
    datapointsToAlarm: 1,
    treatMissingData: "notBreaching",
    meaning: `Dintero rejects the API client's credentials of at least one account: they were changed, revoked or entered wrongly. Trying again does not help. The last token still works. Services fail when it expires: ${UNTIL_EXPIRY}`,
  },
];
