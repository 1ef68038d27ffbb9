/** A month in which a stack meets nothing but passing faults. */
import { HOUR_MS } from "../../proof/durations.ts";
import type { WorldParts } from "../../proof/simulation/function-model.ts";
import { START_MS, World } from "../../proof/simulation/world.ts";

const MONTH_MS = 30 * 24 * HOUR_MS;

/**
 * The first hour is a deployment's and does not count: if an account's very first renewal fails,
 * it has credentials and no token at all, which is rightly an alarm.
 */
const MONTH_FROM_MS = START_MS + HOUR_MS;

/** @returns the alarms that fired, and the spells in which a reader held an expired token. */
export async function playHealthyMonth(
  options: { readonly seed: number; readonly lifetimeHours: number; readonly accounts: number },
  parts: Partial<WorldParts> = {},
): Promise<string[]> {
  const world = new World({
    seed: options.seed,
    accounts: options.accounts,
    lifetimeSeconds: options.lifetimeHours * 3600,
    incidents: [],
    weather: true,
    parts,
  });
  await world.run(HOUR_MS + MONTH_MS);
  world.readers.close();
  return [
    ...world.alarms.changes
      .filter(({ state, atMs }) => state === "ALARM" && atMs >= MONTH_FROM_MS)
      .map(({ alarm, atMs }) => `${alarm} fired ${atMs - MONTH_FROM_MS} ms into the month`),
    ...world.readers.spells.map(({ accountId }) => `${accountId} had an expired token`),
  ];
}
