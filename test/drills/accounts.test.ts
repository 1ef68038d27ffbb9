/** One account in trouble hides no other: the promise, for each account by itself. */
import { describe, expect, test } from "@jest/globals";
import { accountIdsOf } from "../../proof/account-ids.ts";
import {
  countsOf,
  type Happening,
  messagesOf,
  playEpisode,
} from "../../proof/simulation/episode.ts";

const [A = "", B = ""] = accountIdsOf(2);

/** What can break one account, from an hour to another. */
const CAUSES: Readonly<Record<string, readonly Happening["kind"][]>> = {
  "rejected credentials": ["dintero-rejects"],
  "a refusal by Dintero": ["dintero-rate-limits"],
  "a deleted secret": ["secret-deleted"],
  // A new token is refused too, or the next check would repair it.
  "a deleted parameter": ["token-deleted", "dintero-down"],
  "the same token again": ["dintero-same-token"],
};
const happenings = (
  cause: string,
  accountId: string,
  from: number,
  to: number,
): readonly Happening[] =>
  (CAUSES[cause] ?? []).map((kind) => ({ kind, from, to, accountIds: [accountId] }));
const PAIRS = Object.keys(CAUSES).flatMap((first) =>
  Object.keys(CAUSES).map((second) => [first, second] as const),
);

describe.each([4, 24])("With tokens valid for %i h", (lifetimeHours) => {
  describe.each([
    ["while A fails early", 1 / 6],
    ["when A is at risk", 0.9],
    ["days after A has expired", 3],
  ])("and B breaking %s", (_, afterLifetimes) => {
    test.each(PAIRS)("by %s in A and %s in B, both are reported", async (first, second) => {
      const fromA = 1.01 * lifetimeHours;
      const fromB = fromA + afterLifetimes * lifetimeHours;
      const hours = fromB + 1.5 * lifetimeHours;
      const world = await playEpisode({
        ...{ accounts: 2, lifetimeHours, hours },
        happenings: [...happenings(first, A, fromA, hours), ...happenings(second, B, fromB, hours)],
      });
      expect(world.promise.violations).toEqual([]);
      const messages = messagesOf(world);
      expect(messages).toContain(`ALARM token-at-risk ${A}`);
      expect(messages).toContain(`ALARM token-at-risk ${B}`);
      expect(messages).not.toContain(`OK token-at-risk ${A}`);
    });
  });

  test.each(Object.keys(CAUSES))(
    "an account that cannot be read is reported while another fails by %s",
    async (cause) => {
      const hours = 6 * lifetimeHours;
      const world = await playEpisode({
        ...{ accounts: 2, lifetimeHours, hours },
        happenings: [
          ...happenings(cause, A, 1.01 * lifetimeHours, hours),
          { kind: "permission-read-lost", from: 3 * lifetimeHours, accountIds: [B] },
        ],
      });
      expect(world.promise.violations).toEqual([]);
      expect(messagesOf(world).filter((it) => it.includes("rotation-silent"))).toEqual([
        "ALARM rotation-silent",
      ]);
    },
  );

  test.each<[string, Happening["kind"]]>([
    ["the schedule stops", "schedule-disabled"],
    ["the function breaks", "function-broken"],
    ["checks run into the time-out", "check-hangs"],
  ])("an early alarm that is in ALARM does not say OK when %s", async (_, kind) => {
    const fromA = 1.01 * lifetimeHours;
    // Before A is at risk, when an early alarm rightly clears.
    const stops = fromA + 0.5;
    const world = await playEpisode({
      ...{ accounts: 2, lifetimeHours, hours: stops + lifetimeHours },
      happenings: [
        { kind: "secret-wrong", from: fromA, accountIds: [A] },
        { kind, from: stops },
      ],
    });
    expect(world.promise.violations).toEqual([]);
    const messages = messagesOf(world);
    expect(messages.indexOf("ALARM credentials-rejected")).toBe(0);
    expect(messages).toContain("ALARM rotation-silent");
    expect(messages.filter((it) => it.startsWith("OK"))).toEqual([]);
  });

  test("a bug in one account's turn is reported, and the other account has its own alarm", async () => {
    const fromA = 1.01 * lifetimeHours;
    const hours = fromA + 4 * lifetimeHours;
    const world = await playEpisode({
      ...{ accounts: 2, lifetimeHours, hours },
      happenings: [
        { kind: "account-defect", from: fromA, accountIds: [A] },
        { kind: "dintero-rejects", from: fromA + 2 * lifetimeHours, accountIds: [B] },
      ],
    });
    expect(world.promise.violations).toEqual([]);
    expect(messagesOf(world)).toEqual([
      "ALARM check-broken",
      "ALARM rotation-silent",
      `ALARM token-at-risk ${B}`,
    ]);
  });

  test("a key that is off is one urgent message for the stack, and none for an account", async () => {
    const from = 1.1 * lifetimeHours;
    const world = await playEpisode({
      ...{ accounts: 5, lifetimeHours, hours: from + lifetimeHours / 4 },
      happenings: [{ kind: "key-off", from }],
    });
    expect(world.promise.violations).toEqual([]);
    expect(messagesOf(world)).toEqual(["ALARM renewals-failing", "ALARM rotation-silent"]);
  });

  test("a secret that lost its value while a token exists is reported, also after the key was replaced", async () => {
    const from = 1.1 * lifetimeHours;
    const world = await playEpisode({
      ...{ accounts: 2, lifetimeHours, hours: from + 2 * lifetimeHours },
      happenings: [
        { kind: "secret-emptied", from, accountIds: [A] },
        { kind: "key-replaced", from: from + 0.05 },
      ],
    });
    expect(world.promise.violations).toEqual([]);
    expect(messagesOf(world)).toEqual([
      "ALARM renewals-failing",
      `ALARM token-at-risk ${A}`,
      "OK renewals-failing",
    ]);
  });

  test("an account that is removed while at risk sends nothing more, and hides no other", async () => {
    const fromA = 1.01 * lifetimeHours;
    const removed = fromA + 1.2 * lifetimeHours;
    const world = await playEpisode({
      ...{ accounts: 2, lifetimeHours, hours: removed + 3 * lifetimeHours },
      happenings: [
        { kind: "dintero-rejects", from: fromA, accountIds: [A] },
        { kind: "account-removed", from: removed, accountIds: [A] },
        { kind: "dintero-rejects", from: removed + 1.5 * lifetimeHours, accountIds: [B] },
      ],
    });
    expect(world.promise.violations).toEqual([]);
    const messages = messagesOf(world);
    expect(messages).toContain(`ALARM token-at-risk ${A}`);
    expect(messages).not.toContain(`OK token-at-risk ${A}`);
    expect(messages.filter((it) => it === "ALARM credentials-rejected")).toHaveLength(2);
    expect(messages).toContain(`ALARM token-at-risk ${B}`);
  });

  test("an only account that is swapped for one without credentials leaves no alarm behind", async () => {
    const swapped = 2.1 * lifetimeHours;
    const world = await playEpisode({
      ...{ accounts: 1, lifetimeHours, hours: swapped + 2 * lifetimeHours },
      happenings: [
        { kind: "dintero-rejects", from: 1.01 * lifetimeHours, to: swapped, accountIds: [A] },
        { kind: "account-removed", from: swapped, accountIds: [A] },
        { kind: "account-added", from: swapped, accountIds: [B] },
      ],
    });
    expect(world.promise.violations).toEqual([]);
    expect(world.alarms.isInAlarm()).toBe(false);
    expect(messagesOf(world).filter((it) => it.includes(B))).toEqual([]);
  });

  test("an outage for 20 accounts is one message for each, and two for the stack at most", async () => {
    const from = 1.01 * lifetimeHours;
    const world = await playEpisode({
      ...{ accounts: 20, lifetimeHours, hours: from + 2 * lifetimeHours },
      happenings: [{ kind: "dintero-down", from, to: from + lifetimeHours }],
    });
    expect(world.promise.violations).toEqual([]);
    const { ALARM, urgent, OK } = countsOf(world);
    expect(urgent).toBe(20);
    expect(ALARM).toBeLessThanOrEqual(22);
    expect(OK).toBeLessThanOrEqual(22);
    expect(world.alarms.isInAlarm()).toBe(false);
  });

  test("an account left broken for a month is reported once early and once urgently", async () => {
    const world = await playEpisode({
      ...{ accounts: 2, lifetimeHours, hours: 30 * 24 },
      happenings: [{ kind: "dintero-rejects", from: 1.01 * lifetimeHours, accountIds: [A] }],
    });
    expect(world.promise.violations).toEqual([]);
    expect(messagesOf(world)).toEqual([
      "ALARM credentials-rejected",
      `ALARM token-at-risk ${A}`,
      "OK credentials-rejected",
    ]);
  }, 20_000);

  test("a cause that changes every 25 minutes sends only a few messages", async () => {
    const from = 1.01 * lifetimeHours;
    const until = from + Math.min(7, lifetimeHours / 2);
    const flips = Array.from({ length: Math.ceil((until - from) / (50 / 60)) }, (_, index) => {
      const at = from + (index * 50) / 60;
      const turn = { from: at, to: at + 25 / 60, accountIds: [A] };
      return [
        { ...turn, kind: "dintero-rejects" as const },
        { ...turn, kind: "dintero-down" as const, from: at + 25 / 60, to: at + 50 / 60 },
      ];
    }).flat();
    const world = await playEpisode({
      ...{ accounts: 2, lifetimeHours, hours: until + lifetimeHours },
      happenings: flips,
    });
    expect(world.promise.violations.filter(({ what }) => what === "nobody was notified")).toEqual(
      [],
    );
    expect(countsOf(world).ALARM).toBeLessThanOrEqual(3);
  });
});
