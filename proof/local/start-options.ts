/** The options of `npm start`. */
import { Command, InvalidArgumentError, Option } from "commander";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { LIFETIMES, lifetimeOption } from "../lifetime-option.ts";
import { wholeNumberOption } from "../whole-number-option.ts";
import { SCENARIOS } from "./scenarios.ts";

export interface StartOptions {
  readonly accounts: number;
  /** Hours. */
  readonly lifetime: number;
  readonly scenario?: string;
  readonly endpoint?: URL;
  readonly json?: true;
  readonly stay?: true;
}

/** @param argv - as in `process.argv`. Ends the process where the options are wrong, and on `--help`. */
export function readStartOptions(argv: readonly string[]): StartOptions {
  return startCommand().parse(argv).opts<StartOptions>();
}

/** The command line, which nothing is read from yet. */
export function startCommand(): Command {
  return new Command("npm start --")
    .description("Plays the deployed function against AWS and Dintero on this machine.")
    .option(
      "--accounts <number>",
      `how many accounts, 1 to ${MAX_ACCOUNTS}`,
      wholeNumberOption(1, MAX_ACCOUNTS),
      2,
    )
    .addOption(
      new Option("--lifetime <life>", `how long tokens live: ${LIFETIMES}`)
        .argParser(lifetimeOption)
        .default(24, "24h"),
    )
    .addOption(
      new Option("--scenario <name>", "only this one").choices(SCENARIOS.map(({ name }) => name)),
    )
    .option(
      "--endpoint <url>",
      "an AWS-compatible server that you run on this machine, in place of the stand-in; keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
      loopbackUrl,
    )
    .option("--json", "one JSON document instead of words")
    .addOption(
      new Option(
        "--stay",
        "play nothing: start a deployment to run commands against, until Ctrl-C",
      ).conflicts(["scenario", "endpoint", "json"]),
    );
}

/** Only this machine: a run deletes and makes secrets and parameters. */
function loopbackUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url && isHttp && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) return url;
  throw new InvalidArgumentError(
    "Allowed are http and https URLs of this machine, such as http://127.0.0.1:5000.",
  );
}
