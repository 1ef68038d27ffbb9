/** What a simulation may be asked for, on the command line and in a scenario file alike. */
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { MAX_LIFE_MS } from "../../lambda/renewal-policy.ts";

export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Ten years of weather say no more than one. */
export const days: Limits = { least: 1, most: 3650 };
export const accounts: Limits = { least: 1, most: MAX_ACCOUNTS };

/** Hours. Under 2 h a token's life is a failure to be told of, and its first second is rounded off. */
export const lifetime: Limits = { least: 3, most: MAX_LIFE_MS / 3_600_000 };

/** The generator takes 32 bits, with a sign; room is left for a seed of its own for each run. */
export const MAX_SEED = 1_000_000_000;

export const DEFAULTS = {
  seed: 1,
  days: 30,
  accounts: 20,
  lifetimes: [24, 4],
  scenarioDays: 3,
  scenarioAccounts: 2,
} as const;

export const LIFETIMES_ALLOWED = `${lifetime.least}h to ${lifetime.most}h, such as 24h`;

/** Hours; `undefined` for what is not allowed. */
export function parseLifetime(text: string): number | undefined {
  const hours = /^\d+h$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  return hours >= lifetime.least && hours <= lifetime.most ? hours : undefined;
}
