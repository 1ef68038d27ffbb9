/**
 * When the on-call person is notified. Plain data, for the alarms in CloudWatch and for the simulation.
 * `docs/design.md`, "Alarms", has the reasons for the numbers.
 */
import { METRIC_NAMESPACE, METRICS } from "../lambda/contract.ts";
import { AT_RISK_PERCENT } from "../lambda/renewal-policy.ts";

export interface AlarmDefinition {
  readonly kind:
    | "token-at-risk"
    | "rotation-silent"
    | "check-broken"
    | "renewals-failing"
    | "credentials-rejected";
  /** Whether each account has its own alarm, on its own metric. Otherwise the stack has one. */
  readonly isPerAccount: boolean;
  /** Whether it cannot wait: readers fail within hours. */
  readonly isUrgent: boolean;
  readonly metric: AlarmMetric;
  readonly warmUpMinutes?: number;
}

/** As CloudWatch takes it. */
export interface AlarmMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: "Minimum" | "Sum";
  readonly comparisonOperator: "LessThanThreshold" | "GreaterThanOrEqualToThreshold";
  readonly threshold: number;
  /** How many periods of {@link ALARM_PERIOD_SECONDS} the alarm looks at. */
  readonly evaluationPeriods: number;
  /** In how many of them the threshold must be breached. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "breaching" | "notBreaching" | "ignore";
}

/**
 * One minute, although checks come every five. CloudWatch moves its periods every minute. Two checks would
 * share a longer period in one minute and not in the next, so an alarm at its limit would fire and clear
 * again and again. Source: CloudWatch user guide, "Alarm evaluation window".
 */
export const ALARM_PERIOD_SECONDS = 60;

/** An alarm fires after this long without a complete check. Four checks: one or two may get lost. */
export const SILENCE_MINUTES = 20;

/** How long the early alarms look back, so that a cause that comes and goes does not fire them every time. */
const EARLY_MINUTES = 60;

export const ALARMS: readonly AlarmDefinition[] = [
  {
    kind: "token-at-risk",
    isPerAccount: true,
    isUrgent: true,
    metric: {
      namespace: METRIC_NAMESPACE,
      metricName: METRICS.tokenLifeRemaining,
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: AT_RISK_PERCENT,
      evaluationPeriods: 20,
      // If two were needed, one lost check would take longer than from a third to a quarter of 4 h.
      datapointsToAlarm: 1,
      // Missing data says nothing about a token. `breaching` would put every account into ALARM, and hide
      // the next one at risk. `notBreaching` would report OK.
      treatMissingData: "ignore",
    },
  },
  {
    kind: "rotation-silent",
    isPerAccount: false,
    isUrgent: true,
    metric: {
      namespace: METRIC_NAMESPACE,
      metricName: METRICS.checksCompleted,
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // Many short periods: CloudWatch looks back further than the configured periods, and longer periods
      // extend that more.
      evaluationPeriods: SILENCE_MINUTES,
      datapointsToAlarm: SILENCE_MINUTES,
      treatMissingData: "breaching",
    },
    // A new alarm would count the time before the first deployment as silence.
    warmUpMinutes: 30,
  },
  {
    kind: "check-broken",
    isPerAccount: false,
    isUrgent: false,
    metric: {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      statistic: "Sum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 30,
      datapointsToAlarm: 3,
      // Every invocation sends it, so missing data means no check, which is neither good nor bad.
      treatMissingData: "ignore",
    },
  },
  {
    kind: "renewals-failing",
    isPerAccount: false,
    isUrgent: false,
    metric: earlyMetric(METRICS.renewalsFailed, 3),
  },
  {
    kind: "credentials-rejected",
    isPerAccount: false,
    isUrgent: false,
    metric: earlyMetric(METRICS.credentialsRejected, 2),
  },
];

/** Every check of all accounts sends it, zeros included, so missing data means no check. */
function earlyMetric(metricName: string, datapointsToAlarm: number): AlarmMetric {
  return {
    namespace: METRIC_NAMESPACE,
    metricName,
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: EARLY_MINUTES,
    datapointsToAlarm,
    treatMissingData: "ignore",
  };
}
