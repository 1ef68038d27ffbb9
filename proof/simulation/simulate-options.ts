/** The options of `npm run simulate`. */
import { Command, InvalidArgumentError, Option } from "commander";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { MAX_LIFE_MS } from "../../lambda/renewal-policy.ts";
import { HOUR_MS } from "../durations.ts";
import { wholeNumberOption } from "../whole-number-option.ts";

export interface SimulateOptions {
  readonly seed: number;
  readonly days: number;
  readonly accounts: number;
  /** Hours, one after the other. */
  readonly lifetime: readonly number[];
  readonly json?: true;
  readonly picture?: string;
}

export const DEFAULTS = { seed: 1, days: 30, accounts: 20, lifetime: [24, 4] } as const;

/** More than ten years show nothing new. */
const MAX_DAYS = 3650;

/** The generator takes 32 bits, with a sign. Each run counts up from the seed, which needs room. */
const MAX_SEED = 1_000_000_000;

/** Hours. A shorter lifetime is a failure that the function reports at every check. */
const MIN_LIFETIME = 3;
const MAX_LIFETIME = MAX_LIFE_MS / HOUR_MS;

/** @param argv - as in `process.argv`. Ends the process if an option is wrong, and on `--help`. */
export function readSimulateOptions(argv: readonly string[]): SimulateOptions {
  const { seed, days, accounts, lifetime } = DEFAULTS;
  return new Command("npm run simulate --")
    .description("Simulates outages, manual changes and healthy months, and reports figures.")
    .option("--seed <number>", `0 to ${MAX_SEED}`, wholeNumberOption(0, MAX_SEED), seed)
    .option("--days <number>", `healthy days, 1 to ${MAX_DAYS}`, upTo(MAX_DAYS), days)
    .option("--accounts <number>", `1 to ${MAX_ACCOUNTS}`, upTo(MAX_ACCOUNTS), accounts)
    .addOption(
      new Option("--lifetime <hours>", `token lifetime, ${MIN_LIFETIME}h to ${MAX_LIFETIME}h`)
        .argParser((text) => [lifetimeHours(text)])
        .default(lifetime, "24h and 4h, one after the other"),
    )
    .option("--json", "print JSON")
    .option("--picture <file>", "write the chart of an outage to this file, as SVG")
    .parse(argv)
    .opts();
}

const upTo = (most: number) => wholeNumberOption(1, most);

function lifetimeHours(text: string): number {
  const hours = /^\d+h$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (hours >= MIN_LIFETIME && hours <= MAX_LIFETIME) return hours;
  throw new InvalidArgumentError(`Allowed are ${MIN_LIFETIME}h to ${MAX_LIFETIME}h, such as 24h.`);
}
