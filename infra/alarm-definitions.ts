/**
 * When the on-call person is notified. Plain data: `alarms.ts` makes the alarms from it, and the
 * simulation plays them. `docs/design.md`, "Alarms", has the reasons for the numbers.
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
  /** One alarm for each account, on the account's own metric; otherwise one for the stack. */
  readonly isPerAccount: boolean;
  /** Readers fail within hours, so that it cannot wait. */
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
  /** Of this many periods of {@link ALARM_PERIOD_SECONDS} ... */
  readonly evaluationPeriods: number;
  /** ... so many have to be over the threshold. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "breaching" | "notBreaching" | "ignore";
}

/**
 * A minute, though checks come every five: CloudWatch slides its periods along every minute, so that
 * two checks would share a longer one at one minute and not at the next, and an alarm on the edge would
 * fire and clear and fire again. Source: CloudWatch user guide, "Alarm evaluation window".
 */
export const ALARM_PERIOD_SECONDS = 60;

/** Without a complete check for this long, an alarm fires. Four checks: one or two may get lost. */
export const SILENCE_MINUTES = 20;

/** How long the early alarms look back, so that a cause that comes and goes does not fire them each time. */
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
      // With a second one, a lost check would use up what is between a third and a quarter of 4 h.
      datapointsToAlarm: 1,
      // Silence says nothing of a token. `breaching` would put every account into ALARM and hide the one
      // that is at risk next; `notBreaching` would report OK.
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
      // Many short periods: CloudWatch looks back further than the periods it is given, by more the
      // longer they are.
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
      // Every invocation sends it, so silence means no check: neither good nor bad.
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

/** Sent by every check of all accounts, zeros included, so silence means no check. */
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
