/** `npm start -- --stay`: a deployment on this machine that waits for commands, until somebody ends it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { MINUTE_MS } from "../durations.ts";
import { PULUMI_BIN, StandingStack, type StandingStackOptions } from "./standing-stack.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Says what to do in the other terminal, makes a check every few minutes, and returns after Ctrl-C. */
export async function stay(options: StandingStackOptions): Promise<void> {
  // First, so that Ctrl-C leaves nothing behind while it starts either.
  const ended = Promise.race([nextSignal(), orphaned()]);
  await using resources = new AsyncDisposableStack();
  const stack = resources.adopt(await StandingStack.start(options), (started) => started.close());
  const environmentPath = join(stack.folder, "environment.sh");
  await writeFile(environmentPath, shellScript(stack.environment));
  await stack.check();
  print(introduction(stack, environmentPath));
  const schedule = setInterval(
    () => stack.check().catch(reportFailedCheck),
    CHECK_INTERVAL_MINUTES * MINUTE_MS,
  );
  resources.defer(() => clearInterval(schedule));
  await ended;
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
}

/** npm passes a signal on to its shell, and the shell to nobody: this process then has another parent. */
function orphaned(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, 1_000);
    watch.unref();
  });
}

/** For `.`: a profile or a session of the user's would go before the keys. */
function shellScript({ PATH: _, ...variables }: StandingStack["environment"]): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  return [
    "unset AWS_PROFILE AWS_SESSION_TOKEN",
    ...lines.map((line) => `export ${line}`),
    `export PATH=${quoted(PULUMI_BIN)}:"$PATH"`,
    "",
  ].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function introduction(
  { stackName, aws, apiClients }: StandingStack,
  environmentPath: string,
): string[] {
  const accountIds = Object.keys(apiClients);
  const clients = Object.entries(apiClients).map(
    ([accountId, client]) =>
      `  ${accountId.padEnd(9)}  client id      ${client.client_id}\n${" ".repeat(13)}client secret  ${client.client_secret}`,
  );
  return [
    styleText("bold", "A deployment on this machine, to run commands against"),
    styleText(
      "dim",
      `Stack ${stackName} in ${aws.region}. The function is the one that is deployed; AWS, Dintero and the pulumi command are stand-ins.`,
    ),
    "",
    "In another terminal, in this folder:",
    "",
    `  . ${quoted(environmentPath)}`,
    `  npm run ops -- status --stack ${stackName}`,
    `  npm run ops -- credentials ${accountIds[0]} --stack ${stackName}`,
    "",
    "API clients that Dintero accepts here (made up, and worth nothing elsewhere):",
    "",
    ...clients,
    "",
    `A check is made every ${CHECK_INTERVAL_MINUTES} minutes. Ctrl-C ends it, and leaves nothing behind.`,
  ];
}

function reportFailedCheck(error: unknown): void {
  process.stderr.write(`The check could not be made: ${String(error)}\n`);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
