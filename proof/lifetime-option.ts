import { InvalidArgumentError } from "commander";
import { MAX_LIFE_MS } from "../lambda/renewal-policy.ts";
import { HOUR_MS } from "./durations.ts";

/** Hours. A shorter lifetime is a failure that the function reports at every check. */
const LEAST = 3;
const MOST = MAX_LIFE_MS / HOUR_MS;

/** For the help of an option. */
export const LIFETIMES = `${LEAST}h to ${MOST}h`;

/** A parser of an option's value for commander: a token's lifetime in hours, such as `24h`. */
export function lifetimeOption(text: string): number {
  const hours = /^\d+h$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (hours >= LEAST && hours <= MOST) return hours;
  throw new InvalidArgumentError(`Allowed are ${LIFETIMES}, such as 24h.`);
}
