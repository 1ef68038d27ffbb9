/** Each decision about the alarms is needed: without it, an account in trouble is not heard. */
import { describe, expect, test } from "@jest/globals";
import { ALARMS, type AlarmMetric } from "../../infra/alarm-definitions.ts";
import { metricsOfAccount, metricsOfCheck } from "../../lambda/check-metrics.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { type EpisodeOptions, messagesOf, playEpisode } from "../../proof/simulation/episode.ts";
import type { WorldParts } from "../../proof/simulation/function-model.ts";
import type { World } from "../../proof/simulation/world.ts";

const [A = "", B = "", C = ""] = accountIdsOf(3);
const L = 4;

/** A is rejected and expires; then B is, and C after it, so that C has no early message of its own. */
const ONE_AFTER_THE_OTHER: EpisodeOptions = {
  ...{ accounts: 3, lifetimeHours: L, hours: 6 * L },
  happenings: [
    { kind: "secret-wrong", from: 1.01 * L, accountIds: [A] },
    { kind: "secret-wrong", from: 3 * L, accountIds: [B] },
    { kind: "secret-wrong", from: 3 * L + 0.5, accountIds: [C] },
  ],
};

/** B cannot be read while A fails early. */
const UNREADABLE: EpisodeOptions = {
  ...{ accounts: 2, lifetimeHours: L, hours: 6 * L },
  happenings: [
    { kind: "secret-emptied", from: 1.01 * L, accountIds: [A] },
    { kind: "permission-read-lost", from: 1.01 * L + 0.5, accountIds: [B] },
  ],
};

/** Checks stop while A is at risk. */
const SILENCE: EpisodeOptions = {
  ...{ accounts: 2, lifetimeHours: L, hours: 4 * L },
  happenings: [
    { kind: "dintero-rejects", from: 1.01 * L, accountIds: [A] },
    { kind: "schedule-disabled", from: 2.5 * L },
  ],
};

const whatOf = (world: World) => world.promise.violations.map(({ what }) => what);

describe("The judge finds", () => {
  test.each<[string, EpisodeOptions, Partial<WorldParts>, string]>([
    [
      "nobody notified about the second account, if one alarm watches the least of all",
      ONE_AFTER_THE_OTHER,
      watchingTheLeastOfAll(),
      "nobody was notified",
    ],
    [
      "nobody notified about an account that cannot be read, if a check that saw only some counts",
      UNREADABLE,
      {
        metricsOfCheck: (report, isFull) => metricsOfCheck({ ...report, isComplete: true }, isFull),
      },
      "nobody was notified",
    ],
    [
      "an OK in the middle of a silence, if missing data counts as good",
      SILENCE,
      withAlarm("token-at-risk", { treatMissingData: "notBreaching" }),
      "an OK was sent while it failed",
    ],
  ])("%s", async (_, episode, parts, violation) => {
    expect(whatOf(await playEpisode(episode))).toEqual([]);
    expect(whatOf(await playEpisode({ ...episode, parts }))).toContain(violation);
  });

  test("nobody notified in time, if an account's alarm waits for a second datapoint and a check gets lost", async () => {
    const patient = withAlarm("token-at-risk", { datapointsToAlarm: 2 });
    let [violations, ofPatient] = [0, 0];
    // Around the moment when B is at risk, a check is lost at one moment or another.
    for (let minute = 0; minute < 30; minute += 1) {
      const lost = 6.5 + minute / 60;
      const episode: EpisodeOptions = {
        ...{ accounts: 2, lifetimeHours: L, hours: 9 },
        happenings: [
          // It keeps the early alarm in ALARM, so that B has its own alone.
          { kind: "secret-wrong", from: 4.5, accountIds: [A] },
          { kind: "dintero-rejects", from: 4.51, accountIds: [B] },
          { kind: "schedule-disabled", from: lost, to: lost + 5.5 / 60 },
        ],
      };
      violations += whatOf(await playEpisode(episode)).length;
      ofPatient += whatOf(await playEpisode({ ...episode, parts: patient })).length;
    }
    expect(violations).toBe(0);
    expect(ofPatient).toBeGreaterThan(0);
  });
});

test("If an account at risk counted in the early alarms, the next account would get no early message", async () => {
  const early = (world: World) =>
    messagesOf(world).filter((message) => message === "ALARM credentials-rejected");
  // The second is about B, and C fails while it is in ALARM.
  expect(early(await playEpisode(ONE_AFTER_THE_OTHER))).toHaveLength(2);
  const parts: Partial<WorldParts> = {
    metricsOfCheck: ({ accounts, ...report }, isFull) => {
      // Without what is left of a token, none is at risk.
      const unrated = accounts.map(({ lifeRemainingPercent: _, ...account }) => account);
      return metricsOfCheck({ ...report, accounts: unrated }, isFull);
    },
  };
  expect(early(await playEpisode({ ...ONE_AFTER_THE_OTHER, parts }))).toHaveLength(1);
});

function withAlarm(kind: string, differences: Partial<AlarmMetric>): Partial<WorldParts> {
  return {
    alarms: ALARMS.map((alarm) =>
      alarm.kind === kind ? { ...alarm, metric: { ...alarm.metric, ...differences } } : alarm,
    ),
  };
}

/** One metric and one alarm for all accounts. */
function watchingTheLeastOfAll(): Partial<WorldParts> {
  return {
    alarms: ALARMS.map((alarm) => ({ ...alarm, isPerAccount: false })),
    metricsOfAccount: () => [],
    metricsOfCheck: (report, isFull) => [
      ...metricsOfCheck(report, isFull),
      ...report.accounts.flatMap(metricsOfAccount),
    ],
  };
}
