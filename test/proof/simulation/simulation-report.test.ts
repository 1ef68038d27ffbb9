import { describe, expect, test } from "@jest/globals";
import { HOUR_MS, MINUTE_MS } from "../../../proof/durations.ts";
import {
  firstAlarms,
  formulaMinutes,
  longestOutages,
} from "../../../proof/simulation/outage-experiments.ts";
import { figuresOf, type Measured } from "../../../proof/simulation/simulation-figures.ts";
import { duration } from "../../../proof/simulation/simulation-report.ts";

const CHECK_MINUTES = 5;
const OPTIONS = { seed: 1, lifetimeSeconds: 4 * 3600 };

describe("Outages", () => {
  test.each([
    [24, 15 * 60 + 45],
    [4, 2 * 60 + 25],
  ])("by the formula, with tokens valid for %d h, may last for %d minutes", (hours, minutes) => {
    expect(formulaMinutes(hours * 3600)).toBe(minutes);
  });

  test("are survived as long as the formula says, except for one check", async () => {
    const { thisProgram, daily, twiceADay, hourly } = await longestOutages(OPTIONS);
    expect(Math.abs(thisProgram - formulaMinutes(OPTIONS.lifetimeSeconds))).toBeLessThanOrEqual(
      CHECK_MINUTES,
    );
    // Tokens valid for 4 h do not last from run to run.
    expect([daily, twiceADay]).toEqual([0, 0]);
    // Of four hours, less the run before the outage and the one after it, one hour apart each.
    expect(Math.abs(hourly - 2 * 60)).toBeLessThanOrEqual(CHECK_MINUTES);
  }, 60_000);

  test("that last longer raise an alarm with a good half of the lifetime left", async () => {
    const alarms = await firstAlarms(OPTIONS);
    expect(alarms.thisProgram.length).toBeGreaterThan(0);
    for (const { alarm, leftMs } of alarms.thisProgram) {
      expect(alarm).toBe("renewals-failing");
      expect(leftMs).toBeGreaterThan(2 * HOUR_MS);
    }
    for (const { alarm } of alarms.hourly) expect(alarm).toBe("failed-run");
  }, 60_000);
});

const same = <T>(of: T) => ({ thisProgram: of, daily: of, twiceADay: of, hourly: of });

test("The figures use all runs and months, and each contender's figures use its own", () => {
  const measured: Measured = {
    lifetimeHours: 24,
    accounts: 2,
    days: 40,
    longestOutages: { ...same(0), thisProgram: 944 },
    firstAlarms: same([
      { alarm: "b", leftMs: 30 * MINUTE_MS },
      { alarm: "a", leftMs: 20 * MINUTE_MS },
      { leftMs: 0 },
      { alarm: "b", leftMs: 10 * MINUTE_MS },
    ]),
    firstTokens: { ...same([1_000, 9_000, 2_000]), daily: [3_000] },
    handEdits: same({ "token-edited": [60_000, 120_000], "token-deleted": [30_400] }),
    messages: [{ situation: "a", counts: [{ ALARM: 2, urgent: 1, OK: 2 }] }],
    months: [
      same({ alarms: ["a"], requests: 100, expiredMs: MINUTE_MS }),
      same({ alarms: ["a", "b"], requests: 60, expiredMs: 7 * MINUTE_MS }),
    ],
  };
  const figures = figuresOf(measured);
  expect(figures).toMatchObject({ lifetimeHours: 24, accountDays: 80, formulaMinutes: 945 });
  expect(figures.outageSurvivedMinutes).toEqual({ ...same(0), thisProgram: 944 });
  expect(figures.firstAlarm.daily).toEqual({
    leastMinutesLeft: 0,
    medianMinutesLeft: 15,
    alarms: { a: 1, b: 2, "no alarm": 1 },
  });
  expect(figures.messages).toEqual(measured.messages);
  expect(figures.falseAlarms.hourly).toBe(3);
  expect(figures.requestsPerAccountDay.thisProgram).toBe(2);
  expect(figures.expiredMinutesPerAccountDay.thisProgram).toBe(0.1);
  expect(figures.firstTokenSeconds.thisProgram).toEqual({ median: 2, longest: 9 });
  expect(figures.firstTokenSeconds.daily).toEqual({ median: 3, longest: 3 });
  expect(figures.editHealedSeconds.thisProgram).toEqual({ median: 90, longest: 120 });
  expect(figures.deletionHealedSeconds.thisProgram).toEqual({ median: 30, longest: 30 });
});

test.each([
  [0, "none"],
  [0.5, "30 s"],
  [9.99, "9 min 59 s"],
  [10, "10 min"],
  [59.9, "59 min"],
  [60, "1 h 00 min"],
  [945, "15 h 45 min"],
])("%d minutes are written as %s", (minutes, expected) => {
  expect(duration(minutes)).toBe(expected);
});
