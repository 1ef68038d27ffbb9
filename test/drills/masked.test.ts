/**
 * Where the promise ends, as `docs/reliability.md` lists it under "What stays masked". A test that fails
 * here may be an improvement: then the page has to lose a line.
 */
import { describe, expect, test } from "@jest/globals";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { MINUTE_MS } from "../../proof/durations.ts";
import { type Happening, playEpisode } from "../../proof/simulation/episode.ts";
import type { World } from "../../proof/simulation/world.ts";

const [A = "", B = ""] = accountIdsOf(2);

describe.each([4, 24])("With tokens valid for %i h", (lifetimeHours) => {
  /** From just after a renewal; and two lifetimes later, when people have left it as it is. */
  const [first, later] = [1.01 * lifetimeHours, 3 * lifetimeHours];
  const unreadable = (accountId: string, from: number): Happening => ({
    ...{ kind: "permission-read-lost", from, accountIds: [accountId] },
  });
  const stopped: Happening = { kind: "schedule-disabled", from: later };

  test.each<[string, readonly Happening[], readonly string[]]>([
    ["checks stop while A cannot be read", [unreadable(A, first), stopped], [B]],
    [
      "checks stop while A's turn meets a bug",
      [{ kind: "account-defect", from: first, accountIds: [A] }, stopped],
      [B],
    ],
    [
      "checks stop while the key's state is unknown",
      [{ kind: "key-unknown", from: first }, stopped],
      [A, B],
    ],
    ["B cannot be read while A cannot", [unreadable(A, first), unreadable(B, later)], [B]],
    [
      "the key is off while A cannot be read",
      [unreadable(A, first), { kind: "key-off", from: later }],
      [B],
    ],
  ])("if %s, rotation-silent from before is the only alarm", async (_, happenings, masked) => {
    const world = await playEpisode({
      ...{ accounts: 2, lifetimeHours, hours: 6 * lifetimeHours, happenings },
    });
    expect(world.promise.violations.map(({ accountId, what }) => [accountId, what])).toEqual(
      masked.map((accountId) => [accountId, "only an alarm from before was in ALARM"]),
    );
  });
});

describe("If checks stop around the minute when B is at risk, and A keeps the early alarm in ALARM", () => {
  test.each([
    [4, 2, 2],
    [4, 10, 10],
    [6, 10, 0],
  ])(
    "the message of %i h and N+%i comes at most %i minutes after the promised quarter",
    async (lifetimeHours, furtherPeriods, latest) => {
      const atRisk = (1 + 2 / 3) * lifetimeHours;
      const late: number[] = [];
      for (let minute = 0; minute <= 20; minute += 2) {
        const stops = atRisk + minute / 60;
        const world = await playEpisode({
          ...{ seed: 3, accounts: 2, lifetimeHours, furtherPeriods, hours: stops + 1.5 },
          happenings: [
            { kind: "secret-wrong", from: 1.12 * lifetimeHours, accountIds: [A] },
            { kind: "dintero-rejects", from: 1.13 * lifetimeHours, accountIds: [B] },
            { kind: "schedule-disabled", from: stops },
          ],
        });
        late.push(minutesLate(world, B));
      }
      expect(Math.max(...late)).toBe(latest);
    },
  );
});

/** From when somebody had to be notified about the account until somebody was; 0 if in time. */
function minutesLate({ promise, alarms }: World, accountId: string): number {
  const missed = promise.violations.find((it) => it.accountId === accountId);
  if (!missed) return 0;
  const message = alarms.changes.find(
    ({ atMs, state, accountId: about = accountId }) =>
      atMs >= missed.atMs && state === "ALARM" && about === accountId,
  );
  return ((message?.atMs ?? Number.POSITIVE_INFINITY) - missed.atMs) / MINUTE_MS;
}
