/** `reconcile`, and what it shows of the function's log. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { renderResult } from "../../ops/reconcile-command.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  CTRL_C,
  expectTerminalRestored,
  lastLine,
  type OpsRun,
  runOps,
  Terminal,
  unwrapped,
  withStandingStack,
} from "./ops-process.ts";

const ACCOUNT = "T10000001";
const AWAITING = "T10000002";
const stack = withStandingStack(ACCOUNT, AWAITING);

function reconcile(...args: string[]): Promise<OpsRun> {
  stack.current.aws.calls.length = 0;
  return runOps(stack.current, ["reconcile", ...args, "--stack", "test"]);
}

function events(): unknown[] {
  return stack.current.aws.calls
    .filter(({ operation }) => operation === "Invoke")
    .map(({ input }) => JSON.parse(String(input["Payload"])));
}

beforeAll(async () => {
  const { sandbox, apiClients } = stack.current;
  await sandbox.storeSecret(ACCOUNT, JSON.stringify(apiClients[ACCOUNT]));
});

test("A check of all accounts shows the outcome of each, and its log", async () => {
  const run = await reconcile();
  expect(run.status).toBe(0);
  expect(events()).toEqual([{}]);
  expectMessage(unwrapped(run.stderr), { names: ["test"] });
  expect(run.stdout).toMatch(/T10000001 {2}renewed +missing +\d{4}-\d\d-\d\d \d\d:\d\d$/m);
  expect(run.stdout).toMatch(/T10000002 {2}awaiting-credentials {2}- +-$/m);
  expect(run.stdout).toMatch(/Log of [-\da-f]{36} in tokens-log-\w+:/);
  const messages = run.stdout.split("\n").filter((line) => line.startsWith('  {"'));
  expect(messages[0]).toContain('"platform.start"');
  expect(messages.filter((line) => line.includes('"account checked"'))).toHaveLength(2);
  expect(messages.at(-1)).toContain('"platform.report"');
});

test("Named accounts are renewed with --force", async () => {
  const run = await reconcile(ACCOUNT, "--force");
  expect(run.status).toBe(0);
  expect(events()).toEqual([{ accounts: [ACCOUNT], force: true }]);
  expect(run.stdout).toMatch(/T10000001 {2}renewed {2}forced/);
  expect(run.stdout).not.toContain(AWAITING);
});

describe("The status is 1", () => {
  test("if an account failed, with the code and what to do", async () => {
    stack.current.dintero.addFault({ effect: { status: 401 } });
    const run = await reconcile(ACCOUNT, "--force");
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/T10000001 {2}failed +forced /);
    const [shown = ""] = run.stdout.split("\nLog of ");
    const message = shown.slice(shown.indexOf(`${ACCOUNT}: `));
    expectMessage(unwrapped(message), { names: ["credentials-rejected", "401"] });
    expect(run.stdout).toContain('"account failed"');
  });

  test("if the check could not be made, with type and message", async () => {
    stack.current.aws.addFault({ operation: "GetParameters", effect: { disconnect: "before" } });
    const run = await reconcile(ACCOUNT);
    expect(run.status).toBe(1);
    const [message = ""] = run.stdout.split("\nLog of ");
    expectMessage(unwrapped(message), { names: ["AWS"] });
    expect(run.stdout).toContain('"check failed"');
  });

  test("if the key's state is unknown, although every account is fresh", async () => {
    stack.current.aws.iam.revoke("SeeWhetherTheKeyIsEnabled");
    const run = await reconcile(ACCOUNT);
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/T10000001 {2}fresh/);
    const [shown = ""] = run.stdout.split("\nLog of ");
    const message = shown.slice(shown.indexOf("The check"));
    expectMessage(unwrapped(message), {
      names: ["store-failed", "kms:DescribeKey"],
      commands: ["npm run ops -- status --stack test"],
    });
  });
});

describe("The status is 2", () => {
  test("if the function may not be invoked", async () => {
    const resource = "arn:aws:lambda:eu-north-1:123456789012:function:tokens-check";
    stack.current.aws.denyAccess({
      operation: "Invoke",
      action: "lambda:InvokeFunction",
      resource,
    });
    const run = await reconcile();
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expectMessage(lastLine(run.stderr), { names: ["lambda:InvokeFunction", resource] });
  });
});

describe("The command adds to the check's result:", () => {
  test("a token that somebody else wrote a moment ago does not count as fresh", async () => {
    await reconcile();
    await stack.current.sandbox.editToken(ACCOUNT, "rubbish");
    const run = await reconcile(ACCOUNT);
    expect(run.status).toBe(1);
    const force = `npm run ops -- reconcile ${ACCOUNT} --force --stack test`;
    const [before = ""] = run.stdout.split("\nLog of");
    expectMessage(lastLine(before), { names: [ACCOUNT], commands: [force] });
    expect((await reconcile(ACCOUNT, "--force")).status).toBe(0);
  });

  test("for malformed credentials, the command that stores new ones, with the stack", async () => {
    await stack.current.sandbox.storeSecret(ACCOUNT, "not json");
    const run = await reconcile(ACCOUNT);
    await stack.current.sandbox.storeSecret(
      ACCOUNT,
      JSON.stringify(stack.current.apiClients[ACCOUNT]),
    );
    const [before = ""] = run.stdout.split("\nLog of");
    expectMessage(lastLine(before), {
      names: ["credentials-unusable"],
      commands: [`npm run ops -- credentials ${ACCOUNT} --stack test`],
      without: ["-- status"],
    });
    expect((await reconcile()).status).toBe(0);
  });
});

test("If the log may not be read, the result is still shown", async () => {
  const resource = "arn:aws:logs:eu-north-1:123456789012:log-group:tokens-log";
  stack.current.aws.denyAccess({
    operation: "FilterLogEvents",
    action: "logs:FilterLogEvents",
    resource,
  });
  const run = await reconcile();
  expect(run.status).toBe(0);
  expect(run.stdout).toContain(ACCOUNT);
  expectMessage(lastLine(run.stderr), { names: ["logs:FilterLogEvents", resource] });
});

describe("A result", () => {
  const error = { code: "store-failed", message: "It failed. ".repeat(20).trim() } as const;
  test("fits 80 columns, except for commands, with any outcome", () => {
    const expiresAt = "2026-01-02T08:00:00.000Z";
    const text = renderResult("test", {
      accounts: [
        { accountId: ACCOUNT, outcome: "awaiting-credentials" },
        { accountId: AWAITING, outcome: "failed", reason: "credentials-changed", expiresAt, error },
      ],
      error,
    });
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain("2026-01-02 08:00");
    // Once, though two failures have a cause that status knows.
    expect(text.match(/npm run ops -- status --stack test/g)).toHaveLength(1);
  });

  test.each([
    ["store-failed", true],
    ["credentials-unusable", true],
    // The remedy is Dintero's or one's own, and in the message.
    ["credentials-rejected", false],
    ["unavailable", false],
  ] as const)("with %s points to status: %s", (code, isExpected) => {
    const account = { accountId: ACCOUNT, outcome: "failed", error: { ...error, code } } as const;
    const text = renderResult("test", { accounts: [account] });
    expect(text.includes("npm run ops -- status --stack test")).toBe(isExpected);
  });
});

test("Ctrl-C while the check runs says that it continues in AWS", async () => {
  const invoked = Promise.withResolvers<void>();
  stack.current.aws.addFault({
    operation: "Invoke",
    when: () => {
      invoked.resolve();
      return true;
    },
    effect: { hang: true },
  });
  const terminal = new Terminal(stack.current, ["reconcile", "--stack", "test"]);
  await invoked.promise;
  terminal.type(CTRL_C);
  const session = await terminal.finish();
  expect(session.status).toBe(130);
  expectMessage(lastLine(session.output), {
    names: ["AWS"],
    commands: ["npm run ops -- status --stack test"],
  });
  expectTerminalRestored(session);
});
