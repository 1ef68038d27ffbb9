/** `status`, against a stack in several states. */
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { ALARMS } from "../../infra/alarm-definitions.ts";
import { URGENT_KINDS } from "../../ops/alarm-watch.ts";
import type { Fault } from "../../ops/fault.ts";
import { ON_CALL_EMAIL } from "../../proof/local/standing-alarms.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  CTRL_C,
  expectTerminalRestored,
  lastLine,
  type OpsRun,
  runOps,
  startOps,
  Terminal,
  unwrapped,
  withStandingStack,
} from "./ops-process.ts";

const FRESH = "T10000001";
const OTHER = "T10000002";
const AWAITING = "T10000003";
const stack = withStandingStack(FRESH, OTHER, AWAITING);

function status(...options: string[]): Promise<OpsRun> {
  return runOps(stack.current, ["status", "--stack", "test", ...options]);
}

beforeAll(async () => {
  const { sandbox, apiClients } = stack.current;
  for (const accountId of [FRESH, OTHER]) {
    await sandbox.storeSecret(accountId, JSON.stringify(apiClients[accountId]));
  }
  await stack.current.check();
});

test("The status is 0 with good tokens, awaited credentials, and somebody who is notified", async () => {
  const run = await status();
  expect(run.status).toBe(0);
  expectMessage(unwrapped(run.stderr), {
    names: ["test", "123456789012", "eu-north-1", "arn:aws:iam::123456789012:user/engineer"],
  });
  expect(run.stdout).toMatch(
    /T10000001 {2}fresh +█{10} {2}23 h 59 min {2}[-\d]{10} [:\d]{5} {2}in use/,
  );
  expect(run.stdout).toMatch(/T10000003 {2}no credentials {2}-/);
  expectMessage(lastLine(run.stdout));
  expect(run.stdout + run.stderr).not.toContain("\u001b");
});

test("Colours are shown if they are requested", async () => {
  const env = { FORCE_COLOR: "1" };
  const { stdout } = await runOps(stack.current, ["status", "--stack", "test"], { env });
  expect(stdout).toContain("\u001b[32mfresh\u001b[39m");
});

test("Standard output has only the JSON document", async () => {
  const run = await status("--json");
  expect(run.status).toBe(0);
  const document = JSON.parse(run.stdout);
  const { credentialsVersionId } = (await stack.current.sandbox.readStatus(FRESH)) ?? {};
  expect(Object.keys(document)).toEqual([
    ...["stack", "awsAccountId", "region", "checkedAt", "ok", "faults"],
    ...["accounts", "key", "alarms", "muteRules", "subscriptions", "hiddenTopics"],
  ]);
  expect(document).toMatchObject({
    stack: "test",
    awsAccountId: "123456789012",
    region: "eu-north-1",
    ok: true,
    faults: [],
    accounts: [
      { accountId: FRESH, state: "fresh", credentialsVersionId, credentialsAreCurrent: true },
      { accountId: OTHER, state: "fresh" },
      { accountId: AWAITING, state: "awaiting-credentials", expiresAt: null },
    ],
    key: { arn: stack.current.outputs.keyArn, state: "Enabled" },
    muteRules: [],
    subscriptions: [{ protocol: "email", endpoint: "on-call@example.com", isConfirmed: true }],
  });
  expect(run.stderr).toContain("Stack test: AWS account");
});

test("Kind and account of an alarm come from the metric of the deployed alarm", async () => {
  const { alarms } = JSON.parse((await status("--json")).stdout);
  const deployed = ALARMS.flatMap(({ kind, isPerAccount, isUrgent }) =>
    (isPerAccount ? [FRESH, OTHER, AWAITING] : [null]).map((accountId) => ({
      ...{ kind, accountId, state: "OK", notifiesTopic: true, notifiesUrgentTopic: null },
      isUrgent,
    })),
  );
  expect(alarms).toMatchObject(deployed.map(({ isUrgent: _, ...alarm }) => alarm));
  for (const { kind, isUrgent } of deployed) expect(URGENT_KINDS.includes(kind)).toBe(isUrgent);
});

describe("The status is 2 if nothing is known to be wrong, and", () => {
  const denied = (operation: string, action: string, resource: string) =>
    stack.current.aws.denyAccess({ operation, action, resource });

  /** What is said; each names a permission that is missing. */
  async function undetermined(): Promise<readonly Fault[]> {
    const run = await status("--json");
    const { ok, faults } = JSON.parse(run.stdout);
    expect([run.status, ok]).toEqual([2, false]);
    for (const fault of faults) {
      expect(fault).toMatchObject({ code: "not-determined", urgency: "unknown" });
    }
    return faults;
  }

  test.each([
    ["DescribeAlarms", "cloudwatch:DescribeAlarms", "arn:alarms"],
    ["ListAlarmMuteRules", "cloudwatch:ListAlarmMuteRules", "arn:rules"],
    ["ListSubscriptionsByTopic", "SNS:ListSubscriptionsByTopic", "arn:topic"],
    ["DescribeKey", "kms:DescribeKey", "arn:key"],
    ["GetParameters", "ssm:GetParameters", "arn:parameter"],
  ])("%s is not allowed", async (operation, action, resource) => {
    denied(operation, action, resource);
    const [fault, ...others] = await undetermined();
    expectMessage(fault?.message ?? "", { names: [action, resource] });
    expect(others).toEqual([]);
  });

  test("several permissions are missing: each is named, and what can be read is shown", async () => {
    denied("DescribeAlarms", "cloudwatch:DescribeAlarms", "arn:alarms");
    denied("ListSubscriptionsByTopic", "SNS:ListSubscriptionsByTopic", "arn:topic");
    stack.current.aws.addFault({
      operation: "DescribeSecret",
      when: ({ SecretId }) => SecretId === `dintero/${FRESH}/api-client`,
      effect: { error: "AccessDeniedException", message: "Access to KMS is not allowed" },
    });
    const named = [
      ["secretsmanager:DescribeSecret", "dintero/T10000001/api-client"],
      ["cloudwatch:DescribeAlarms", "arn:alarms"],
      ["SNS:ListSubscriptionsByTopic", "arn:topic"],
    ];
    const faults = await undetermined();
    expect(faults).toHaveLength(named.length);
    for (const [index, names] of named.entries()) {
      expectMessage(faults[index]?.message ?? "", { names });
    }
    const { accounts, ...rest } = JSON.parse((await status("--json")).stdout);
    expect(rest).toMatchObject({ alarms: null, subscriptions: [] });
    expect(accounts[0]).toMatchObject({ state: "fresh", credentialsAreCurrent: null });
    expect(accounts[1]).toMatchObject({ state: "fresh", credentialsAreCurrent: true });
  });

  test("the state of an account is unknown because its parameters cannot be read", async () => {
    denied("GetParameters", "ssm:GetParameters", "arn:parameter");
    const { accounts } = JSON.parse((await status("--json")).stdout);
    expect(accounts[0].state).toBe("unknown");
  });

  test("the previous version deployed the stack, so some outputs are missing", async () => {
    const { keyArn: _, alarmEmails: __, ...outputs } = stack.current.outputs;
    const path = join(stack.current.folder, "previous", "test.json");
    await mkdir(dirname(path));
    await writeFile(path, JSON.stringify(outputs));
    const env = { DINTERO_LOCAL_STACK_OUTPUTS: path };
    const run = await runOps(stack.current, ["status", "--stack", "test", "--json"], { env });
    expect(run.status).toBe(2);
    const { faults, key } = JSON.parse(run.stdout);
    expect(key).toBeNull();
    const named = ["keyArn", "alarmEmails"];
    for (const [index, name] of named.entries()) {
      const commands = ["npm run deploy -- --stack test"];
      expectMessage(faults[index].message, { names: [name], commands, without: ["--refresh"] });
    }
    expect(faults).toHaveLength(named.length);
  });

  test("it is 1 if something else is known to be wrong", async () => {
    const { aws, outputs } = stack.current;
    denied("DescribeKey", "kms:DescribeKey", "arn:key");
    aws.topics.subscribe(outputs.alarmTopicArn, "email", ON_CALL_EMAIL, "PendingConfirmation");
    const run = await status("--json");
    aws.topics.subscribe(outputs.alarmTopicArn, "email", ON_CALL_EMAIL, "confirmed");
    expect(run.status).toBe(1);
    expect(JSON.parse(run.stdout).faults).toMatchObject([
      { code: "address-unconfirmed" },
      { code: "not-determined" },
    ]);
  });
});

test("If the reader closes the pipe, as `| head` does, the exit status is unchanged", async () => {
  const child = startOps(stack.current, ["status", "--stack", "test", "--json"]);
  child.stdout?.destroy();
  const [said] = await Promise.all([text(child.stderr ?? Readable.from([])), once(child, "exit")]);
  expect(said).not.toContain("EPIPE");
  expect(child.exitCode).toBe(0);
});

test("Ctrl-C while it reads shows no partial status", async () => {
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
