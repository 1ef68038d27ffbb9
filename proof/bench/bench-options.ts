/** The options of `npm run bench`. */
import { Option } from "commander";
import { npmCommand, readOptions } from "../npm-command.ts";
import { wholeNumberOption } from "../whole-number-option.ts";

/** What can be measured alone, in the order of the report. */
export const PARTS = ["function", "pulumi", "cost"] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly only?: Part;
  readonly rounds: number;
  readonly json?: true;
  readonly write?: true;
  readonly record?: true;
}

/** See {@link readOptions}. */
export function readBenchOptions(argv: readonly string[], env: NodeJS.ProcessEnv): BenchOptions {
  const command = npmCommand("npm run bench")
    .description("Measures speed, size and cost, side by side with alternatives.")
    .addOption(new Option("--only <part>", "measure only this part").choices(PARTS))
    .option("--rounds <number>", "how many rounds to measure", wholeNumberOption(1, 1000), 15)
    .option("--json", "print JSON")
    .addOption(
      new Option("--write", "write the tables into the documents").conflicts(["only", "json"]),
    )
    .addOption(
      new Option("--record", "only record the limits that tests compare with").conflicts([
        "only",
        "json",
        "write",
      ]),
    );
  return readOptions(command, argv, env);
}
