import { describe, expect, test } from "@jest/globals";
import { HOUR_MS } from "../../../proof/durations.ts";
import { FixedSchedule } from "../../../proof/simulation/fixed-schedule.ts";
import type { Incident } from "../../../proof/simulation/incidents.ts";
import { START_MS } from "../../../proof/simulation/world.ts";

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

describe("A fixed schedule", () => {
  test("asks for a token at each of its times, even if that is not necessary", async () => {
    const { dintero, alarms, readers } = await play(12, {});
    expect(dintero.requests).toBe(2 * 4);
    expect(alarms.changes).toEqual([]);
    expect(readers.spells).toEqual([]);
  });

  test("leaves readers with an expired token for the rest of its interval", async () => {
    const { readers } = await play(12, { lifetimeHours: 4, hours: 24 });
    // Two intervals of two accounts; the last one ends with the run.
    expect(readers.spells).toHaveLength(4);
    const hours = readers.spells.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS);
    for (const spell of hours) expect(Math.abs(spell - 8 - 5 / 60)).toBeLessThan(2 / 60);
  });

  test("repeats a failed run only at the next one, and its alarm stays in ALARM until then", async () => {
    const fromMs = START_MS + 11 * HOUR_MS;
    const { dintero, alarms, readers } = await play(12, {
      incidents: [{ kind: "dintero-down", fromMs, toMs: fromMs + 2 * HOUR_MS }],
    });
    expect(dintero.requests).toBe(8);
    const changes = alarms.changes.map(({ atMs, alarm, state }) => [
      Math.floor((atMs - START_MS) / HOUR_MS),
      alarm,
      state,
    ]);
    expect(changes).toEqual([
      [12, "failed-run", "ALARM"],
      [24, "failed-run", "OK"],
    ]);
    // A token of 24 h expires while the run after the failed one is late, or in a cache.
    expect(readers.spells).toHaveLength(2);
  });

  test.each(["token-edited", "token-deleted"] as const)(
    "repairs what is %s at its next run",
    async (kind) => {
      const incidents = [{ kind, fromMs: START_MS + HOUR_MS }];
      const { readers } = await play(12, { hours: 24, incidents });
      const ofOne = readers.changes.filter(({ accountId }) => accountId === "T10000001");
      const isToken = ofOne.map(({ token }) => token !== undefined);
      expect(isToken).toEqual([true, false, true]);
      expect(Math.floor(((ofOne[2]?.atMs ?? 0) - START_MS) / HOUR_MS)).toBe(12);
    },
  );

  test("fails while a secret is empty, and succeeds after credentials are stored", async () => {
    const incidents = [
      { kind: "secret-emptied", fromMs: START_MS + HOUR_MS },
      { kind: "secret-replaced", fromMs: START_MS + 13 * HOUR_MS },
    ] as const;
    const { alarms } = await play(12, { incidents });
    expect(alarms.changes.map(({ state }) => state)).toEqual(["ALARM", "OK"]);
  });
});
