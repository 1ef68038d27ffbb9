/** `drill`, against alarms and topics that notify. */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { expectMessage, expectPart } from "../support/expect-message.ts";
import {
  CTRL_C,
  expectTerminalRestored,
  lastLine,
  type OpsRun,
  runOps,
  Terminal,
  withStandingStackOf,
} from "./ops-process.ts";

const stack = withStandingStackOf({
  accountIds: ["T10000001", "T10000002"],
  hasUrgentTopic: true,
});

beforeEach(() => {
  stack.current.aws.calls.length = 0;
  stack.current.aws.topics.sent.length = 0;
});

function drill(...options: string[]): Promise<OpsRun> {
  return runOps(stack.current, ["drill", "--stack", "test", ...options]);
}

/** Those of the stack and of its first account. */
function drilledNames(): string[] {
  return stack.current.outputs.alarmNames.filter((name) => !name.includes("T10000002"));
}

/** The states that were asked for, by alarm. */
function statesSet(): Record<string, string[]> {
  const states: Record<string, string[]> = {};
  for (const { operation, input } of stack.current.aws.calls) {
    if (operation !== "SetAlarmState") continue;
    const { AlarmName, StateValue } = input;
    states[String(AlarmName)] = [...(states[String(AlarmName)] ?? []), String(StateValue)];
  }
  return states;
}

test("The alarms of the stack and of one account notify the subscribers, and are reset", async () => {
  const { aws } = stack.current;
  const run = await drill();
  expect(run.status).toBe(0);
  const names = drilledNames();
  expect(names).toHaveLength(5);
  expect(statesSet()).toEqual(Object.fromEntries(names.map((name) => [name, ["ALARM", "OK"]])));
  // Two of them are urgent, and notify the urgent topic too.
  expect(aws.topics.sent).toHaveLength(2 * (names.length + 2));
  expectPart(run.stderr.trim(), { names: ["T10000001", "--all"], without: ["T10000002"] });
  expect(aws.topics.sent[0]?.message).toMatch(
    /Drill by arn:aws:iam::123456789012:user\/engineer at [-:T\d]{19} UTC: nothing is wrong\./,
  );
  for (const name of names) {
    expect(run.stdout).toContain(`subject: ALARM: "${name}" in`);
  }
  expect(run.stdout).toContain("on-call@example.com (email)");
});

test("With --all the alarm of every account is drilled", async () => {
  const run = await drill("--all");
  expect(run.status).toBe(0);
  expect(Object.keys(statesSet()).sort()).toEqual([...stack.current.outputs.alarmNames].sort());
});

test("A topic that an alarm does not notify is something to fix, also if it is only the urgent topic", async () => {
  const { aws, outputs } = stack.current;
  const { alarmTopicArn, urgentAlarmTopicArn = "" } = outputs;
  aws.topics.refusePublishing(urgentAlarmTopicArn, "not authorized");
  const run = await drill();
  aws.topics.refusePublishing(urgentAlarmTopicArn, undefined);
  expect(run.status).toBe(1);
  expectPart(run.stdout.trim(), {
    names: [urgentAlarmTopicArn, "sns:Publish", "alias/aws/sns"],
    without: [alarmTopicArn],
  });
});

test("An alarm that is already in ALARM is skipped and reported", async () => {
  const { aws } = stack.current;
  const [firing = "", ...others] = drilledNames();
  aws.alarms.setState(firing, "ALARM", "Threshold Crossed");
  const run = await drill();
  aws.alarms.setState(firing, "OK", "over");
  expect(run.status).toBe(1);
  expect(Object.keys(statesSet()).sort()).toEqual(others.sort());
  const [paragraph = ""] = run.stdout.split("\n\n").filter((it) => it.startsWith(`${firing}: `));
  expectMessage(paragraph.replaceAll("\n", " "), {
    names: [firing, "docs/operating.md"],
    without: ["sns:Publish"],
  });
});

describe("No alarm is set", () => {
  test("if a subscription is not confirmed", async () => {
    const { aws, outputs } = stack.current;
    aws.topics.subscribe(outputs.alarmTopicArn, "email", "new@example.com", "PendingConfirmation");
    const run = await drill();
    aws.topics.subscribe(outputs.alarmTopicArn, "email", "new@example.com", "Deleted");
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expectPart(run.stderr.trim(), { names: ["new@example.com (email)"] });
    expect(statesSet()).toEqual({});
  });

  test("if the alarms may not be read", async () => {
    stack.current.aws.denyAccess({
      operation: "DescribeAlarms",
      action: "cloudwatch:DescribeAlarms",
      resource: "arn:alarms",
    });
    const run = await drill();
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expectMessage(lastLine(run.stderr), { names: ["cloudwatch:DescribeAlarms", "arn:alarms"] });
    expect(statesSet()).toEqual({});
  });
});

test("If one alarm may not be set, the others are reset", async () => {
  const { aws } = stack.current;
  const [refused = ""] = drilledNames();
  aws.addFault({
    operation: "SetAlarmState",
    when: ({ AlarmName, StateValue }) => AlarmName === refused && StateValue === "ALARM",
    effect: { error: "AccessDenied", status: 403 },
  });
  const run = await drill();
  expect(run).toMatchObject({ status: 2, stdout: "" });
  expectMessage(lastLine(run.stderr), { names: ["cloudwatch:SetAlarmState", refused] });
  for (const name of drilledNames()) {
    expect(statesSet()[name]).toEqual(name === refused ? ["ALARM"] : ["ALARM", "OK"]);
  }
});

describe("After an interruption, every alarm that was set is reset", () => {
  /** Hangs the drill then, and is fulfilled. */
  function allSet(): Promise<void> {
    const { aws } = stack.current;
    const { promise, resolve } = Promise.withResolvers<void>();
    const looksAt: Record<string, number> = {};
    aws.addFault({
      operation: "DescribeAlarmHistory",
      // The first look at a history is before its alarm is set.
      when: ({ AlarmName }) => {
        const looks = (looksAt[String(AlarmName)] ?? 0) + 1;
        looksAt[String(AlarmName)] = looks;
        if (drilledNames().every((name) => looksAt[name] === 2)) resolve();
        return looks === 2;
      },
      effect: { hang: true },
    });
    return promise;
  }

  /** Is fulfilled when the last alarm is asked to be set back. */
  function allSetBack(): Promise<void> {
    const { aws } = stack.current;
    const { promise, resolve } = Promise.withResolvers<void>();
    let setBack = 0;
    aws.addFault({
      operation: "SetAlarmState",
      when: ({ StateValue }) => {
        if (StateValue === "OK") setBack += 1;
        if (setBack === drilledNames().length) resolve();
        return false;
      },
      effect: { hang: true },
    });
    return promise;
  }

  function expectAllSetBack(): void {
    const names = drilledNames();
    expect(statesSet()).toEqual(Object.fromEntries(names.map((name) => [name, ["ALARM", "OK"]])));
  }

  test("by Ctrl-C", async () => {
    const set = allSet();
    const terminal = new Terminal(stack.current, ["drill", "--stack", "test"]);
    await set;
    terminal.type(CTRL_C);
    const session = await terminal.finish();
    expect(session.status).toBe(130);
    expectMessage(lastLine(session.output));
    expectAllSetBack();
    expectTerminalRestored(session);
  });

  test("when the terminal is closed, although nothing can be shown", async () => {
    const set = allSet();
    const setBack = allSetBack();
    const terminal = new Terminal(stack.current, ["drill", "--stack", "test"]);
    await set;
    terminal.close();
    await setBack;
    expectAllSetBack();
  });
});
