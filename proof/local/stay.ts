/** `npm start -- --stay`: a local stack that waits for commands, until somebody ends it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import { tokenParameterName } from "../../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { wrapped } from "../../ops/wrapped-text.ts";
import { MINUTE_MS } from "../durations.ts";
import { startDinteroControl } from "./dintero-control.ts";
import { errorText } from "./error-text.ts";
import { PULUMI_BIN, StandingStack, type StandingStackOptions } from "./standing-stack.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Says what to do in the other terminal, makes checks, evaluates alarms, and returns after Ctrl-C or
 * when nobody reads its output any more.
 */
export async function stay(options: StandingStackOptions): Promise<void> {
  // First, so that Ctrl-C leaves nothing behind while it starts either.
  const ended = Promise.race([firstSignal(), orphaned()]);
  await using resources = new AsyncDisposableStack();
  const stack = resources.adopt(await StandingStack.start(options), (started) => started.close());
  const environmentPath = join(stack.folder, "environment.sh");
  const control = resources.adopt(await startDinteroControl(stack.dintero), (it) => it.close());
  const variables = {
    ...stack.environment,
    AWS_REGION: stack.aws.region,
    // The name that version 1 of the AWS CLI and boto3 know.
    AWS_DEFAULT_REGION: stack.aws.region,
    DINTERO_ORIGIN: stack.dintero.origin,
    DINTERO_CONTROL: control.url,
  };
  await writeFile(environmentPath, shellScript(variables));
  await stack.check();
  print(introduction(stack, environmentPath));
  const timers = [
    setInterval(() => stack.check().catch(reportFailedCheck), CHECK_INTERVAL_MINUTES * MINUTE_MS),
    setInterval(() => stack.evaluation.evaluate(), MINUTE_MS),
  ];
  resources.defer(() => timers.forEach(clearInterval));
  await ended;
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
    process.stdout.once("error", () => resolve());
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
function shellScript({ PATH: _, ...variables }: Readonly<Record<string, string>>): string {
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
  const [accountId = ""] = Object.keys(apiClients);
  const clients = Object.entries(apiClients).map(
    ([id, client]) =>
      `  ${id.padEnd(9)}  client id      ${client.client_id}\n${" ".repeat(13)}client secret  ${client.client_secret}`,
  );
  return [
    styleText("bold", `Local stack ${stackName} in ${aws.region}`),
    wrapped(
      "The function is the one that is deployed; AWS, Dintero and the pulumi command are stand-ins.",
    ),
    "",
    "In another terminal, in this folder:",
    "",
    `  . ${quoted(environmentPath)}`,
    `  npm run ops -- credentials ${accountId} --stack ${stackName}`,
    `  npm run ops -- status --stack ${stackName}`,
    "",
    "API clients that Dintero accepts here (made up, valid nowhere else):",
    "",
    ...clients,
    "",
    "Take Dintero down, and see a renewal fail:",
    "",
    '  curl -X POST "$DINTERO_CONTROL/down"',
    `  npm run ops -- reconcile ${accountId} --force --stack ${stackName}`,
    "",
    wrapped(
      "Alarms follow their rules in real time. The account's own alarm fires within three minutes of this, and then status shows it:",
    ),
    "",
    `  aws ssm delete-parameter --name ${tokenParameterName(accountId)}`,
    `  npm run ops -- reconcile --stack ${stackName}`,
    "",
    "Restore Dintero:",
    "",
    '  curl -X POST "$DINTERO_CONTROL/up"',
    "",
    wrapped(
      "The code of docs/consuming.md works there: $DINTERO_ORIGIN takes a valid token for GET /v1/sessions/ANY_ID, and answers any other with 401.",
    ),
    "",
    wrapped(
      `A check runs every ${CHECK_INTERVAL_MINUTES} minutes. Ctrl-C ends it, and leaves nothing behind.`,
    ),
  ];
}

function reportFailedCheck(error: unknown): void {
  process.stderr.write(`The check failed: ${errorText(error)}\n`);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
