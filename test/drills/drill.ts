/**
 * A fire drill: one thing breaks and is fixed, with the deployed parts or with broken ones handed in.
 * Whatever did not go as designed comes back in sentences.
 */
import type { AlarmDefinition } from "../../infra/alarm-definitions.ts";
import type { AccountErrorCode } from "../../lambda/contract.ts";
import { reconcile } from "../../lambda/reconcile.ts";
import { AT_RISK_PERCENT, lifeRemainingPercent } from "../../lambda/renewal-policy.ts";
import { HOUR_MS, MINUTE_MS } from "../../proof/durations.ts";
import { FURTHER_PERIODS } from "../../proof/simulation/alarm-evaluation.ts";
import type { WorldParts } from "../../proof/simulation/function-model.ts";
import type { ChangeKind, Incident } from "../../proof/simulation/incidents.ts";
import { START_MS, World } from "../../proof/simulation/world.ts";
import { WatchedChecks } from "./watched-checks.ts";

type AlarmName = AlarmDefinition["kind"];

export interface Drill {
  readonly kind: Incident["kind"];
  /** How long until it ends or is fixed, in hours; 0 for what the next check repairs. */
  readonly lastsHours: number;
  /** What people do about it, for what has no end of its own. */
  readonly fix?: ChangeKind;
  /** What else happens meanwhile, every so many minutes. */
  readonly meanwhile?: { readonly kind: ChangeKind; readonly everyMinutes: number };
  readonly alarms: readonly AlarmName[];
  /** What every failed account says; absent where none may fail. */
  readonly code?: AccountErrorCode;
  /** When the first account fails: at the next check, or at the next renewal. */
  readonly failsAt?: "check" | "renewal";
  /** Whether readers end up with an expired token, which shows that the drill is hard enough. */
  readonly expires?: boolean;
  /** Whether every token is written anew at once. */
  readonly heals?: boolean;
}

/** A check every 5 minutes, late by up to one. */
const NEXT_CHECK_MINUTES = 6;
/** What was overwritten counts as that once it is 2 minutes old. */
const HEALS_WITHIN_MINUTES = NEXT_CHECK_MINUTES + 2;
/** The early alarms look back for an hour, and CloudWatch for a little more. */
const CLEARS_WITHIN_MINUTES = 70;

/**
 * How soon each alarm fires, after what. In each: the minute of the last datapoint, a metric's 90 s
 * and the minute until the alarm is looked at.
 */
const ALARM_BOUNDS = {
  // And the further periods.
  "rotation-silent": { after: "start", minutes: 24 },
  // The wait for the first check, and two more checks.
  "check-broken": { after: "start", minutes: 20 },
  // Two more checks.
  "renewals-failing": { after: "failure", minutes: 15 },
  // One more check.
  "credentials-rejected": { after: "failure", minutes: 10 },
  // The wait for the next check.
  "token-at-risk": { after: "at-risk", minutes: 10 },
} as const satisfies Record<AlarmName, { after: keyof Moments; minutes: number }>;

/** When what the alarms are about began; `undefined` if it never did. */
interface Moments {
  readonly start: number;
  readonly failure: number | undefined;
  readonly "at-risk": number | undefined;
}

/**
 * Between two checks. For tokens valid for 24 h minutes before a renewal, with the least lifetime left; what
 * heals begins while they are fresh, when nothing but the drill makes them due.
 */
const fromMsOf = ({ heals }: Drill) => START_MS + (heals ? 26 : 24) * HOUR_MS + 150_000;

interface DrillOptions {
  readonly parts?: Partial<WorldParts>;
  /** Periods that CloudWatch looks at beyond those of an alarm. */
  readonly furtherPeriods?: number;
}

/** @returns what did not go as designed; nothing when all did. */
export async function playDrill(
  drill: Drill,
  lifetimeHours: number,
  { parts = {}, furtherPeriods = FURTHER_PERIODS }: DrillOptions = {},
): Promise<string[]> {
  const fromMs = fromMsOf(drill);
  const fixedAtMs = fromMs + drill.lastsHours * HOUR_MS;
  const watched = new WatchedChecks(parts.reconcile ?? reconcile);
  const world = new World({
    seed: 1,
    accounts: 3,
    lifetimeSeconds: lifetimeHours * 3600,
    incidents: incidentsOf(drill, fixedAtMs),
    weather: false,
    furtherPeriods,
    parts: { ...parts, reconcile: watched.reconcile },
  });
  const complaints = new Set<string>();
  let atRiskMs: number | undefined;
  for (let minute = 0; ; minute += 1) {
    await world.run(minute * MINUTE_MS);
    const nowMs = world.time.now();
    if (nowMs > fixedAtMs + 2 * HOUR_MS) break;
    for (const status of watched.written.values()) {
      if (lifeRemainingPercent(status, nowMs) < AT_RISK_PERCENT) atRiskMs ??= nowMs;
    }
    if (world.alarms.isInAlarm() && nowMs > fixedAtMs + CLEARS_WITHIN_MINUTES * MINUTE_MS) {
      complaints.add(`an alarm was on more than ${CLEARS_WITHIN_MINUTES} minutes after the fix`);
    }
  }
  world.readers.close();
  const moments = { start: fromMs, failure: watched.failures[0]?.atMs, "at-risk": atRiskMs };
  return [
    ...complaints,
    ...world.promise.violations.map(({ accountId, what }) => `${accountId}: ${what}`),
    ...alarmComplaints(drill, world, moments, furtherPeriods),
    ...failureComplaints(drill, watched, lifetimeHours),
    ...tokenComplaints(drill, world, watched),
  ];
}

function incidentsOf(drill: Drill, fixedAtMs: number): Incident[] {
  const { kind, fix, meanwhile } = drill;
  const fromMs = fromMsOf(drill);
  const incidents: Incident[] = [{ kind, fromMs, toMs: fixedAtMs }];
  if (fix) incidents.push({ kind: fix, fromMs: fixedAtMs });
  if (meanwhile) {
    const everyMs = meanwhile.everyMinutes * MINUTE_MS;
    for (let atMs = fromMs + everyMs; atMs < fixedAtMs; atMs += everyMs) {
      incidents.push({ kind: meanwhile.kind, fromMs: atMs });
    }
  }
  return incidents;
}

function alarmComplaints(
  { alarms }: Drill,
  world: World,
  moments: Moments,
  furtherPeriods: number,
): string[] {
  const started = world.alarms.changes.filter(({ state }) => state === "ALARM");
  const others = new Set(started.map(({ alarm }) => alarm).filter((it) => !alarms.includes(it)));
  const complaints = [...others].map((name) => `${name} fired`);
  for (const name of alarms) {
    const { after, minutes: bound } = ALARM_BOUNDS[name];
    // Silence has to last for each period that CloudWatch looks at.
    const minutes = name === "rotation-silent" ? bound + furtherPeriods : bound;
    const sinceMs = moments[after];
    const onAtMs = started.find(({ alarm }) => alarm === name)?.atMs;
    if (onAtMs === undefined || sinceMs === undefined) {
      complaints.push(`${name} did not fire`);
    } else if (onAtMs < sinceMs) {
      complaints.push(`${name} fired before there was a cause`);
    } else if (onAtMs > sinceMs + minutes * MINUTE_MS) {
      complaints.push(`${name} took ${Math.round((onAtMs - sinceMs) / MINUTE_MS)} minutes`);
    }
  }
  return complaints;
}

function failureComplaints(
  drill: Drill,
  { failures }: WatchedChecks,
  lifetimeHours: number,
): string[] {
  const { code, failsAt } = drill;
  const codes = new Set(failures.map((it) => it.code).filter((it) => it !== code));
  const complaints = [...codes].map((it) => `an account failed with ${it}`);
  if (failsAt) {
    const renewalMinutes = failsAt === "renewal" ? (lifetimeHours * 60) / 3 : 0;
    const minutes = ((failures[0]?.atMs ?? Number.POSITIVE_INFINITY) - fromMsOf(drill)) / MINUTE_MS;
    if (minutes < 0 || minutes > renewalMinutes + NEXT_CHECK_MINUTES) {
      complaints.push(`the first account failed after ${Math.round(minutes)} minutes`);
    }
  }
  return complaints;
}

function tokenComplaints(
  drill: Drill,
  { accountIds, store, readers, dintero }: World,
  { writes, dueCount, statusBeforeToken }: WatchedChecks,
): string[] {
  const { expires = false, heals } = drill;
  const fromMs = fromMsOf(drill);
  const complaints = accountIds
    .filter((accountId) => !store.agrees(accountId))
    .map((accountId) => `the token and the status of ${accountId} do not agree`);
  const { spells } = readers;
  if (spells.length > 0 !== expires) {
    complaints.push(`readers held expired tokens ${spells.length} times`);
  }
  if (statusBeforeToken) complaints.push("a status was written before its token");
  if (dintero.requests > dueCount) complaints.push("Dintero was asked more than once a renewal");
  const healed = writes.filter(
    ({ atMs }) => atMs > fromMs && atMs <= fromMs + HEALS_WITHIN_MINUTES * MINUTE_MS,
  );
  if (heals && new Set(healed.map((it) => it.accountId)).size < accountIds.length) {
    complaints.push("a token was not written anew by the next check");
  }
  return complaints;
}
