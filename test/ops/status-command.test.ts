/** `status`, against a stack in several states. */
import { once } from "node:events";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { statusParameterName } from "../../lambda/contract.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  CTRL_C,
  expectTerminalRestored,
  lastLine,
  type OpsRun,
  runOps,
  startOps,
  Terminal,
  withStandingStack,
} from "./ops-process.ts";

const FRESH = "T10000001";
const AGED = "T10000002";
const AWAITING = "T10000003";
const stack = withStandingStack(FRESH, AGED, AWAITING);

function status(...options: string[]): Promise<OpsRun> {
  return runOps(stack.current, ["status", "--stack", "test", ...options]);
}

/** Moves the life of the stored token so that so much of its 24 h is left. */
async function age(accountId: string, remainingMs: number): Promise<void> {
  const { sandbox } = stack.current;
  const expiresAtMs = Date.now() + remainingMs;
  const document = {
    ...(await sandbox.readStatus(accountId)),
    issuedAt: new Date(expiresAtMs - 86_400_000).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
  await sandbox.ssm.send(
    new PutParameterCommand({
      Name: statusParameterName(accountId),
      Value: JSON.stringify(document),
      Overwrite: true,
    }),
  );
}

beforeAll(async () => {
  const { sandbox, apiClients } = stack.current;
  for (const accountId of [FRESH, AGED]) {
    await sandbox.storeSecret(accountId, JSON.stringify(apiClients[accountId]));
  }
  await stack.current.check();
});

test("All is well where tokens live, credentials are awaited, and somebody is told", async () => {
  const run = await status();
  expect(run.status).toBe(0);
  expectMessage(run.stderr.trim(), {
    names: ["test", "123456789012", "eu-north-1", "arn:aws:iam::123456789012:user/engineer"],
  });
  expect(run.stdout).toMatch(/T10000001 {2}fresh +█{20} {2}23 h 59 min .*, current/);
  expect(run.stdout).toMatch(/T10000003 {2}awaiting credentials +-/);
  expectMessage(lastLine(run.stdout));
  expect(run.stdout + run.stderr).not.toContain("\u001b");
});

test("Colours are shown where they are asked for", async () => {
  const env = { FORCE_COLOR: "1" };
  const { stdout } = await runOps(stack.current, ["status", "--stack", "test"], { env });
  expect(stdout).toContain("\u001b[32mfresh\u001b[39m");
});

test("The JSON document alone stands on standard output", async () => {
  const run = await status("--json");
  expect(run.status).toBe(0);
  const document = JSON.parse(run.stdout);
  const { credentialsVersionId } = (await stack.current.sandbox.readStatus(FRESH)) ?? {};
  expect(Object.keys(document)).toEqual([
    ...["stack", "awsAccountId", "region", "checkedAt", "isGood", "faults"],
    ...["accounts", "alarms", "subscriptions"],
  ]);
  expect(document).toMatchObject({
    stack: "test",
    awsAccountId: "123456789012",
    region: "eu-north-1",
    isGood: true,
    accounts: [
      { accountId: FRESH, state: "fresh", credentialsVersionId, credentialsAreCurrent: true },
      { accountId: AGED, state: "fresh" },
      { accountId: AWAITING, state: "awaiting-credentials", expiresAt: null },
    ],
    subscriptions: [{ protocol: "email", endpoint: "on-call@example.com", isConfirmed: true }],
  });
  expect(document.alarms).toHaveLength(stack.current.outputs.alarmNames.length);
  expect(run.stderr).toContain("Stack test: AWS account");
});

describe("The status is 1", () => {
  test("where a token is at risk, though an alarm tells of it; credentials that changed are seen", async () => {
    const { sandbox, aws, outputs, apiClients } = stack.current;
    const [alarmName = ""] = outputs.alarmNames;
    await age(AGED, 3_600_000);
    await sandbox.storeSecret(AGED, JSON.stringify(apiClients[AGED]));
    aws.alarms.setState(alarmName, "ALARM", "Threshold Crossed");
    const run = await status();
    aws.alarms.setState(alarmName, "OK", "over");
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/T10000002 {2}at risk +█░{19} {2}0 h 59 min .*, no longer current/);
    expect(run.stdout).toMatch(
      new RegExp(`${alarmName} since [-\\d]{10} [:\\d]{8} UTC: Threshold Crossed`),
    );
    const [fault = ""] = run.stdout.split("\n").filter((it) => it.startsWith(`  ${AGED}: `));
    expectMessage(fault.trim(), { names: [AGED] });
    await stack.current.check();
  });

  test("where nobody has confirmed", async () => {
    const { aws, outputs } = stack.current;
    aws.topics.subscribe(
      outputs.alarmTopicArn,
      "email",
      "on-call@example.com",
      "PendingConfirmation",
    );
    const run = await status();
    aws.topics.subscribe(outputs.alarmTopicArn, "email", "on-call@example.com", "confirmed");
    expect(run.status).toBe(1);
    expect(run.stdout).toContain("on-call@example.com (email)");
    expectMessage(lastLine(run.stdout).trim(), { names: ["Subscription Confirmation"] });
  });

  test("where permissions are missing: each is named, and what can be read is shown", async () => {
    const { aws, outputs } = stack.current;
    aws.denyAccess({
      operation: "DescribeAlarms",
      action: "cloudwatch:DescribeAlarms",
      resource: "arn:alarms",
    });
    aws.denyAccess({
      operation: "ListSubscriptionsByTopic",
      action: "SNS:ListSubscriptionsByTopic",
      resource: outputs.alarmTopicArn,
    });
    aws.addFault({
      operation: "DescribeSecret",
      when: ({ SecretId }) => SecretId === `dintero/${FRESH}/api-client`,
      effect: { error: "AccessDeniedException", message: "Access to KMS is not allowed" },
    });
    const run = await status("--json");
    expect(run.status).toBe(1);
    const document = JSON.parse(run.stdout);
    expect(document).toMatchObject({ isGood: false, alarms: null, subscriptions: null });
    expect(document.accounts[0]).toMatchObject({ state: "fresh", credentialsAreCurrent: null });
    expect(document.accounts[1]).toMatchObject({ state: "fresh", credentialsAreCurrent: true });
    const faults: string[] = document.faults;
    const named = [
      ["secretsmanager:DescribeSecret", "dintero/T10000001/api-client"],
      ["cloudwatch:DescribeAlarms", "arn:alarms"],
      ["SNS:ListSubscriptionsByTopic", outputs.alarmTopicArn],
    ];
    expect(faults).toHaveLength(named.length);
    for (const [index, names] of named.entries()) expectMessage(faults[index] ?? "", { names });
  });

  test("where parameters cannot be read: the state is not known", async () => {
    stack.current.aws.denyAccess({
      operation: "GetParameters",
      action: "ssm:GetParameters",
      resource: "arn:parameter",
    });
    const run = await status("--json");
    expect(run.status).toBe(1);
    const document = JSON.parse(run.stdout);
    expect(document.accounts[0].state).toBe("unknown");
    expect(document.faults).toHaveLength(1);
    expectMessage(document.faults[0], { names: ["ssm:GetParameters", "arn:parameter"] });
  });
});

test("A reader who has gone, as behind `| head`, takes nothing from the status", async () => {
  const child = startOps(stack.current, ["status", "--stack", "test", "--json"]);
  child.stdout?.destroy();
  const [said] = await Promise.all([text(child.stderr ?? Readable.from([])), once(child, "exit")]);
  expect(said).not.toContain("EPIPE");
  expect(child.exitCode).toBe(0);
});

test("Ctrl-C while it reads shows no half of a status", async () => {
  const asked = Promise.withResolvers<void>();
  stack.current.aws.addFault({
    operation: "GetParameters",
    when: () => {
      asked.resolve();
      return true;
    },
    effect: { hang: true },
  });
  const terminal = new Terminal(stack.current, ["status", "--stack", "test"]);
  await asked.promise;
  terminal.type(CTRL_C);
  const session = await terminal.finish();
  expect(session.status).toBe(130);
  expectMessage(lastLine(session.output));
  expect(session.output).not.toContain(FRESH);
  expectTerminalRestored(session);
});
