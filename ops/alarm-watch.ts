/** The stack's alarms, as they are in CloudWatch. */
import { DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { ACCOUNT_DIMENSION, METRICS } from "../lambda/contract.ts";
import { explained } from "./aws-explanation.ts";
import type { StackSession } from "./stack-session.ts";

export type AlarmKind =
  | "token-at-risk"
  | "rotation-silent"
  | "check-broken"
  | "renewals-failing"
  | "credentials-rejected";

/** As in the document of `status --json`. */
export interface AlarmView {
  readonly name: string;
  /** By the metric that it watches; `null` if the alarm does not exist, or watches another metric. */
  readonly kind: AlarmKind | null;
  /** The account whose metric it watches; `null` for an alarm of the stack. */
  readonly accountId: string | null;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA" | "MISSING";
  /** When it got into this state, ISO 8601 in UTC; `null` if AWS does not say. */
  readonly since: string | null;
  readonly reason: string | null;
  readonly actionsEnabled: boolean;
  /** Whether it notifies the stack's topic, when it fires and when it clears. */
  readonly notifiesTopic: boolean;
  /** Whether it notifies the topic for urgent alarms too; `null` if it does not have to. */
  readonly notifiesUrgentTopic: boolean | null;
  /** When a new alarm's warm-up ends at the latest, ISO 8601 in UTC; `null` if it has none. */
  readonly warmUpEndsAt: string | null;
}

/** The stack's alarms, one that does not exist included. @throws {@link OpsError} */
export async function readAlarms(
  { clients, outputs }: StackSession,
  signal: AbortSignal,
): Promise<AlarmView[]> {
  const { alarmNames } = outputs;
  const { MetricAlarms = [] } = await explained(
    {
      doing: "Reading the alarms",
      permission: `cloudwatch:DescribeAlarms on the alarms ${alarmNames.join(", ")}`,
    },
    () =>
      // Up to 100 names make one page.
      clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [...alarmNames] }), {
        abortSignal: signal,
      }),
  );
  return alarmNames.map((name) =>
    toView(
      name,
      MetricAlarms.find(({ AlarmName }) => AlarmName === name),
      outputs,
    ),
  );
}

export const URGENT_KINDS: readonly (AlarmKind | null)[] = ["token-at-risk", "rotation-silent"];

/** By metric and not by name, because the user may change the name. */
const KINDS = new Map<string | undefined, AlarmKind>([
  [METRICS.tokenLifeRemaining, "token-at-risk"],
  [METRICS.checksCompleted, "rotation-silent"],
  // Lambda's own.
  ["Errors", "check-broken"],
  [METRICS.renewalsFailed, "renewals-failing"],
  [METRICS.credentialsRejected, "credentials-rejected"],
]);

function toView(
  name: string,
  alarm: MetricAlarm | undefined,
  { alarmTopicArn, urgentAlarmTopicArn }: StackSession["outputs"],
): AlarmView {
  const kind = KINDS.get(alarm?.MetricName) ?? null;
  const account = alarm?.Dimensions?.find(({ Name }) => Name === ACCOUNT_DIMENSION);
  const since = alarm?.StateTransitionedTimestamp ?? alarm?.StateUpdatedTimestamp;
  const actionsEnabled = alarm?.ActionsEnabled === true;
  const notifies = (topicArn: string) =>
    actionsEnabled &&
    [alarm.AlarmActions, alarm.OKActions].every((actions) => actions?.includes(topicArn));
  return {
    name,
    kind,
    accountId: account?.Value ?? null,
    state: alarm ? (alarm.StateValue ?? "INSUFFICIENT_DATA") : "MISSING",
    since: since?.toISOString() ?? null,
    reason: alarm?.StateReason ?? null,
    actionsEnabled,
    notifiesTopic: notifies(alarmTopicArn),
    notifiesUrgentTopic:
      urgentAlarmTopicArn !== undefined && URGENT_KINDS.includes(kind)
        ? notifies(urgentAlarmTopicArn)
        : null,
    warmUpEndsAt: alarm ? warmUpEnd(alarm) : null,
  };
}

/**
 * CloudWatch does not say when an alarm was created. A change of the alarm moves this time but not the
 * warm-up, so it is an upper bound. Source: CloudWatch user guide, "Alarm warm-up periods".
 */
function warmUpEnd(alarm: MetricAlarm): string | null {
  const minutes = alarm.WarmUpConfiguration?.WarmUpPeriodDurationInMinutes;
  const changedAt = alarm.AlarmConfigurationUpdatedTimestamp;
  if (minutes === undefined || changedAt === undefined) return null;
  return new Date(changedAt.getTime() + minutes * 60_000).toISOString();
}
