import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { RotationError } from "../../lambda/errors.ts";
import {
  ACCOUNT_TIMEOUT_MS,
  type AccountReport,
  READ_TIMEOUT_MS,
  reconcile,
} from "../../lambda/reconcile.ts";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { expectMessage } from "../support/expect-message.ts";
import { type FakeCheck, fakeCheck, issued, stored } from "../support/fake-check.ts";

const accounts = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `T${String(index + 1).padStart(8, "0")}`);

async function reconcileAll(check: FakeCheck, count: number): Promise<readonly AccountReport[]> {
  return (await reconcile({ accountIds: accounts(count), force: false }, check)).accounts;
}

/** The outcome of each account in order, with the code of its error. */
const outcomes = (reports: readonly AccountReport[]): string[] =>
  reports.map(({ result }) => [result.outcome, result.error?.code].filter(Boolean).join(" "));

const none = (accountIds: readonly string[]): StoredToken[] => accountIds.map(() => ({}));
const readFailure = (cause: Error) =>
  new RotationError("store-failed", "Reading the parameters failed.", { cause });
const unanswered = readFailure(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
const denied = readFailure(
  Object.assign(new Error("Denied"), { $metadata: { httpStatusCode: 400 } }),
);

describe("Reading what is stored", () => {
  test.each([
    [1, ["1"]],
    [5, ["1 2 3 4 5"]],
    [6, ["1 2 3 4 5", "6"]],
    [20, ["1 2 3 4 5", "6 7 8 9 10", "11 12 13 14 15", "16 17 18 19 20"]],
  ])(
    "of %i accounts takes one call per five, and each secret is described once",
    async (count, groups) => {
      const check = fakeCheck();
      expect(outcomes(await reconcileAll(check, count))).toEqual(Array(count).fill("fresh"));
      const ids = accounts(count);
      expect(check.calls).toEqual([
        ...groups.map((group) => {
          const members = group.split(" ").map((number) => ids[Number(number) - 1]);
          return `read ${members.join(",")}`;
        }),
        "key",
        ...ids.map((id) => `describe ${id}`),
      ]);
    },
  );

  test("gives each account what was read for it", async () => {
    const check = fakeCheck({
      read: (ids) => ids.map((id) => (id === "T00000007" ? {} : stored())),
    });
    const reports = await reconcileAll(check, 8);
    expect(check.writes).toMatchObject([{ accountId: "T00000007", stored: {} }]);
    expect(reports[6]).toMatchObject({ result: { accountId: "T00000007", outcome: "renewed" } });
  });

  test("of one group may fail, and the other groups are checked", async () => {
    const check = fakeCheck({
      read: (ids) => {
        if (ids.includes("T00000006")) throw unanswered;
        return ids.map(() => stored());
      },
    });
    const reports = await reconcileAll(check, 11);
    expect(outcomes(reports)).toEqual([
      ...Array(5).fill("fresh"),
      ...Array(5).fill("failed store-failed"),
      "fresh",
    ]);
    expect(reports[5]).toStrictEqual({
      result: {
        accountId: "T00000006",
        outcome: "failed",
        error: { code: "store-failed", message: "Reading the parameters failed." },
      },
      durationMs: 0,
    });
    expect(check.calls).not.toContain("describe T00000006");
  });

  test("is repeated for each account of a group if a policy denies one, and fails only that one", async () => {
    const check = fakeCheck({
      read: (ids) => {
        if (!ids.includes("T00000002")) return ids.map(() => stored());
        throw readFailure(Object.assign(new Error("Denied"), { name: "AccessDeniedException" }));
      },
    });
    const reports = await reconcileAll(check, 3);
    expect(outcomes(reports)).toEqual(["fresh", "failed store-failed", "fresh"]);
    expect(check.calls.filter((call) => call.startsWith("read "))).toEqual([
      "read T00000001,T00000002,T00000003",
      "read T00000001",
      "read T00000002",
      "read T00000003",
    ]);
  });

  test.each([
    [1, 1],
    [6, 2],
  ])("of %i accounts without any answer fails the check", async (count, reads) => {
    const check = fakeCheck({
      read: (ids) => {
        throw ids.includes("T00000001") ? unanswered : readFailure(new Error("ECONNRESET"));
      },
    });
    const failure = await reconcileAll(check, count).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RotationError);
    expect(failure).toMatchObject({ code: "aws-unreachable", cause: unanswered });
    expectMessage(failure instanceof Error ? failure.message : "", {
      names: ["AWS", "Error", "ECONNREFUSED"],
    });
    expect(check.calls).toHaveLength(reads + 1);
  });

  test.each([
    ["every answer is a refusal", () => denied],
    ["one answer is a refusal", (ids: readonly string[]) => (ids.length < 5 ? denied : unanswered)],
  ])("is a failure of the accounts if %s", async (_, failureOf) => {
    const check = fakeCheck({
      read: (ids) => {
        throw failureOf(ids);
      },
    });
    expect(outcomes(await reconcileAll(check, 6))).toEqual(Array(6).fill("failed store-failed"));
  });
});

describe("Time", () => {
  /** The calls whose signal has aborted, in the order in which they were made. */
  const abortedCalls = (check: FakeCheck): string[] =>
    [...check.signals].flatMap(([call, { aborted }]) => (aborted ? [call] : []));

  test("is limited for the reads, and for each account", async () => {
    const check = fakeCheck({ read: none });
    await reconcileAll(check, 2);
    expect(check.clock.timeouts.map(({ durationMs }) => durationMs)).toEqual([
      READ_TIMEOUT_MS,
      ACCOUNT_TIMEOUT_MS,
      ACCOUNT_TIMEOUT_MS,
    ]);
    const calls = (id: string) =>
      ["describe", "secret", "token", "write", "status"].map((call) => `${call} ${id}`);
    const [reads, first, second] = check.clock.timeouts;
    reads?.abort();
    const readCalls = ["read T00000001,T00000002", "key"];
    expect(abortedCalls(check)).toEqual(readCalls);
    first?.abort();
    expect(abortedCalls(check)).toEqual([...readCalls, ...calls("T00000001")]);
    second?.abort();
    expect(check.signals.size).toBe(12);
    expect(abortedCalls(check)).toHaveLength(12);
  });

  test("that runs out for one account does not affect the others", async () => {
    const check = fakeCheck({
      read: none,
      token: (id, signal) =>
        id === "T00000001"
          ? new Promise((_, reject) => {
              const failure = new RotationError("unavailable", "No reply.");
              signal.addEventListener("abort", () => reject(failure));
            })
          : issued(),
    });
    const reports = reconcileAll(check, 12);
    await setImmediate();
    expect(check.writes.map(({ accountId }) => accountId)).toEqual(accounts(12).slice(1));

    check.clock.nowMs += ACCOUNT_TIMEOUT_MS;
    check.clock.timeouts[1]?.abort();
    expect(outcomes(await reports)).toEqual(["failed unavailable", ...Array(11).fill("renewed")]);
    expect((await reports).map(({ durationMs }) => durationMs)).toEqual([
      ACCOUNT_TIMEOUT_MS,
      ...Array(11).fill(0),
    ]);
  });
});

describe("Accounts", () => {
  /** A check whose secrets are described when the test says so. */
  function heldCheck(): { check: FakeCheck; held: Map<string, () => void> } {
    const held = new Map<string, () => void>();
    const check = fakeCheck({
      currentVersionId: (id) =>
        new Promise((resolve) => {
          held.set(id, () => resolve("version-1"));
        }),
    });
    return { check, held };
  }

  /** Lets one account go, and all that follows from it happen. */
  async function letGo(held: Map<string, () => void>, id: string): Promise<void> {
    held.get(id)?.();
    held.delete(id);
    await setImmediate();
  }

  test("have their turns five at a time, and the next begins as soon as one is done", async () => {
    const { check, held } = heldCheck();
    const reports = reconcileAll(check, 20);
    await setImmediate();
    for (const id of accounts(20)) {
      const position = Number(id.slice(1));
      const waiting = accounts(20).slice(position - 1, position + 4);
      expect([...held.keys()]).toEqual(waiting);
      await letGo(held, id);
    }
    expect(await reports).toHaveLength(20);
  });

  test("are reported in their order, not in the order of completion", async () => {
    const { check, held } = heldCheck();
    const reports = reconcileAll(check, 5);
    await setImmediate();
    for (const id of accounts(5).reverse()) await letGo(held, id);
    expect((await reports).map(({ result }) => result.accountId)).toEqual(accounts(5));
  });

  test("are renewed whether or not others fail", async () => {
    const check = fakeCheck({
      read: none,
      token: (id) => {
        if (Number(id.slice(1)) % 2 === 1) throw new RotationError("rate-limited", "Too many.");
        return issued();
      },
    });
    expect(outcomes(await reconcileAll(check, 6))).toEqual([
      "failed rate-limited",
      "renewed",
      "failed rate-limited",
      "renewed",
      "failed rate-limited",
      "renewed",
    ]);
  });
});

describe("A defect", () => {
  const defect = new TypeError("undefined is not a function");

  test("in one account is thrown after every other account had its turn", async () => {
    const check = fakeCheck({
      read: none,
      token: (id) => {
        if (id === "T00000001") throw defect;
        return issued();
      },
    });
    const failure = await reconcileAll(check, 12).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AggregateError);
    expect(failure).toHaveProperty("errors", [defect]);
    expect(check.reports.map(({ result }) => result.accountId)).toEqual(accounts(12).slice(1));
    expect(check.writes.map(({ accountId }) => accountId)).toEqual(accounts(12).slice(1));
  });

  const readingFails = () =>
    fakeCheck({
      read: (ids) => {
        if (ids.includes("T00000001")) throw defect;
        return none(ids);
      },
    });

  test("in reading what is stored fails the check", async () => {
    await expect(reconcileAll(readingFails(), 7)).rejects.toBeInstanceOf(Error);
  });

  test("in reading what is stored is thrown after every other account had its turn", async () => {
    const check = readingFails();
    await expect(reconcileAll(check, 7)).rejects.toBeInstanceOf(Error);
    expect(check.writes.map(({ accountId }) => accountId)).toEqual(["T00000006", "T00000007"]);
  });
});
