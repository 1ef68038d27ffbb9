/**
 * When people are told, and what it means. Plain data: `alarms.ts` makes the alarms from it, and the
 * simulation plays them.
 */
import { METRIC_NAMESPACE, METRICS } from "../lambda/contract.ts";
import { AT_RISK_THIRDS_LEFT, CHECK_INTERVAL_MINUTES } from "../lambda/renewal-policy.ts";

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
  /** Of this many periods of one check interval each ... */
  readonly evaluationPeriods: number;
  /** ... so many have to be over the threshold. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "breaching" | "notBreaching" | "ignore";
  readonly warmUpMinutes?: number;
  /** What it means and how long people have. */
  readonly meaning: string;
}

export const ALARM_PERIOD_SECONDS = CHECK_INTERVAL_MINUTES * 60;

/** A third of a life, in percent. */
export const AT_RISK_PERCENT = (100 * AT_RISK_THIRDS_LEFT) / 3;

/**
 * The schedule may be late by a minute, so a period of five minutes holds none, one or two checks,
 * and a metric may be late by some minutes more: no alarm hangs on a single period without data.
 */
export const ALARMS: readonly AlarmDefinition[] = [
  {
    name: "token-at-risk",
    namespace: METRIC_NAMESPACE,
    metricName: METRICS.tokenLifeRemaining,
    statistic: "Minimum",
    comparisonOperator: "LessThanThreshold",
    threshold: AT_RISK_PERCENT,
    // The latest value there is: with more periods, one from before the mend would come back into
    // sight whenever a metric is late.
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    // Silence says nothing of a token's life, and is told by another alarm.
    treatMissingData: "ignore",
    meaning:
      "A stored Dintero token has less than a third of its life left, or there is none: renewing it has failed for long. Services fail when it expires: within 8 hours where tokens live for 24 h, within 80 minutes where they live for 4 h.",
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
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
    treatMissingData: "breaching",
    // A new alarm would count the time before the first deployment as silence.
    warmUpMinutes: 30,
    meaning:
      "No check of the Dintero tokens has completed for about half an hour, so nothing renews them: the schedule is off, or the function does not run or does not finish. Services fail when tokens expire: at the earliest 15 hours from now where tokens live for 24 h, 2 hours where they live for 4 h.",
  },
  {
    name: "check-broken",
    namespace: "AWS/Lambda",
    metricName: "Errors",
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
    meaning:
      "Check after check of the Dintero tokens ends in an error before it looks at an account: wrong settings, AWS not answering, or a defect. Services fail when tokens expire: at the earliest 15 hours from now where tokens live for 24 h, 2 hours where they live for 4 h.",
  },
  {
    name: "renewals-failing",
    namespace: METRIC_NAMESPACE,
    metricName: METRICS.renewalsFailed,
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: "notBreaching",
    meaning:
      "For several checks in a row at least one Dintero account could not be renewed. Its last token still works. Services fail when it expires: at the earliest 15 hours from now where tokens live for 24 h, 2 hours where they live for 4 h.",
  },
  {
    name: "credentials-rejected",
    namespace: METRIC_NAMESPACE,
    metricName: METRICS.credentialsRejected,
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    // As for token-at-risk.
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    treatMissingData: "ignore",
    meaning:
      "Dintero rejects the API client's credentials of at least one account: they were changed, revoked or entered wrongly. Trying again does not help. The last token still works. Services fail when it expires: at the earliest 15 hours from now where tokens live for 24 h, 2 hours where they live for 4 h.",
  },
];
