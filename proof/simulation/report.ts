/** From what the experiments gave to the figures of the report, pure. Called by `simulate`. */
import { type Compared, mapCompared } from "./contenders.ts";
import type { HealTimes, HealthyMonth } from "./everyday-experiments.ts";
import { type FirstAlarm, formulaMinutes } from "./outage-experiments.ts";

/** All that was measured for one lifetime. */
export interface Measured {
  readonly lifetimeHours: number;
  readonly accounts: number;
  readonly days: number;
  readonly longestOutages: Compared<number>;
  readonly firstAlarms: Compared<readonly FirstAlarm[]>;
  readonly firstTokens: Compared<readonly number[]>;
  readonly handEdits: Compared<HealTimes>;
  /** Parts of the days. */
  readonly months: readonly Compared<HealthyMonth>[];
}

/** Of many times, in seconds. */
export interface Times {
  readonly median: number;
  readonly longest: number;
}

export interface Figures {
  readonly lifetimeHours: number;
  readonly accountDays: number;
  /** By the formula of the design. */
  readonly formulaMinutes: number;
  readonly outageSurvivedMinutes: Compared<number>;
  readonly firstAlarm: Compared<{
    readonly leastMinutesLeft: number;
    readonly medianMinutesLeft: number;
    /** How often each alarm was the first. */
    readonly alarms: Readonly<Record<string, number>>;
  }>;
  readonly falseAlarms: Compared<number>;
  readonly expiredMinutesPerAccountDay: Compared<number>;
  readonly requestsPerAccountDay: Compared<number>;
  readonly firstTokenSeconds: Compared<Times>;
  readonly editHealedSeconds: Compared<Times>;
  readonly deletionHealedSeconds: Compared<Times>;
}

export function figuresOf(measured: Measured): Figures {
  const { lifetimeHours, accounts, days, longestOutages, months } = measured;
  const accountDays = accounts * days;
  const ofMonths = (figure: (month: HealthyMonth) => number) =>
    mapCompared(gather(months), (all) => all.reduce((sum, month) => sum + figure(month), 0));
  const perAccountDay = (sums: Compared<number>) =>
    mapCompared(sums, (sum) => round(sum / accountDays, 2));
  return {
    lifetimeHours,
    accountDays,
    formulaMinutes: formulaMinutes(lifetimeHours * 3600),
    outageSurvivedMinutes: longestOutages,
    firstAlarm: mapCompared(measured.firstAlarms, firstAlarm),
    falseAlarms: ofMonths(({ alarms }) => alarms.length),
    expiredMinutesPerAccountDay: perAccountDay(ofMonths(({ expiredMs }) => expiredMs / 60_000)),
    requestsPerAccountDay: perAccountDay(ofMonths(({ requests }) => requests)),
    firstTokenSeconds: mapCompared(measured.firstTokens, times),
    editHealedSeconds: mapCompared(measured.handEdits, (heal) => times(heal["token-edited"])),
    deletionHealedSeconds: mapCompared(measured.handEdits, (heal) => times(heal["token-deleted"])),
  };
}

/** The middle one, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

function gather<T>(parts: readonly Compared<T>[]): Compared<readonly T[]> {
  return {
    thisProgram: parts.map(({ thisProgram }) => thisProgram),
    daily: parts.map(({ daily }) => daily),
    twiceADay: parts.map(({ twiceADay }) => twiceADay),
    hourly: parts.map(({ hourly }) => hourly),
  };
}

function firstAlarm(alarms: readonly FirstAlarm[]) {
  const left = alarms.map(({ leftMs }) => leftMs / 60_000);
  const names = alarms.map(({ alarm }) => alarm ?? "nobody told");
  return {
    leastMinutesLeft: Math.floor(Math.min(...left)),
    medianMinutesLeft: Math.floor(median(left)),
    alarms: Object.fromEntries(
      [...new Set(names)]
        .toSorted()
        .map((name) => [name, names.filter((other) => other === name).length]),
    ),
  };
}

function times(milliseconds: readonly number[]): Times {
  return {
    median: round(median(milliseconds) / 1000, 0),
    longest: round(Math.max(...milliseconds) / 1000, 0),
  };
}

function round(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}
