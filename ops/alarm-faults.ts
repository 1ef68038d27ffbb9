/** What the stack's alarms report, and what prevents them from reporting, pure. */
import { KEY_ENABLED } from "../lambda/encryption-key.ts";
import type { AccountStatus } from "./account-status.ts";
import { type AlarmKind, type AlarmView, URGENT_KINDS } from "./alarm-watch.ts";
import { refreshAdvice } from "./encryption-key.ts";
import type { Fault, FaultCode, Urgency } from "./fault.ts";
import { readableTime } from "./lifetime-text.ts";
import { awsCommand, deployCommand, opsCommand, type StackAdvice } from "./stack-commands.ts";

/** As in the document of `status --json`. */
export interface AlarmStatus extends AlarmView {
  /** Since when `status` contradicts an alarm in ALARM; `null` if it does not. */
  readonly clearingSince: string | null;
}

const MINUTE_MS = 60_000;
/**
 * How long an alarm takes at most to clear after its cause is gone, as in the runbooks: it looks back as far as
 * its periods reach, and CloudWatch some minutes more. If it takes longer, `status` misses the cause.
 */
export const CLEARING_MINUTES: Readonly<Record<AlarmKind, number>> = {
  "token-at-risk": 25,
  "rotation-silent": 10,
  "check-broken": 45,
  "renewals-failing": 75,
  "credentials-rejected": 75,
};
/** How late a metric or an alarm may be after the check that it is about. */
const LATE_MS = 10 * MINUTE_MS;
/** A new alarm gets its first datapoint much earlier. */
const NO_DATA_MS = 60 * MINUTE_MS;

export function alarmStatus(
  alarm: AlarmView,
  accounts: readonly AccountStatus[],
  { keyState }: StackAdvice,
  nowMs: number,
): AlarmStatus {
  const sinceMs = keyState === KEY_ENABLED ? clearingSinceMs(alarm, accounts) : undefined;
  const isClearing =
    sinceMs !== undefined &&
    alarm.kind !== null &&
    nowMs - sinceMs <= CLEARING_MINUTES[alarm.kind] * MINUTE_MS;
  return { ...alarm, clearingSince: isClearing ? new Date(sinceMs).toISOString() : null };
}

/** @param causes - faults that already have the cause and the command. */
export function alarmFaults(
  alarms: readonly AlarmStatus[],
  accounts: readonly AccountStatus[],
  advice: StackAdvice,
  nowMs: number,
  causes: readonly Fault[],
): Fault[] {
  return [
    ...alarms.flatMap((alarm) => [
      ...firing(alarm, advice, causes),
      ...withoutData(alarm, accounts, advice, nowMs),
    ]),
    ...unwatched(alarms, accounts, advice),
    ...notificationFaults(alarms, advice),
  ];
}

/** Why an alarm that fires would notify nobody. */
export function notificationFaults(alarms: readonly AlarmView[], advice: StackAdvice): Fault[] {
  return alarms.flatMap((alarm) =>
    alarm.state === "MISSING" ? [missing(alarm, advice)] : withoutNotification(alarm, advice),
  );
}

/**
 * Never for `rotation-silent` and `check-broken`: they are about checks, and nothing about checks is read
 * here. For an alarm of the stack only if a token was renewed after it fired: if the function lost the
 * permission to read an account, that account still looks fresh to a person.
 */
function clearingSinceMs(
  { kind, state, accountId, since }: AlarmView,
  accounts: readonly AccountStatus[],
): number | undefined {
  if (state !== "ALARM" || since === null) return undefined;
  const firedMs = Date.parse(since);
  const watched =
    accountId === null ? accounts : accounts.filter((it) => it.accountId === accountId);
  const withToken = watched.filter((it) => it.state !== "awaiting-credentials");
  // What is wrong beside a token's remaining lifetime does not keep its alarm in ALARM.
  const isCauseGone = kind === "token-at-risk" ? isFresh : isGood;
  if (withToken.length === 0 || !withToken.every(isCauseGone)) return undefined;
  const issuedMs = Math.max(...withToken.map(({ issuedAt }) => Date.parse(issuedAt ?? "")));
  switch (kind) {
    case "token-at-risk":
      return Math.max(issuedMs, firedMs);
    case "renewals-failing":
    case "credentials-rejected":
      return issuedMs >= firedMs - LATE_MS ? Math.max(issuedMs, firedMs) : undefined;
    default:
      return undefined;
  }
}

function isFresh({ state }: AccountStatus): boolean {
  return state === "fresh";
}

function isGood(account: AccountStatus): boolean {
  const { credentialsAreCurrent, keyIsCurrent, isLifeTooShort } = account;
  return (
    isFresh(account) && credentialsAreCurrent === true && keyIsCurrent === true && !isLifeTooShort
  );
}

/** What no alarm of the stack watches, for example after an upgrade that was not deployed. */
function unwatched(
  alarms: readonly AlarmStatus[],
  accounts: readonly AccountStatus[],
  advice: StackAdvice,
): Fault[] {
  // It is unknown what a missing alarm watched.
  if (alarms.some(({ state }) => state === "MISSING")) return [];
  const remedy = `Run: ${deployCommand(advice)}`;
  return [
    ...accounts
      .filter(({ accountId }) => !alarms.some((alarm) => alarm.accountId === accountId))
      .map(({ accountId }) => ({
        ...fault("alarm-missing", "urgent", `${accountId}: no alarm watches its token. ${remedy}`),
        accountId,
      })),
    ...STACK_KINDS.filter((kind) => !alarms.some((alarm) => alarm.kind === kind)).map((kind) =>
      fault("alarm-missing", urgencyOf(kind), `The stack has no alarm ${kind}. ${remedy}`),
    ),
  ];
}

const STACK_KINDS: readonly AlarmKind[] = [
  "rotation-silent",
  "check-broken",
  "renewals-failing",
  "credentials-rejected",
];

function missing({ name }: AlarmView, advice: StackAdvice): Fault {
  // Its kind is unknown, so it may have been urgent.
  const message = `The alarm ${name} does not exist. ${refreshAdvice(advice)}`;
  return fault("alarm-missing", "urgent", message);
}

function firing(alarm: AlarmStatus, advice: StackAdvice, causes: readonly Fault[]): Fault[] {
  const { name, kind, accountId, state, since, clearingSince } = alarm;
  if (state !== "ALARM" || clearingSince !== null) return [];
  const isExplained = causes.some(
    (cause) => accountId === null || cause.accountId === undefined || cause.accountId === accountId,
  );
  const command = opsCommand("reconcile", advice, ...(accountId === null ? [] : [accountId]));
  const remedy = isExplained ? "" : ` See why: ${command}`;
  const clearing = kind
    ? ` It clears within ${CLEARING_MINUTES[kind]} minutes after its cause is gone.`
    : "";
  const message = `The alarm ${name} has been in ALARM since ${readableTime(since)}.${clearing}${remedy}`;
  return [
    { ...fault("alarm-in-alarm", urgencyOf(kind), message), ...(accountId && { accountId }) },
  ];
}

function withoutNotification(alarm: AlarmView, advice: StackAdvice): Fault[] {
  const { name, kind, actionsEnabled, notifiesTopic, notifiesUrgentTopic } = alarm;
  if (notifiesTopic && notifiesUrgentTopic !== false) return [];
  const message = actionsEnabled
    ? `The alarm ${name} does not notify ${notifiesTopic ? "the topic for urgent alarms" : "the stack's topic"}: its actions were changed. ${refreshAdvice(advice)}`
    : `The alarm ${name} notifies nobody: its actions are disabled. Run: ${awsCommand(`cloudwatch enable-alarm-actions --alarm-names ${name}`, advice)}`;
  return [fault("alarm-not-notifying", urgencyOf(kind), message)];
}

function withoutData(
  { name, kind, accountId, state, since }: AlarmStatus,
  accounts: readonly AccountStatus[],
  advice: StackAdvice,
  nowMs: number,
): Fault[] {
  if (state !== "INSUFFICIENT_DATA" || since === null) return [];
  if (nowMs - Date.parse(since) <= NO_DATA_MS) return [];
  const account = accounts.find((it) => it.accountId === accountId);
  // No metric is sent for such an account.
  if (account?.state === "awaiting-credentials") return [];
  const message = `The alarm ${name} has had no data since ${readableTime(since)}: no check sends its metric. To see whether a check works, run: ${opsCommand("reconcile", advice)}`;
  return [fault("alarm-without-data", urgencyOf(kind), message)];
}

function fault(code: FaultCode, urgency: Urgency, message: string): Fault {
  return { code, urgency, message };
}

function urgencyOf(kind: AlarmKind | null): Urgency {
  return URGENT_KINDS.includes(kind) ? "urgent" : "not-urgent";
}
