/** From the results of the experiments to the figures of the report, pure. */
import { MINUTE_MS } from "../durations.ts";
import { quartiles } from "../quartiles.ts";
import { type Compared, comparedOf, mapCompared } from "./contenders.ts";
import type { HealTimes, HealthyMonth } from "./everyday-experiments.ts";
import type { MessageCounts } from "./message-experiments.ts";
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
  readonly messages: readonly MessageCounts[];
  /** Parts of the days. */
  readonly months: readonly Compared<HealthyMonth>[];
}

export type Figures = ReturnType<typeof figuresOf>;

/** Of many times, in seconds. */
export type Times = ReturnType<typeof times>;

export function figuresOf(measured: Measured) {
  const { lifetimeHours, accounts, days, longestOutages, months } = measured;
  const accountDays = accounts * days;
  const sumOfMonths = (figure: (month: HealthyMonth) => number) =>
    comparedOf((contender) => months.reduce((sum, month) => sum + figure(month[contender]), 0));
  const perAccountDay = (sums: Compared<number>) =>
    mapCompared(sums, (sum) => round(sum / accountDays, 2));
  return {
    lifetimeHours,
    accountDays,
    formulaMinutes: formulaMinutes(lifetimeHours * 3600),
    outageSurvivedMinutes: longestOutages,
    firstAlarm: mapCompared(measured.firstAlarms, firstAlarm),
    falseAlarms: sumOfMonths(({ alarms }) => alarms.length),
    expiredMinutesPerAccountDay: perAccountDay(
      sumOfMonths(({ expiredMs }) => expiredMs / MINUTE_MS),
    ),
    requestsPerAccountDay: perAccountDay(sumOfMonths(({ requests }) => requests)),
    firstTokenSeconds: mapCompared(measured.firstTokens, times),
    editHealedSeconds: mapCompared(measured.handEdits, (heal) => times(heal["token-edited"])),
    messages: measured.messages,
    deletionHealedSeconds: mapCompared(measured.handEdits, (heal) => times(heal["token-deleted"])),
  };
}

function firstAlarm(alarms: readonly FirstAlarm[]) {
  const left = alarms.map(({ leftMs }) => leftMs / MINUTE_MS);
  // How often each alarm was the first.
  const counts: Record<string, number> = {};
  for (const name of alarms.map(({ alarm }) => alarm ?? "no alarm").toSorted()) {
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return {
    leastMinutesLeft: Math.floor(Math.min(...left)),
    medianMinutesLeft: Math.floor(quartiles(left).median),
    alarms: counts,
  };
}

function times(milliseconds: readonly number[]) {
  return {
    median: round(quartiles(milliseconds).median / 1000, 0),
    longest: round(Math.max(...milliseconds) / 1000, 0),
  };
}

function round(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}
