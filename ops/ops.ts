/**
 * `npm run ops -- COMMAND --stack STACK`, in the npm package `npx dintero-token-rotation`: the commands for the
 * people who run a stack. Reads the arguments, opens the stack, and turns the result of a command into an exit status.
 */
import { Command } from "commander";
import { CLIENT_CREDENTIALS_FORM, PROJECT_VERSION } from "../lambda/contract.ts";
import { credentialsCommand } from "./credentials-command.ts";
import { drillCommand } from "./drill-command.ts";
import { EXIT } from "./fault.ts";
import { mistakenOption } from "./mistaken-option.ts";
import { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { IS_PACKAGE, OPS } from "./program-names.ts";
import { reconcileCommand } from "./reconcile-command.ts";
import { openStack, type StackSession } from "./stack-session.ts";
import { statusCommand } from "./status-command.ts";
import { wrapped } from "./wrapped-text.ts";

// A user of the package cannot choose the version of the SDK in it, which warns about old versions of Node.
if (IS_PACKAGE) process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const operation = new Operation();
operation.listen();

const program = new Command(OPS)
  .description("Commands to operate a stack. Uses your AWS credentials and your Pulumi login.")
  .usage("COMMAND --stack STACK")
  .version(PROJECT_VERSION, "--version", "show the version")
  .addHelpText(
    "after",
    `
Exit status of every command:
  ${EXIT.good}  good
  ${EXIT.somethingToFix}  something to fix
  ${EXIT.notDetermined}  not determined: wrong arguments, credentials, permission, network or stack
  130  interrupted by Ctrl-C`,
  )
  // With commander's own 1, a typing error in a pipeline would look like a problem with tokens.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.good : EXIT.notDetermined))
  .configureOutput({ outputError: (text, write) => write(`${wrapped(text.trimEnd())}\n`) })
  .showHelpAfterError(
    wrapped(
      `--help shows the commands and options${IS_PACKAGE ? "" : ". The two dashes are needed"}: ${OPS} --help`,
    ),
  );

const credentials = stackCommand("credentials")
  .argument("<account>", "a Dintero account of the stack")
  .description(
    `store the id and secret of an account's API client, and renew its token\nAsks for both, or reads ${CLIENT_CREDENTIALS_FORM} from standard input`,
  )
  .option("--no-verify", "do not test them at Dintero first")
  .option("--yes", "do not ask before changing production", false)
  // Refused below: commander would print an unknown argument, which may be the secret.
  .allowExcessArguments()
  .allowUnknownOption()
  .action((account: string, { stack, ...options }) => {
    if (credentials.args.length > 1) {
      credentials.error(
        "error: credentials takes an account and the options --stack, --no-verify and --yes. Never pass an id or a secret as an argument, because the shell's history keeps it. If you passed a secret, replace it at Dintero.",
      );
    }
    return run(stack, (session) => credentialsCommand(operation, session, account, options));
  });

stackCommand("status")
  .description(
    "show the state of each account, and whether alarms notify someone\nExit status 1: something to fix; 2: not determined\nAn account that has no credentials yet is not a fault",
  )
  .option(
    "--json",
    `print JSON${IS_PACKAGE ? "" : "; with npm run --silent, standard output has nothing else"}`,
    false,
  )
  .action(({ stack, ...options }) =>
    run(stack, (session) => statusCommand(operation, session, options)),
  );

const reconcile = stackCommand("reconcile")
  .argument("[accounts...]", "only these Dintero accounts")
  .description(
    "run a check now, and show its result and its log\nExit status 1: an account or the check failed; 2: could not invoke the function",
  )
  .option("--force", "renew the named accounts even if they are not due", false)
  .option("--yes", "do not ask before changing production", false)
  .action((accounts: string[], { stack, ...options }) => {
    if (options.force && accounts.length === 0) {
      reconcile.error("error: --force requires accounts: name the accounts to renew");
    }
    return run(stack, (session) => reconcileCommand(operation, session, accounts, options));
  });

stackCommand("drill")
  .description(
    "set alarms to ALARM and back, to prove that they notify someone\nDrills the alarms of the stack and of its first account",
  )
  .option("--all", "drill the alarm of every account", false)
  .option("--yes", "do not ask before changing production", false)
  .action(({ stack, ...options }) =>
    run(stack, (session) => drillCommand(operation, session, options)),
  );

const refusal = mistakenOption(process.argv, process.env, ["--stack"]);
if (refusal) program.error(`error: ${refusal}`);
await program.parseAsync(process.argv);
await Promise.all([written(process.stdout), written(process.stderr)]);
if (operation.outputError) {
  operation.tell(`The result could not be written (${operation.outputError}).`);
  process.exitCode = EXIT.notDetermined;
}
// Without this it would end with its last connection. A proxy that neither answers nor closes keeps one open.
process.exit();

/** Resolves also if nobody reads the stream. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}

function stackCommand(name: string): Command {
  return (
    program
      .command(name)
      // Required, but not by commander: that would hide that the option is mistyped.
      .option("--stack <stack>", "the Pulumi stack, for example test or prod")
  );
}

async function run(
  stack: string | undefined,
  command: (session: StackSession) => Promise<number>,
): Promise<void> {
  if (!stack) {
    return program.error("error: required option '--stack <stack>' not specified");
  }
  let isOpened = false;
  try {
    const session = await openStack(stack, operation);
    isOpened = true;
    process.exitCode = await command(session);
  } catch (error) {
    // After a defect nothing is known. A stopped run has its own status.
    const ifFailed = error instanceof OpsError && isOpened ? error.exitStatus : EXIT.notDetermined;
    process.exitCode = operation.stoppedStatus ?? ifFailed;
    operation.tell(
      operation.stoppedStatus
        ? `\n${wrapped(`Interrupted. ${operation.ifInterrupted}`)}`
        : describe(error),
    );
  }
}

function describe(error: unknown): string {
  if (error instanceof OpsError) return wrapped(error.message);
  // The message of a defect may quote the value that it failed on. Stack frames quote nothing.
  const { name, stack = "" } = error instanceof Error ? error : new Error("unknown");
  const places = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return [`This is a bug in the command (${name}). Please report it:`, ...places].join("\n");
}
