/** The command lines of npm scripts, whose options come after two dashes. */
import { Command } from "commander";
import { mistakenOption } from "../ops/mistaken-option.ts";
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
 * The values of the options. Ends the process if one is wrong, and after `--help`.
 * @param argv - as in `process.argv`.
 * @param env - where npm puts what it keeps.
 */
export function readOptions<Options extends object>(
  command: Command,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Options {
  const options = command.options.map(({ long = "" }) => long).filter((it) => it !== "--json");
  const refusal = mistakenOption(argv, env, options);
  if (refusal) command.error(`error: ${refusal}`);
  return command.parse(argv).opts<Options>();
}
