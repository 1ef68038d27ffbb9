/** Whether people would be told, and whether a drill would prove it. */
import { describe, expect, test } from "@jest/globals";
import { type AlarmView, warningFaults } from "../../ops/alarm-watch.ts";
import { drillFaults, renderDrill } from "../../ops/drill-command.ts";

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
    [[ALARM], [], "nobody is subscribed"],
    [[ALARM], [PENDING], "no subscription is confirmed"],
    [
      [{ ...ALARM, tellsTopic: false }],
      [CONFIRMED],
      "enable-alarm-actions --alarm-names tokens-silent",
    ],
    [
      [{ ...ALARM, state: "MISSING" as const }],
      [CONFIRMED],
      "The alarm tokens-silent does not exist",
    ],
  ])("%#: not, and it says why", (alarms, subscriptions, fault) => {
    expect(warningFaults(alarms, subscriptions)).toEqual([expect.stringContaining(fault)]);
  });
});

describe("A drill", () => {
  test("proves nothing to somebody who has not confirmed, and names them", () => {
    expect(drillFaults([ALARM], [CONFIRMED])).toEqual([]);
    expect(drillFaults([ALARM], [CONFIRMED, PENDING])).toEqual([
      expect.stringContaining("Not confirmed: b@example.com (email)"),
    ]);
  });

  test("says what to look for: a mail for each alarm, and another where it went back to OK", () => {
    const others = { ...ALARM, name: "tokens-new", state: "INSUFFICIENT_DATA" as const };
    const action = "Successfully executed action arn:topic";
    const drills = [ALARM, others].map(({ name }) => ({ name, action }));
    const text = renderDrill("test", drills, [], [ALARM, others], [CONFIRMED]);
    expect(text).toContain("Now look at: a@example.com (email)");
    expect(text).toContain('subject: ALARM: "tokens-silent" in');
    expect(text).toContain('subject: OK: "tokens-silent" in');
    expect(text).toContain('subject: ALARM: "tokens-new" in');
    expect(text).not.toContain('subject: OK: "tokens-new" in');
    expect(text).toContain("If nothing comes");
  });

  test("says of an alarm that told nobody what CloudWatch says of it", () => {
    const drills = [
      { name: "tokens-silent", action: "Failed to execute action arn:topic" },
      { name: "tokens-slow", action: undefined },
    ];
    const text = renderDrill("test", drills, [], [ALARM], [CONFIRMED]);
    expect(text).toContain(
      "tokens-silent: has NOT told the topic: Failed to execute action arn:topic.",
    );
    expect(text).toContain(
      "tokens-slow: has NOT told the topic: CloudWatch reported no action in time.",
    );
    expect(text).not.toContain("subject:");
  });

  test("says of an alarm that was on already that it was left alone", () => {
    const text = renderDrill("test", [], [{ ...ALARM, state: "ALARM" }], [], [CONFIRMED]);
    expect(text).toContain("tokens-silent: has been on since 2026-01-02T06:30:00.000Z");
  });
});
