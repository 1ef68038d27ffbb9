/** The options of `npm run bench`. */
import { Command, InvalidArgumentError, Option } from "commander";

/** What can be measured alone, in the order of the report. */
export const PARTS = [
  "load",
  "first-check",
  "warm-checks",
  "memory",
  "pulumi",
  "cost",
  "write-burst",
] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly only?: Part;
  readonly rounds: number;
  readonly newcomer?: true;
  readonly json?: true;
  readonly write?: true;
  readonly record?: true;
}

const DEFAULT_ROUNDS = 15;
const MAX_ROUNDS = 1000;

/** @param argv - as in `process.argv`. Ends the process where the options are wrong, and on `--help`. */
export function readBenchOptions(argv: readonly string[]): BenchOptions {
  return new Command("npm run bench --")
    .description("Measures speed, size and cost, side by side with what they are compared with.")
    .addOption(new Option("--only <part>", "measure this alone").choices(PARTS))
    .option("--rounds <number>", "how often each side has its turn", wholeNumber, DEFAULT_ROUNDS)
    .addOption(
      new Option(
        "--newcomer",
        "in place of all else, what npm ci, npm start, npm test and npm run check take",
      ).conflicts(["only", "rounds"]),
    )
    .option("--json", "one JSON document instead of tables")
    .addOption(
      new Option("--write", "put the tables into docs/performance.md").conflicts(["only", "json"]),
    )
    .addOption(
      new Option("--record", "in place of all else, record what npm test lets not grow").conflicts([
        "only",
        "newcomer",
        "json",
        "write",
      ]),
    )
    .parse(argv)
    .opts<BenchOptions>();
}

function wholeNumber(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= MAX_ROUNDS) return number;
  throw new InvalidArgumentError(`Allowed are whole numbers from 1 to ${MAX_ROUNDS}.`);
}
