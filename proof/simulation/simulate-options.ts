/** The options of `npm run simulate`. */
import { Option } from "commander";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { LIFETIMES, lifetimeOption } from "../lifetime-option.ts";
import { npmCommand, readOptions } from "../npm-command.ts";
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

/** See {@link readOptions}. */
export function readSimulateOptions(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): SimulateOptions {
  const { seed, days, accounts, lifetime } = DEFAULTS;
  const command = npmCommand("npm run simulate")
    .description("Simulates outages, manual changes and healthy months, and reports figures.")
    .option("--seed <number>", `0 to ${MAX_SEED}`, wholeNumberOption(0, MAX_SEED), seed)
    .option("--days <number>", `healthy days, 1 to ${MAX_DAYS}`, upTo(MAX_DAYS), days)
    .option("--accounts <number>", `1 to ${MAX_ACCOUNTS}`, upTo(MAX_ACCOUNTS), accounts)
    .addOption(
      new Option("--lifetime <hours>", `token lifetime, ${LIFETIMES}`)
        .argParser((text) => [lifetimeOption(text)])
        .default(lifetime, "24h and 4h, one after the other"),
    )
    .option("--json", "print JSON")
    .option("--picture <file>", "write the chart of an outage to this file, as SVG");
  return readOptions(command, argv, env);
}

const upTo = (most: number) => wholeNumberOption(1, most);
