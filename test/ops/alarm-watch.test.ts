/** Whether people would be told, and whether a drill would prove it. */
import { describe, expect, test } from "@jest/globals";
import { type AlarmView, warningFaults } from "../../ops/alarm-watch.ts";
import { drillFaults, renderDrill } from "../../ops/drill-command.ts";
import { expectMessage, expectWordsPerCause } from "../support/expect-message.ts";

const ALARM: AlarmView = {
  name: "tokens-silent",
  state: "OK",
  since: "2026-01-02T06:30:00.000Z",
  reason: "fine",
  tellsTopic: true,
};
const CONFIRMED = { protocol: "email", endpoint: "a@example.com", isConfirmed: true };
const PENDING = { protocol: "email", endpoint: "b@example.com", isConfirmed: false };

describe("People would be told", () => {
  test.each([
    [[ALARM], [CONFIRMED]],
    [[ALARM], [CONFIRMED, PENDING]],
    [[{ ...ALARM, state: "ALARM" as const }], [CONFIRMED]],
    [undefined, undefined],
  ])("%#: with nothing that stands against it", (alarms, subscriptions) => {
    expect(warningFaults(alarms, subscriptions)).toEqual([]);
  });

  test.each([
    [[ALARM], [], { names: ["Subscription Confirmation"] }],
    [[ALARM], [PENDING], { names: ["Subscription Confirmation"] }],
    [
      [{ ...ALARM, tellsTopic: false }],
      [CONFIRMED],
      {
        names: ["tokens-silent"],
        commands: ["aws cloudwatch enable-alarm-actions --alarm-names tokens-silent"],
      },
    ],
    [
      [{ ...ALARM, state: "MISSING" as const }],
      [CONFIRMED],
      { names: ["tokens-silent"], commands: ["--refresh"], without: ["enable-alarm-actions"] },
    ],
  ])("%#: not, and it says why", (alarms, subscriptions, content) => {
    const [fault = "", ...others] = warningFaults(alarms, subscriptions);
    expectMessage(fault, content);
    expect(others).toEqual([]);
  });

  test("in other words where nobody is subscribed than where nobody has confirmed", () => {
    expectWordsPerCause([
      ["nobody", String(warningFaults([ALARM], []))],
      ["unconfirmed", String(warningFaults([ALARM], [PENDING]))],
      ["unconfirmed", String(warningFaults([ALARM], [PENDING, PENDING]))],
    ]);
  });
});

describe("A drill", () => {
  test("proves nothing to somebody who has not confirmed, and names them", () => {
    expect(drillFaults([ALARM], [CONFIRMED])).toEqual([]);
    const [fault = "", ...others] = drillFaults([ALARM], [CONFIRMED, PENDING]);
    expectMessage(fault, { names: ["b@example.com (email)"], without: ["a@example.com"] });
    expect(others).toEqual([]);
  });

  test("says what to look for: a mail for each alarm, and another where it went back to OK", () => {
    const others = { ...ALARM, name: "tokens-new", state: "INSUFFICIENT_DATA" as const };
    const action = "Successfully executed action arn:topic";
    const drills = [ALARM, others].map(({ name }) => ({ name, action }));
    const text = renderDrill("test", drills, [], [ALARM, others], [CONFIRMED]);
    expect(text).toContain("a@example.com (email)");
    expect(text).toContain('subject: ALARM: "tokens-silent" in');
    expect(text).toContain('subject: OK: "tokens-silent" in');
    expect(text).toContain('subject: ALARM: "tokens-new" in');
    expect(text).not.toContain('subject: OK: "tokens-new" in');
    // Last, what to do where nothing comes.
    expectMessage(text.split("\n").at(-1) ?? "", {
      commands: ["npm run ops -- status --stack test"],
    });
  });

  test("says of an alarm that told nobody what CloudWatch says of it", () => {
    const drills = [
      { name: "tokens-silent", action: "Failed to execute action arn:topic" },
      { name: "tokens-slow", action: undefined },
    ];
    const text = renderDrill("test", drills, [], [ALARM], [CONFIRMED]);
    const [silent = "", slow = "", ...others] = text.split("\n");
    expectMessage(silent, {
      names: ["tokens-silent"],
      commands: ["Failed to execute action arn:topic"],
    });
    expectMessage(slow, { names: ["tokens-slow", "CloudWatch"] });
    expect(others).toEqual([]);
  });

  test("says of an alarm that was on already that it was left alone", () => {
    const text = renderDrill("test", [], [{ ...ALARM, state: "ALARM" }], [], [CONFIRMED]);
    expectMessage(text, {
      names: ["tokens-silent", "2026-01-02T06:30:00.000Z", "docs/operating.md"],
      without: ["topic's policy"],
    });
  });
});
