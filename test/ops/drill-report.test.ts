/** Whether a drill would prove anything, and what it says. */
import { describe, expect, test } from "@jest/globals";
import { renderDrill } from "../../ops/drill-command.ts";
import { expectMessage } from "../support/expect-message.ts";
import { alarmView } from "./status-parts.ts";

const ALARM = alarmView({ name: "tokens-silent", since: "2026-01-02T06:30:00.000Z" });
const CONFIRMED = {
  ...{ topicArn: "arn:topic", protocol: "email", endpoint: "a@example.com", isConfirmed: true },
};

describe("A drill", () => {
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
