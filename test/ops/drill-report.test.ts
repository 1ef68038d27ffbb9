/** What a drill reports, and which alarms it leaves out. */
import { describe, expect, test } from "@jest/globals";
import { planOf } from "../../ops/drill-command.ts";
import { type DrillOutcome, renderDrill } from "../../ops/drill-report.ts";
import { expectMessage } from "../support/expect-message.ts";
import { alarmView, MINUTE_MS, NOW_MS } from "./status-parts.ts";

const ALARM = alarmView({ name: "tokens-silent", since: "2026-01-02T06:30:00.000Z" });
const CONFIRMED = {
  ...{ topicArn: "arn:topic", protocol: "email", endpoint: "a@example.com", isConfirmed: true },
};
const NOTHING: DrillOutcome = {
  ...{ stack: "test", drills: [], quiet: [], firing: [], warmingUp: [] },
  topics: [{ topicArn: "arn:topic", emails: [], subscriptions: [CONFIRMED] }],
};
const drillOf = (name: string, summary: string | undefined, topicArn = "arn:topic") => ({
  name,
  actions: [{ topicArn, summary }],
});

describe("A report", () => {
  test("says what to look for: a mail for each alarm, and another if it went back to OK", () => {
    const others = { ...ALARM, name: "tokens-new", state: "INSUFFICIENT_DATA" as const };
    const action = "Successfully executed action arn:topic";
    const drills = [ALARM, others].map(({ name }) => drillOf(name, action));
    const text = renderDrill({ ...NOTHING, drills, quiet: [ALARM, others] });
    expect(text).toContain("a@example.com (email)");
    expect(text).toContain('subject: ALARM: "tokens-silent" in');
    expect(text).toContain('subject: OK: "tokens-silent" in');
    expect(text).toContain('subject: ALARM: "tokens-new" in');
    expect(text).not.toContain('subject: OK: "tokens-new" in');
    // Last, what to do if nothing comes.
    expect(text.split("\n").at(-1)?.trim()).toBe("npm run ops -- status --stack test");
  });

  test("names each topic that was not notified, what CloudWatch reports, and the topic's policy and key", () => {
    const drills = [
      drillOf("tokens-silent", "Failed to execute action arn:topic"),
      drillOf("tokens-slow", undefined, "arn:pager"),
    ];
    const [lines = "", remedies = "", ...others] = renderDrill({ ...NOTHING, drills }).split(
      "\n\n",
    );
    expectMessage(lines.replaceAll("\n", " "), {
      names: ["tokens-silent", "arn:topic", "tokens-slow", "arn:pager", "CloudWatch"],
      commands: ["Failed to execute action arn:topic"],
    });
    expectMessage(remedies.replaceAll("\n", " "), {
      names: ["sns:Publish", "kms:Decrypt", "alias/aws/sns", "cloudwatch.amazonaws.com"],
      commands: ["kms:GenerateDataKey*"],
    });
    expect(others).toEqual([]);
  });

  test("says that an alarm that was already in ALARM was skipped", () => {
    const text = renderDrill({ ...NOTHING, firing: [{ ...ALARM, state: "ALARM" }] });
    expectMessage(text.replaceAll("\n", " "), {
      names: ["tokens-silent", "2026-01-02 06:30", "docs/operating.md"],
      without: ["sns:Publish"],
    });
  });

  test("says when the warm-up of a new alarm ends", () => {
    const warmingUp = [{ ...ALARM, warmUpEndsAt: "2026-01-02T07:00:00.000Z" }];
    const text = renderDrill({ ...NOTHING, warmingUp });
    expectMessage(text.replaceAll("\n", " "), {
      names: ["tokens-silent", "2026-01-02 07:00"],
      without: ["sns:Publish"],
    });
  });

  test("fits 80 columns, except for names", () => {
    const drills = [drillOf("tokens-slow", undefined)];
    const firing = [{ ...ALARM, state: "ALARM" as const }];
    for (const line of renderDrill({ ...NOTHING, drills, firing }).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});

describe("A plan", () => {
  const at = (minutes: number) => new Date(NOW_MS + minutes * MINUTE_MS).toISOString();

  test("omits alarms in ALARM, and a new alarm during its warm-up", () => {
    const alarms = [
      alarmView({ name: "ok" }),
      alarmView({ name: "firing", state: "ALARM" }),
      alarmView({ name: "new", state: "INSUFFICIENT_DATA", warmUpEndsAt: at(1) }),
      alarmView({ name: "warm", state: "INSUFFICIENT_DATA", warmUpEndsAt: at(-1) }),
      // Changed a moment ago, and evaluated before: its warm-up was over already.
      alarmView({ name: "changed", state: "OK", warmUpEndsAt: at(1) }),
    ];
    const { quiet, firing, warmingUp } = planOf(alarms, NOW_MS);
    expect(quiet.map(({ name }) => name)).toEqual(["ok", "warm", "changed"]);
    expect(firing.map(({ name }) => name)).toEqual(["firing"]);
    expect(warmingUp.map(({ name }) => name)).toEqual(["new"]);
  });
});
