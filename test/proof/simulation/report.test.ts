import { describe, expect, test } from "@jest/globals";
import { mapCompared } from "../../../proof/simulation/contenders.ts";
import {
  firstAlarms,
  formulaMinutes,
  longestOutages,
} from "../../../proof/simulation/outage-experiments.ts";
import { figuresOf, type Measured, median } from "../../../proof/simulation/report.ts";
import { duration, reportText } from "../../../proof/simulation/report-text.ts";

const CHECK_MINUTES = 5;
const OPTIONS = { seed: 1, lifetimeSeconds: 4 * 3600 };

describe("Outages", () => {
  test.each([
    [24, 15 * 60 + 45],
    [4, 2 * 60 + 25],
  ])("by the formula, with tokens of %d h, may last for %d minutes", (hours, minutes) => {
    expect(formulaMinutes(hours * 3600)).toBe(minutes);
  });

  test("are survived as long as the formula says, but for a check", async () => {
    const { thisProgram, daily, twiceADay, hourly } = await longestOutages(OPTIONS);
    expect(Math.abs(thisProgram - formulaMinutes(OPTIONS.lifetimeSeconds))).toBeLessThanOrEqual(
      CHECK_MINUTES,
    );
    // Tokens of 4 h do not last from run to run.
    expect([daily, twiceADay]).toEqual([0, 0]);
    // Of four hours, less the run before the outage and the one after it, one hour apart each.
    expect(Math.abs(hourly - 2 * 60)).toBeLessThanOrEqual(CHECK_MINUTES);
  }, 60_000);

  test("that last longer are told of with a good half of the life left", async () => {
    const alarms = await firstAlarms(OPTIONS);
    expect(alarms.thisProgram.length).toBeGreaterThan(0);
    for (const { alarm, leftMs } of alarms.thisProgram) {
      expect(alarm).toBe("renewals-failing");
      expect(leftMs).toBeGreaterThan(2 * 3_600_000);
    }
    for (const { alarm } of alarms.hourly) expect(alarm).toBe("failed-run");
  }, 60_000);
});

const same = <T>(of: T) => ({ thisProgram: of, daily: of, twiceADay: of, hourly: of });

const MEASURED: Measured = {
  lifetimeHours: 24,
  accounts: 2,
  days: 40,
  longestOutages: { ...same(0), thisProgram: 944 },
  firstAlarms: same([
    { alarm: "b", leftMs: 30 * 60_000 },
    { alarm: "a", leftMs: 20 * 60_000 },
    { leftMs: 0 },
    { alarm: "b", leftMs: 10 * 60_000 },
  ]),
  firstTokens: same([1_000, 9_000, 2_000]),
  handEdits: same({ "token-edited": [60_000, 120_000], "token-deleted": [30_400] }),
  months: [
    same({ alarms: ["a"], requests: 100, expiredMs: 60_000 }),
    same({ alarms: ["a", "b"], requests: 60, expiredMs: 7 * 60_000 }),
  ],
};

describe("The figures", () => {
  test("are made from all runs and months", () => {
    const figures = figuresOf(MEASURED);
    expect(figures).toMatchObject({ lifetimeHours: 24, accountDays: 80, formulaMinutes: 945 });
    expect(figures.outageSurvivedMinutes.thisProgram).toBe(944);
    expect(figures.firstAlarm.daily).toEqual({
      leastMinutesLeft: 0,
      medianMinutesLeft: 15,
      alarms: { a: 1, b: 2, "nobody told": 1 },
    });
    expect(figures.falseAlarms.hourly).toBe(3);
    expect(figures.requestsPerAccountDay.thisProgram).toBe(2);
    expect(figures.expiredMinutesPerAccountDay.thisProgram).toBe(0.1);
    expect(figures.firstTokenSeconds.thisProgram).toEqual({ median: 2, longest: 9 });
    expect(figures.editHealedSeconds.thisProgram).toEqual({ median: 90, longest: 120 });
    expect(figures.deletionHealedSeconds.thisProgram).toEqual({ median: 30, longest: 30 });
  });

  test("stand in a table, one column for each contender", () => {
    const lines = reportText([figuresOf(MEASURED)], "the command").split("\n");
    expect(lines[0]).toBe("the command");
    const rows = lines.slice(lines.findIndex((line) => line.includes("this program  ")));
    expect(rows[0]).toMatch(/^ +this program +daily +every 12 h +hourly$/);
    expect(rows[1]).toMatch(/^longest outage that no reader notices +15 h 44 min( +none){3}$/);
    const widths = new Set(rows.filter((row) => row !== "").map((row) => row.length));
    expect(widths.size).toBe(1);
  });

  test.each([
    [[3, 1, 2], 2],
    [[1, 4, 2, 3], 2.5],
    [[7], 7],
  ])("the median of %j is %d", (numbers, expected) => {
    expect(median(numbers)).toBe(expected);
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

  test("each contender's is made from its own", () => {
    const of = { thisProgram: 1, daily: 2, twiceADay: 3, hourly: 4 };
    expect(mapCompared(of, (number) => 10 * number)).toEqual({
      thisProgram: 10,
      daily: 20,
      twiceADay: 30,
      hourly: 40,
    });
  });
});
