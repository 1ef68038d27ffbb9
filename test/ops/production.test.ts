/** What changes production asks first. */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { expectMessage } from "../support/expect-message.ts";
import {
  acceptCanary,
  CANARY_CLIENT,
  CTRL_C,
  ENTER,
  expectTerminalRestored,
  lastLine,
  runOps,
  Terminal,
  withStandingStack,
} from "./ops-process.ts";

const ACCOUNT = "P10000001";
const stack = withStandingStack(ACCOUNT);
const STDIN = JSON.stringify(CANARY_CLIENT);

beforeEach(() => {
  acceptCanary(stack.current, ACCOUNT);
  stack.current.aws.calls.length = 0;
});

function changes(): string[] {
  const changing = ["PutSecretValue", "Invoke", "SetAlarmState"];
  return stack.current.aws.calls
    .map(({ operation }) => operation)
    .filter((it) => changing.includes(it));
}

describe("Without a terminal and without --yes", () => {
  test.each([[["credentials", ACCOUNT]], [["reconcile"]], [["drill"]]])(
    "%j changes nothing and says so",
    async (args) => {
      const run = await runOps(stack.current, [...args, "--stack", "prod"], { stdin: STDIN });
      expect(run).toMatchObject({ status: 1, stdout: "" });
      expectMessage(lastLine(run.stderr), { names: ["prod"], commands: ["--yes"] });
      expect(changes()).toEqual([]);
    },
  );

  test("status is shown, because it changes nothing", async () => {
    const run = await runOps(stack.current, ["status", "--stack", "prod"]);
    expect(run.status).toBe(0);
  });
});

test("With --yes the command runs", async () => {
  const args = ["credentials", ACCOUNT, "--stack", "prod", "--yes"];
  const run = await runOps(stack.current, args, { stdin: STDIN });
  expect(run.status).toBe(0);
  expect(changes()).toEqual(["PutSecretValue", "Invoke"]);
});

describe("At a terminal it asks", () => {
  test.each([
    ["y", 0, ["Invoke"], "outcome"],
    ["", 1, [], "Nothing"],
    [CTRL_C, 130, [], "Nothing"],
  ])("and follows the answer %j", async (answer, status, changed, said) => {
    const terminal = new Terminal(stack.current, ["reconcile", "--stack", "prod"]);
    await terminal.waitFor("(y/N)");
    terminal.type(answer + ENTER);
    const session = await terminal.finish();
    expect(session.status).toBe(status);
    expect(session.output).toContain(said);
    expect(changes()).toEqual(changed);
    expectTerminalRestored(session);
  });
});
