/** What is said of alarm mute rules, and when they end. */
import { describe, expect, test } from "@jest/globals";
import {
  isMutedForLong,
  type MuteRuleView,
  muteFaults,
  muteSentence,
} from "../../ops/mute-rules.ts";
import { muteEndMs } from "../../ops/mute-schedule.ts";
import { expectMessage } from "../support/expect-message.ts";
import { ADVICE, alarmView, minutesAgo, NOW_MS } from "./status-parts.ts";

describe("A rule that mutes once ends", () => {
  test.each([
    ["at(2026-01-02T03:04)", "PT1M", "UTC", "2026-01-02T03:05:00.000Z"],
    ["at(2026-01-02T03:04)", "PT4H", "UTC", "2026-01-02T07:04:00.000Z"],
    ["at(2026-01-02T03:04)", "P2DT12H30M", "UTC", "2026-01-04T15:34:00.000Z"],
    ["at(2026-01-02T03:04)", "P15D", "UTC", "2026-01-17T03:04:00.000Z"],
    ["at(2026-01-02T03:04)", "PT4H", "Europe/Oslo", "2026-01-02T06:04:00.000Z"],
    ["at(2026-07-02T03:04)", "PT4H", "Europe/Oslo", "2026-07-02T05:04:00.000Z"],
    ["at(2026-07-02T03:04)", "PT4H", "America/New_York", "2026-07-02T11:04:00.000Z"],
    ["at(2026-07-02T03:04)", "PT4H", "Asia/Kolkata", "2026-07-02T01:34:00.000Z"],
    // In the hours after the clocks were changed, by which the offset of the same time in UTC is another.
    ["at(2026-03-29T03:30)", "PT1H", "Europe/Oslo", "2026-03-29T02:30:00.000Z"],
    ["at(2026-03-08T03:30)", "PT1H", "America/New_York", "2026-03-08T08:30:00.000Z"],
  ])("%s for %s in %s at %s", (schedule, duration, timeZone, expected) => {
    const endMs = muteEndMs({ schedule, duration, timeZone });
    expect(new Date(endMs ?? 0).toISOString()).toBe(expected);
  });

  test.each([
    ["cron(0 2 * * *)", "PT4H", "UTC"],
    ["at(2026-01-02T03:04)", "4 hours", "UTC"],
    ["at(2026-01-02T03:04)", "PT4H", "Nowhere/Town"],
    ["at(soon)", "PT4H", "UTC"],
  ])("%s for %s in %s at an unknown time", (schedule, duration, timeZone) => {
    expect(muteEndMs({ schedule, duration, timeZone })).toBeUndefined();
  });
});

const RULE: MuteRuleView = {
  name: "planned work",
  alarmNames: ["alarm-1"],
  schedule: "at(2026-01-02T00:00)",
  duration: "PT4H",
  timeZone: "UTC",
  endsAt: "2026-01-02T04:00:00.000Z",
};
const recurring = { schedule: "cron(0 2 * * SUN)", timeZone: "Europe/Oslo", endsAt: null };
const DAY_MINUTES = 24 * 60;

describe("A rule is a fault", () => {
  const DELETE =
    "aws cloudwatch delete-alarm-mute-rule --alarm-mute-rule-name 'planned work' --region eu-north-1";

  test("only if it has more than 24 h left, or no end", () => {
    expect(isMutedForLong(RULE, NOW_MS)).toBe(false);
    expect(isMutedForLong({ ...RULE, endsAt: minutesAgo(-DAY_MINUTES) }, NOW_MS)).toBe(false);
    expect(isMutedForLong({ ...RULE, endsAt: minutesAgo(-DAY_MINUTES - 1) }, NOW_MS)).toBe(true);
    expect(isMutedForLong({ ...RULE, ...recurring }, NOW_MS)).toBe(true);
    expect(muteFaults([RULE], [alarmView()], ADVICE, NOW_MS)).toEqual([]);
  });

  test.each([
    ["token-at-risk", "urgent"],
    ["rotation-silent", "urgent"],
    ["check-broken", "not-urgent"],
  ] as const)("with the command that ends it; for %s it is %s", (kind, urgency) => {
    const alarms = [alarmView({ kind }), alarmView({ name: "alarm-2" })];
    const [fault, ...others] = muteFaults([{ ...RULE, ...recurring }], alarms, ADVICE, NOW_MS);
    expect(fault).toMatchObject({ code: "alarm-muted", urgency });
    const [sentence = "", command = ""] = fault?.message.split(": aws") ?? [];
    expect(`aws${command}`).toBe(DELETE);
    expect(sentence).toContain("cron(0 2 * * SUN) Europe/Oslo, PT4H");
    expect(others).toEqual([]);
  });
});

describe("The sentence about a rule", () => {
  test("has its end if it mutes once", () => {
    const sentence = muteSentence(RULE);
    expectMessage(sentence, { names: ["planned work", "1 alarm", "2026-01-02 04:00 UTC"] });
    expect(sentence).not.toContain("at(");
  });

  test("has its schedule unchanged if it recurs, and its end if it has one", () => {
    const sentence = muteSentence({ ...RULE, ...recurring });
    expect(sentence).toContain("cron(0 2 * * SUN) Europe/Oslo, PT4H");
    const ending = muteSentence({ ...RULE, ...recurring, endsAt: "2026-02-01T00:00:00.000Z" });
    expect(ending).toContain("2026-02-01 00:00 UTC");
    expect(ending).toContain("cron(0 2 * * SUN) Europe/Oslo, PT4H");
  });

  test("has the schedule too if its end is unknown", () => {
    const sentence = muteSentence({ ...RULE, duration: "4 hours", endsAt: null });
    expect(sentence).toContain("at(2026-01-02T00:00) UTC, 4 hours");
  });
});
