/** The command lines of npm scripts, whose options come after two dashes. */
import { Command } from "commander";
import { wrapped } from "../ops/wrapped-text.ts";

/** @param script - what runs it, such as `npm start`. */
export function npmCommand(script: string): Command {
  return new Command(`${script} --`)
    .configureOutput({ outputError: (text, write) => write(`${wrapped(text.trimEnd())}\n`) })
    .showHelpAfterError(
      wrapped(`--help shows the options. The two dashes are needed: ${script} -- --help`),
    );
}

/**
 * The values of the options. Ends the process if one is wrong, and after `--help`. Without the two dashes, npm keeps
 * an option for itself, and the script would run as if it had not been given.
 * @param argv - as in `process.argv`.
 * @param env - where npm puts what it keeps.
 */
export function readOptions<Options extends object>(
  command: Command,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Options {
  const kept = command.options.map(({ long = "" }) => long).find((long) => isKept(long, env));
  if (kept) command.error(`error: ${kept} needs two dashes before it, or npm keeps it for itself`);
  return command.parse(argv).opts<Options>();
}

function isKept(long: string, env: NodeJS.ProcessEnv): boolean {
  // npm has an option of this name itself, which somebody may have set for good.
  if (long === "--json") return false;
  return env[`npm_config_${long.replace("--", "")}`] !== undefined;
}
