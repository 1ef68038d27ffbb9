/** `drill`: sets alarms to ALARM and back, to prove that they notify someone. */
import { type AlarmDrill, fire, isCarriedOut, reset } from "./alarm-drill.ts";
import { notificationFaults } from "./alarm-faults.ts";
import { type AlarmView, readAlarms } from "./alarm-watch.ts";
import { isRefused } from "./aws-explanation.ts";
import { renderDrill } from "./drill-report.ts";
import { readKey } from "./encryption-key.ts";
import { EXIT } from "./fault.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { requireConsent } from "./production-consent.ts";
import type { StackAdvice } from "./stack-commands.ts";
import { announcement, type StackSession } from "./stack-session.ts";
import { CONFIRM, subscriptionFaults } from "./subscription-faults.ts";
import {
  endpointName,
  listedSubscriptions,
  readTopic,
  type WatchedTopic,
} from "./subscription-watch.ts";
import { wrapped } from "./wrapped-text.ts";

export interface DrillOptions {
  /** Drill the alarm of every account, not only of the first. */
  readonly all: boolean;
  readonly yes: boolean;
}

/** @returns the exit status: 0 only if every drilled alarm notified each of its topics. */
export async function drillCommand(
  operation: Operation,
  session: StackSession,
  { all, yes }: DrillOptions,
): Promise<number> {
  const { signal } = operation;
  const { accountIds, alarmTopicArn, urgentAlarmTopicArn, alarmEmails = [] } = session.outputs;
  const drilled = all ? accountIds : accountIds.slice(0, 1);
  const others = accountIds.length - drilled.length;
  const which = `the alarms of the stack and of ${drilled.join(", ")}`;
  operation.tell(
    wrapped(
      announcement(
        session,
        `Sets ${which} to ALARM and back. This notifies everyone who is subscribed.${others > 0 ? " The alarms of the other accounts have the same actions. To include them, add --all." : ""}`,
      ),
    ),
  );
  const [alarms, key, topic, ...urgent] = await operation.during(
    "Reading alarms and subscriptions",
    () =>
      Promise.all([
        readAlarms(session, signal),
        readKey(session, signal),
        readTopic(session, alarmTopicArn, alarmEmails, signal),
        ...(urgentAlarmTopicArn ? [readTopic(session, urgentAlarmTopicArn, [], signal)] : []),
      ]),
  );
  const keyState = "state" in key ? key.state : undefined;
  const faults = drillFaults(
    { ...session, region: session.outputs.region, keyState },
    alarms,
    topic,
  );
  if (faults.length > 0) {
    const lines = faults.map((fault) => wrapped(fault, "  "));
    throw new OpsError(
      `No alarm was changed. Before this is fixed, a drill would prove nothing:\n${lines.join("\n")}`,
    );
  }
  await requireConsent(operation, session, yes);

  const chosen = alarms.filter(
    ({ accountId }) => accountId === null || drilled.includes(accountId),
  );
  const plan = planOf(chosen, session.clock.now());
  const drills = await drill(operation, session, plan.quiet);
  const topics = [topic, ...urgent];
  operation.print(renderDrill({ ...plan, stack: session.stack, drills, topics }));
  const isGood = drills.every(({ actions }) => actions.every(isCarriedOut));
  return isGood && plan.firing.length === 0 ? EXIT.good : EXIT.somethingToFix;
}

/** Which alarms can be drilled now, and which not. */
export interface DrillPlan {
  readonly quiet: readonly AlarmView[];
  /** Already in ALARM, and not because of a drill. */
  readonly firing: readonly AlarmView[];
  /** CloudWatch performs no action then. */
  readonly warmingUp: readonly AlarmView[];
}

export function planOf(alarms: readonly AlarmView[], nowMs: number): DrillPlan {
  // After its first evaluation an alarm leaves its initial state.
  const isWarmingUp = ({ state, warmUpEndsAt }: AlarmView) =>
    state === "INSUFFICIENT_DATA" && warmUpEndsAt !== null && nowMs < Date.parse(warmUpEndsAt);
  return {
    quiet: alarms.filter((alarm) => alarm.state !== "ALARM" && !isWarmingUp(alarm)),
    firing: alarms.filter(({ state }) => state === "ALARM"),
    warmingUp: alarms.filter(isWarmingUp),
  };
}

/** Why a drill would prove nothing. A subscription that is not confirmed is not notified. */
function drillFaults(
  advice: StackAdvice,
  alarms: readonly AlarmView[],
  topic: WatchedTopic,
): string[] {
  const faults = [...notificationFaults(alarms, advice), ...subscriptionFaults(topic, advice)];
  const pending = listedSubscriptions([topic])
    .filter(({ isConfirmed }) => !isConfirmed)
    .map(endpointName);
  return [
    ...faults.map(({ message }) => message),
    ...(pending.length > 0 && faults.length === 0
      ? [`Not confirmed: ${pending.join(", ")}. ${CONFIRM}`]
      : []),
  ];
}

/** How long AWS may take to reset the alarms. */
const RESET_TIMEOUT_MS = 15_000;

async function drill(
  operation: Operation,
  session: StackSession,
  alarms: readonly AlarmView[],
): Promise<AlarmDrill[]> {
  const { cloudWatch } = session.clients;
  const { alarmTopicArn, urgentAlarmTopicArn } = session.outputs;
  const topicsOf = ({ notifiesUrgentTopic }: AlarmView) =>
    notifiesUrgentTopic && urgentAlarmTopicArn
      ? [alarmTopicArn, urgentAlarmTopicArn]
      : [alarmTopicArn];
  const startedAt = new Date(session.clock.now()).toISOString().slice(0, 19);
  const reason = `Drill by ${session.callerArn} at ${startedAt} UTC: nothing is wrong.`;
  operation.ifInterrupted = `Some alarms may still be in ALARM from the drill. ${BY_ITSELF}`;
  const untouched = new Set<AlarmView>();
  try {
    const settled = await operation.during(
      "Setting alarms to ALARM, and waiting for their actions",
      () =>
        // Waits for all of them: no alarm may be set to ALARM after it was reset.
        Promise.allSettled(
          alarms.map((alarm) =>
            fire(cloudWatch, alarm, topicsOf(alarm), reason, session.clock, operation.signal).catch(
              (error: unknown) => {
                // A policy that denies a call denies the first call of its kind, before anything is set.
                if (error instanceof OpsError && isRefused(error.cause)) untouched.add(alarm);
                throw error;
              },
            ),
          ),
        ),
    );
    return settled.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  } finally {
    // All of them, whatever happened: it is unknown how far a failed one got.
    const signal = AbortSignal.timeout(RESET_TIMEOUT_MS);
    const settled = await operation.during("Resetting the alarms", () =>
      Promise.allSettled(
        alarms
          .filter((alarm) => !untouched.has(alarm))
          .map((alarm) => reset(cloudWatch, alarm, `${reason} The drill is over.`, signal)),
      ),
    );
    const refusals = settled.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason] : [],
    );
    for (const refusal of refusals) {
      operation.tell(refusal instanceof OpsError ? `${refusal.message} ${BY_ITSELF}` : BY_ITSELF);
    }
    if (refusals.length === 0) {
      operation.ifInterrupted =
        "The alarms were reset. Some people have already been notified of the drill.";
    }
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html */
const BY_ITSELF =
  "CloudWatch sets each alarm to its real state at the next evaluation, within minutes.";
