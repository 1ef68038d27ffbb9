/** The options of `npm run simulate`. */
import { Command, InvalidArgumentError, Option } from "commander";
import * as limits from "./simulate-limits.ts";

export interface SimulateOptions {
  readonly seed: number;
  readonly days?: number;
  readonly accounts?: number;
  /** Hours. */
  readonly lifetime?: number;
  readonly scenario?: string;
  readonly json?: true;
  readonly picture?: string;
}

/** @param argv - as in `process.argv`. Ends the process where the options are wrong, and on `--help`. */
export function readSimulateOptions(argv: readonly string[]): SimulateOptions {
  const { MAX_SEED, DEFAULTS, days, accounts, lifetime } = limits;
  return new Command("npm run simulate --")
    .description("Plays outages, edits and healthy months on virtual time, and reports figures.")
    .option("--seed <number>", `chance, 0 to ${MAX_SEED}`, wholeNumber(0, MAX_SEED), DEFAULTS.seed)
    .option(
      "--days <number>",
      `how many healthy days, ${range(days)} (default: ${DEFAULTS.days}; of a scenario, ${DEFAULTS.scenarioDays})`,
      wholeNumber(days.least, days.most),
    )
    .option(
      "--accounts <number>",
      `how many accounts, ${range(accounts)} (default: ${DEFAULTS.accounts}; in a scenario, ${DEFAULTS.scenarioAccounts})`,
      wholeNumber(accounts.least, accounts.most),
    )
    .option(
      "--lifetime <life>",
      `how long tokens live: ${lifetime.least}h to ${lifetime.most}h (default: ${DEFAULTS.lifetimes.map((hours) => `${hours}h`).join(" and ")}, one after the other)`,
      lifetimeHours,
    )
    .option("--scenario <file>", "play the faults of this JSON file in place of all others")
    .option("--json", "one JSON document instead of words")
    .addOption(
      new Option("--picture <file>", "write the picture of an outage here, as SVG").conflicts(
        "scenario",
      ),
    )
    .parse(argv)
    .opts<SimulateOptions>();
}

function range({ least, most }: limits.Limits): string {
  return `${least} to ${most}`;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Allowed are whole numbers from ${least} to ${most}.`);
  };
}

function lifetimeHours(text: string): number {
  const hours = limits.parseLifetime(text);
  if (hours !== undefined) return hours;
  throw new InvalidArgumentError(`Allowed are ${limits.LIFETIMES_ALLOWED}.`);
}
