import { describe, expect, test } from "@jest/globals";
import { FixedSchedule } from "../../../proof/simulation/fixed-schedule.ts";
import type { Incident, IncidentKind } from "../../../proof/simulation/incidents.ts";
import { START_MS } from "../../../proof/simulation/world.ts";

const HOUR_MS = 3_600_000;

async function play(
  everyHours: number,
  { lifetimeHours = 24, hours = 48, incidents = [] as readonly Incident[] },
): Promise<FixedSchedule> {
  const schedule = new FixedSchedule({
    seed: 1,
    accounts: 2,
    everyMs: everyHours * HOUR_MS,
    lifetimeSeconds: lifetimeHours * 3600,
    incidents,
    weather: false,
  });
  await schedule.run(hours * HOUR_MS - 1);
  schedule.readers.close();
  return schedule;
}

function incident(kind: IncidentKind, fromHour: number, toHour: number): Incident {
  return { kind, fromMs: START_MS + fromHour * HOUR_MS, toMs: START_MS + toHour * HOUR_MS };
}

describe("A fixed schedule", () => {
  test.each([
    [24, 2],
    [12, 4],
    [1, 48],
  ])("of every %d h asks %d times in two days for each account", async (everyHours, runs) => {
    const { dintero, alarms } = await play(everyHours, {});
    expect(dintero.requests).toBe(2 * runs);
    expect(alarms.changes).toEqual([]);
  });

  test("never lets a token expire where tokens outlive its runs by more than a cache", async () => {
    const { readers } = await play(12, {});
    expect(readers.spells).toEqual([]);
  });

  test("leaves readers with an expired token for the rest of its interval", async () => {
    const { readers } = await play(12, { lifetimeHours: 4, hours: 24 });
    // Two intervals of two accounts; the last one ends with the run.
    expect(readers.spells).toHaveLength(4);
    const hours = readers.spells.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS);
    for (const spell of hours) expect(Math.abs(spell - 8 - 5 / 60)).toBeLessThan(2 / 60);
  });

  test("leaves a failed run to the next one, and is on about it until then", async () => {
    const { dintero, alarms, readers } = await play(12, {
      incidents: [incident("dintero-down", 11, 13)],
    });
    expect(dintero.requests).toBe(8);
    expect(alarms.changes.map(({ alarm, state }) => [alarm, state])).toEqual([
      ["failed-run", "ALARM"],
      ["failed-run", "OK"],
    ]);
    const hours = alarms.changes.map(({ atMs }) => Math.floor((atMs - START_MS) / HOUR_MS));
    expect(hours).toEqual([12, 24]);
    // A token of 24 h runs out while the run after the failed one is late, or in a cache.
    expect(readers.spells).toHaveLength(2);
    for (const { wasTold } of readers.spells) expect(wasTold).toBe(true);
  });

  test.each<IncidentKind>([
    "dintero-rate-limits",
    "dintero-rejects",
    "function-broken",
    "ssm-down",
    "permission-write-lost",
    "permission-secret-lost",
  ])("fails while there is %s", async (kind) => {
    const { alarms } = await play(12, { incidents: [incident(kind, 11, 13)] });
    expect(alarms.changes).toHaveLength(2);
  });

  test("says nothing while the schedule is disabled", async () => {
    const { alarms, dintero } = await play(12, {
      incidents: [incident("schedule-disabled", 11, 25)],
    });
    expect(alarms.changes).toEqual([]);
    expect(dintero.requests).toBe(4);
  });

  test.each<IncidentKind>(["token-edited", "token-deleted"])(
    "heals what is %s at its next run",
    async (kind) => {
      const { readers } = await play(12, {
        hours: 24,
        incidents: [{ kind, fromMs: START_MS + HOUR_MS }],
      });
      const ofOne = readers.changes.filter(({ accountId }) => accountId === "T10000001");
      expect(ofOne.map(({ expiresAtMs }) => expiresAtMs !== undefined)).toEqual([
        true,
        false,
        true,
      ]);
      expect(Math.floor(((ofOne[2]?.atMs ?? 0) - START_MS) / HOUR_MS)).toBe(12);
    },
  );

  test.each<[IncidentKind, boolean]>([
    ["secret-replaced", false],
    ["secret-wrong", true],
    ["secret-emptied", true],
  ])("after %s its next run fails: %s", async (kind, fails) => {
    const { alarms } = await play(12, { incidents: [{ kind, fromMs: START_MS + HOUR_MS }] });
    expect(alarms.changes).toHaveLength(fails ? 1 : 0);
  });
});
