/**
 * `npm run ops -- COMMAND --stack STACK`, or in the npm package `npx dintero-token-rotation COMMAND`: the commands for the people who run a stack. Reads the
 * arguments, opens the stack, and turns what a command comes to into an exit status.
 */
import { Command } from "commander";
import { CLIENT_CREDENTIALS_FORM } from "../lambda/contract.ts";
import { credentialsCommand } from "./credentials-command.ts";
import { drillCommand } from "./drill-command.ts";
import { EXIT } from "./fault.ts";
import { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { IS_PACKAGE, OPS } from "./program-names.ts";
import { reconcileCommand } from "./reconcile-command.ts";
import { openStack, type StackSession } from "./stack-session.ts";
import { statusCommand } from "./status-command.ts";
import { wrapped } from "./wrapped-text.ts";

const operation = new Operation();
operation.listen();

const program = new Command(OPS)
  .description("For the people who run a stack. Uses your AWS credentials and your Pulumi login.")
  .usage("COMMAND --stack STACK")
  .addHelpText(
    "after",
    `
Exit status of every command:
  ${EXIT.good}  good
  ${EXIT.somethingToFix}  something to fix
  ${EXIT.notDetermined}  undetermined: wrong arguments; no permission, network, credentials, stack
  130  interrupted by Ctrl-C`,
  )
  // Commander's 1 would tell a pipeline with a typing error that tokens are at fault.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.good : EXIT.notDetermined))
  .showHelpAfterError(
    IS_PACKAGE
      ? `(--help shows the commands and options: ${OPS} COMMAND --stack STACK)`
      : `(--help shows the commands and options. The two dashes are needed: ${OPS} COMMAND --stack STACK)`,
  );

const credentials = stackCommand("credentials")
  .argument("<account>", "a Dintero account of the stack")
  .description(
    `store the id and secret of an account's API client, and renew its token\nasks for both; or reads ${CLIENT_CREDENTIALS_FORM} from standard input`,
  )
  .option("--no-verify", "do not try them at Dintero first")
  .option("--yes", "do not ask before production is changed", false)
  // Refused below: commander would show what it does not know, and that may be the secret.
  .allowExcessArguments()
  .allowUnknownOption()
  .action((account: string, { stack, ...options }) => {
    if (credentials.args.length > 1) {
      credentials.error(
        "error: credentials takes an account and the options --stack, --no-verify and --yes. Id and secret never go into arguments, which stay in the shell's history: if the secret stood there, have a new one made.",
      );
    }
    return run(stack, (session) => credentialsCommand(operation, session, account, options));
  });

stackCommand("status")
  .description(
    "the state of each account, and whether alarms reach somebody\nexit status 1 if something is to be fixed, 2 if it could not be determined; an account without its first credentials is not a fault",
  )
  .option(
    "--json",
    `one JSON document instead of words${IS_PACKAGE ? "" : "; with npm run --silent, nothing else on standard output"}`,
    false,
  )
  .action(({ stack, ...options }) =>
    run(stack, (session) => statusCommand(operation, session, options)),
  );

const reconcile = stackCommand("reconcile")
  .argument("[accounts...]", "only these Dintero accounts")
  .description(
    "make a check now, and show its result and its log\nexit status 1 if an account or the check failed, 2 if the function could not be invoked",
  )
  .option("--force", "renew the accounts named, due or not", false)
  .option("--yes", "do not ask before production is changed", false)
  .action((accounts: string[], { stack, ...options }) => {
    if (options.force && accounts.length === 0) {
      reconcile.error("error: --force needs accounts: name those to renew");
    }
    return run(stack, (session) => reconcileCommand(operation, session, accounts, options));
  });

stackCommand("drill")
  .description(
    "set alarms to ALARM and back, to prove that they reach somebody: those of the stack and of its first account",
  )
  .option("--all", "drill the alarm of every account", false)
  .option("--yes", "do not ask before production is changed", false)
  .action(({ stack, ...options }) =>
    run(stack, (session) => drillCommand(operation, session, options)),
  );

await program.parseAsync(process.argv);

function stackCommand(name: string): Command {
  return program
    .command(name)
    .requiredOption("--stack <stack>", "the Pulumi stack, such as test or prod");
}

async function run(
  stack: string,
  command: (session: StackSession) => Promise<number>,
): Promise<void> {
  let isOpened = false;
  try {
    const session = await openStack(stack, operation);
    isOpened = true;
    process.exitCode = await command(session);
  } catch (error) {
    // A defect leaves everything undetermined, and a stopped run has a status of its own.
    const ifFailed = error instanceof OpsError && isOpened ? error.exitStatus : EXIT.notDetermined;
    process.exitCode = operation.stoppedStatus ?? ifFailed;
    operation.tell(
      operation.stoppedStatus ? `\nInterrupted. ${operation.ifInterrupted}` : describe(error),
    );
  }
}

function describe(error: unknown): string {
  if (error instanceof OpsError) {
    // A list has its lines already.
    return /^ /m.test(error.message) ? error.message : wrapped(error.message);
  }
  // The message of a defect may quote what it stumbled over; where it happened quotes nothing.
  const { name, stack = "" } = error instanceof Error ? error : new Error("unknown");
  const places = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return [`This is a defect of the command (${name}). Please report it:`, ...places].join("\n");
}
