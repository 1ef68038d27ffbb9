/** What is put to the same faults: this program, and three fixed schedules. */
import { CHECK_INTERVAL_MINUTES, RENEW_AT_THIRDS_LEFT } from "../../lambda/renewal-policy.ts";
import { HOUR_MS, MINUTE_MS } from "../durations.ts";
import { FixedSchedule } from "./fixed-schedule.ts";
import { World, type WorldOptions } from "./world.ts";

/** One thing of each contender. */
export interface Compared<T> {
  readonly thisProgram: T;
  readonly daily: T;
  readonly twiceADay: T;
  readonly hourly: T;
}

export type Contender = keyof Compared<unknown>;

const EVERY_HOURS = { daily: 24, twiceADay: 12, hourly: 1 } as const;

/** A contender at work: what both kinds of world have. */
export type Run = Pick<FixedSchedule, "readers" | "dintero" | "alarms" | "run">;

export function createRun(contender: Contender, options: WorldOptions): Run {
  if (contender === "thisProgram") return new World(options);
  return new FixedSchedule({ ...options, everyMs: EVERY_HOURS[contender] * HOUR_MS });
}

/** It tries again at the latest after this time. */
export function retryMs(contender: Contender): number {
  if (contender === "thisProgram") return CHECK_INTERVAL_MINUTES * MINUTE_MS;
  return EVERY_HOURS[contender] * HOUR_MS;
}

/** After this time it has been in every phase of its rhythm. */
export function cycleMs(contender: Contender, lifetimeSeconds: number): number {
  if (contender !== "thisProgram") return retryMs(contender);
  return (lifetimeSeconds * 1000 * (3 - RENEW_AT_THIRDS_LEFT)) / 3;
}

/** Measures each contender, one after the other. */
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

export function comparedOf<T>(of: (contender: Contender) => T): Compared<T> {
  return {
    thisProgram: of("thisProgram"),
    daily: of("daily"),
    twiceADay: of("twiceADay"),
    hourly: of("hourly"),
  };
}

export function mapCompared<T, U>(compared: Compared<T>, to: (value: T) => U): Compared<U> {
  return comparedOf((contender) => to(compared[contender]));
}
