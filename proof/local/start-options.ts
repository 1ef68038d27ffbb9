/** The options of `npm start`. */
import { Command, InvalidArgumentError, Option } from "commander";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
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
    .option("--accounts <number>", `how many accounts, 1 to ${MAX_ACCOUNTS}`, wholeAccounts, 2)
    .addOption(
      new Option("--lifetime <life>", `how long tokens live: ${MIN_HOURS}h to ${MAX_HOURS}h`)
        .argParser(lifetimeHours)
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

/** Under 2 h a token's life is a failure to be told of, and its first second is lost to rounding. */
const MIN_HOURS = 3;
const MAX_HOURS = 168;

function wholeAccounts(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= MAX_ACCOUNTS) return number;
  throw new InvalidArgumentError(`Allowed are whole numbers from 1 to ${MAX_ACCOUNTS}.`);
}

function lifetimeHours(text: string): number {
  const hours = /^\d+h$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (hours >= MIN_HOURS && hours <= MAX_HOURS) return hours;
  throw new InvalidArgumentError(`Allowed are ${MIN_HOURS}h to ${MAX_HOURS}h, such as 24h.`);
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
