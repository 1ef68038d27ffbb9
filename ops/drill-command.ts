/** `drill`: sets every alarm on and back, so that people see that alarms reach them. */
import { systemClock } from "../lambda/clock.ts";
import { type AlarmDrill, isCarriedOut, setBack, setOff } from "./alarm-drill.ts";
import { notificationFaults } from "./alarm-faults.ts";
import { type AlarmView, readAlarms } from "./alarm-watch.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { requireConsent } from "./production-consent.ts";
import { announcement, type StackSession } from "./stack-session.ts";
import { CONFIRM, subscriptionFaults } from "./subscription-faults.ts";
import { endpointName, readSubscriptions, type SubscriptionView } from "./subscription-watch.ts";

export interface DrillOptions {
  readonly yes: boolean;
}

/** @returns the exit status: 0 only when every alarm has told the topic. */
export async function drillCommand(
  operation: Operation,
  session: StackSession,
  { yes }: DrillOptions,
): Promise<number> {
  const { signal } = operation;
  operation.tell(
    announcement(session, "Sets each alarm on and back, which tells everybody who is subscribed."),
  );
  const [alarms, subscriptions] = await operation.during("Reading alarms and subscriptions", () =>
    Promise.all([
      readAlarms(session, signal),
      readSubscriptions(session, session.outputs.alarmTopicArn, signal),
    ]),
  );
  const faults = drillFaults(session, alarms, subscriptions);
  if (faults.length > 0) {
    throw new OpsError(
      `The drill cannot prove anything, so no alarm was set.\n${faults.join("\n")}`,
    );
  }
  if (!subscriptions) throw new OpsError("The drill cannot prove anything.");
  await requireConsent(operation, session, yes);

  const firing = alarms.filter(({ state }) => state === "ALARM");
  const quiet = alarms.filter(({ state }) => state !== "ALARM");
  const drills = await drill(operation, session, quiet);
  operation.print(renderDrill(session.stack, drills, firing, quiet, subscriptions));
  return firing.length === 0 && drills.every(isCarriedOut) ? 0 : 1;
}

/** Why a drill would prove nothing; a subscription that is not confirmed hears of no alarm. */
export function drillFaults(
  { stack, outputs: { region, alarmTopicArn: topicArn, alarmEmails: emails = [] } }: StackSession,
  alarms: readonly AlarmView[],
  subscriptions: readonly SubscriptionView[] | undefined,
): string[] {
  const advice = { stack, region, keyState: undefined };
  const faults = [
    ...notificationFaults(alarms, advice),
    ...subscriptionFaults({ topicArn, emails, subscriptions }, advice),
  ];
  const pending = (subscriptions ?? []).filter(({ isConfirmed }) => !isConfirmed).map(endpointName);
  return [
    ...faults.map(({ message }) => message),
    ...(pending.length > 0 && faults.length === 0
      ? [`Not confirmed: ${pending.join(", ")}. ${CONFIRM}`]
      : []),
  ];
}

/** How long AWS may take to set the alarms back. */
const SET_BACK_TIMEOUT_MS = 15_000;

async function drill(
  operation: Operation,
  session: StackSession,
  alarms: readonly AlarmView[],
): Promise<AlarmDrill[]> {
  const { cloudWatch } = session.clients;
  const startedAt = new Date(systemClock.now()).toISOString().slice(0, 19);
  const reason = `Drill by ${session.callerArn} at ${startedAt} UTC: nothing is wrong.`;
  operation.ifInterrupted = `Alarms may be on without a cause. ${BY_ITSELF}`;
  try {
    const settled = await operation.during(
      "Setting the alarms on, and waiting until they have told",
      () =>
        // All of them to their end: none may be set on after it was set back.
        Promise.allSettled(
          alarms.map((alarm) => setOff(cloudWatch, alarm, reason, systemClock, operation.signal)),
        ),
    );
    return settled.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  } finally {
    // Whatever happened, and all of them: of one that failed it is not known how far it got.
    const signal = AbortSignal.timeout(SET_BACK_TIMEOUT_MS);
    const settled = await operation.during("Setting the alarms back", () =>
      Promise.allSettled(
        alarms.map((alarm) => setBack(cloudWatch, alarm, `${reason} It is over.`, signal)),
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
        "The alarms were set back; those who were told already saw a drill.";
    }
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html */
const BY_ITSELF =
  "CloudWatch sets an alarm right by itself at its next evaluation, within minutes.";

/** What was seen, what to look for and where, and what to do if nothing comes. */
export function renderDrill(
  stack: string,
  drills: readonly AlarmDrill[],
  firing: readonly AlarmView[],
  quiet: readonly AlarmView[],
  subscriptions: readonly SubscriptionView[],
): string {
  const told = drills.filter(isCarriedOut).map(({ name }) => name);
  const backToOk = quiet.filter(({ name, state }) => state === "OK" && told.includes(name));
  const lines = [
    ...told.map((name) => `${name}: has told the topic, and was set back.`),
    ...drills
      .filter((it) => !isCarriedOut(it))
      .map(
        ({ name, action = "CloudWatch reported no action in time" }) =>
          `${name}: has NOT told the topic: ${action}. Look whether the topic's policy lets CloudWatch publish, and whether the topic exists.`,
      ),
    ...firing.map(
      ({ name, since }) =>
        `${name}: has been on since ${since ?? "an unknown time"}, and not for a drill. It was left alone; see docs/operating.md.`,
    ),
  ];
  if (told.length === 0) return lines.join("\n");
  return [
    ...lines,
    "",
    `Now look at: ${subscriptions.map(endpointName).join(", ")}`,
    "By mail, within a few minutes, from no-reply@sns.amazonaws.com:",
    ...told.map((name) => `  subject: ALARM: "${name}" in ...`),
    ...backToOk.map(({ name }) => `  subject: OK: "${name}" in ...`),
    `If nothing comes: look in the spam folder, then whether somebody has unsubscribed (npm run ops -- status --stack ${stack}), then whether the subscription has a filter policy.`,
  ].join("\n");
}
