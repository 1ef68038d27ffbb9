/** Who is put to the same faults: this program, and three fixed schedules. */
import { CHECK_INTERVAL_MINUTES, RENEW_AT_THIRDS_LEFT } from "../../lambda/renewal-policy.ts";
import type { AlarmState } from "./alarm-evaluation.ts";
import { FixedSchedule } from "./fixed-schedule.ts";
import type { Readers } from "./readers.ts";
import { World, type WorldOptions } from "./world.ts";

export const HOUR_MS = 3_600_000;

/** Each with the title of its column. */
export const CONTENDERS = {
  thisProgram: "this program",
  daily: "daily",
  twiceADay: "every 12 h",
  hourly: "hourly",
} as const;

export type Contender = keyof typeof CONTENDERS;

/** One thing of each contender. */
export type Compared<T> = Readonly<Record<Contender, T>>;

const EVERY_HOURS = { daily: 24, twiceADay: 12, hourly: 1 } as const;

/** A contender at work: what both kinds of world have. */
export interface Run {
  readonly readers: Readers;
  readonly dintero: { readonly requests: number };
  readonly alarms: {
    readonly changes: readonly {
      readonly atMs: number;
      readonly alarm: string;
      readonly state: AlarmState;
    }[];
  };
  run(durationMs: number): Promise<void>;
}

export function createRun(contender: Contender, options: WorldOptions): Run {
  if (contender === "thisProgram") return new World(options);
  return new FixedSchedule({ ...options, everyMs: EVERY_HOURS[contender] * HOUR_MS });
}

/** After so long at the latest it tries again. */
export function retryMs(contender: Contender): number {
  if (contender === "thisProgram") return CHECK_INTERVAL_MINUTES * 60_000;
  return EVERY_HOURS[contender] * HOUR_MS;
}

/** After so long it has met every phase of its own rhythm. */
export function cycleMs(contender: Contender, lifetimeSeconds: number): number {
  if (contender !== "thisProgram") return retryMs(contender);
  return (lifetimeSeconds * 1000 * (3 - RENEW_AT_THIRDS_LEFT)) / 3;
}

/** Puts each contender to something, one after the other. */
export async function compare<T>(
  measure: (contender: Contender) => T | Promise<T>,
): Promise<Compared<T>> {
  return {
    thisProgram: await measure("thisProgram"),
    daily: await measure("daily"),
    twiceADay: await measure("twiceADay"),
    hourly: await measure("hourly"),
  };
}

/** Something of each contender, made into something else. */
export function mapCompared<T, U>(compared: Compared<T>, to: (of: T) => U): Compared<U> {
  const { thisProgram, daily, twiceADay, hourly } = compared;
  return {
    thisProgram: to(thisProgram),
    daily: to(daily),
    twiceADay: to(twiceADay),
    hourly: to(hourly),
  };
}
