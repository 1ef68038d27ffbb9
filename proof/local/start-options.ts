/** The options of `npm start`. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { LIFETIMES, lifetimeOption } from "../lifetime-option.ts";
import { npmCommand, readOptions } from "../npm-command.ts";
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

/** See {@link readOptions}. */
export function readStartOptions(argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions {
  return readOptions(startCommand(), argv, env);
}

/** The command line, which nothing is read from yet. */
export function startCommand(): Command {
  return npmCommand("npm start")
    .description("Runs the deployed function with stand-ins for AWS and Dintero on this machine.")
    .option(
      "--accounts <number>",
      `how many accounts, 1 to ${MAX_ACCOUNTS}`,
      wholeNumberOption(1, MAX_ACCOUNTS),
      1,
    )
    .addOption(
      new Option("--lifetime <lifetime>", `how long tokens are valid: ${LIFETIMES}`)
        .argParser(lifetimeOption)
        .default(24, "24h"),
    )
    .addOption(
      new Option("--scenario <name>", "run only this scenario").choices(
        SCENARIOS.map(({ name }) => name),
      ),
    )
    .option(
      "--endpoint <url>",
      "use an AWS-compatible server on this machine instead of the stand-in; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have its keys",
      loopbackUrl,
    )
    .option("--json", "print JSON; with npm start --silent, standard output has nothing else")
    .addOption(
      new Option("--stay", "run no scenarios; start a local stack and keep it running").conflicts([
        "scenario",
        "endpoint",
        "json",
      ]),
    );
}

/** Only this machine: a run deletes and creates secrets and parameters. */
function loopbackUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url && isHttp && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) return url;
  throw new InvalidArgumentError(
    "Allowed: http and https URLs of this machine, such as http://127.0.0.1:5000.",
  );
}
