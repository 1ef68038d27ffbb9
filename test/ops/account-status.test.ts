/** Which state an account is in. */
import { describe, expect, test } from "@jest/globals";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { type AccountState, accountFaults, accountStatus } from "../../ops/account-status.ts";

const NOW_MS = Date.UTC(2026, 0, 2);
const THIRD_MS = 8 * 3_600_000;

/** Of a token that lives for 24 h, with so much of its life left. */
function stored(remainingMs: number): StoredToken {
  const issuedAtMs = NOW_MS + remainingMs - 3 * THIRD_MS;
  return {
    tokenParameter: { version: 3, lastModifiedMs: issuedAtMs },
    statusParameter: {
      lastModifiedMs: issuedAtMs,
      status: {
        issuedAtMs,
        expiresAtMs: NOW_MS + remainingMs,
        tokenVersion: 3,
        tokenFingerprint: "0123456789ab",
        credentialsVersionId: "version-1",
        keyId: "key",
      },
    },
  };
}

function state(reading: Parameters<typeof accountStatus>[1]): AccountState {
  return accountStatus("T12345678", reading, NOW_MS).state;
}

describe("A token's state", () => {
  test.each<[number, AccountState]>([
    [3 * THIRD_MS, "fresh"],
    [2 * THIRD_MS + 1, "fresh"],
    [2 * THIRD_MS, "renewing"],
    [THIRD_MS, "renewing"],
    [THIRD_MS - 1, "at-risk"],
    [1, "at-risk"],
    [0, "expired"],
    [-THIRD_MS, "expired"],
  ])("with %i ms of 24 h left is %s", (remainingMs, expected) => {
    expect(state({ stored: stored(remainingMs), currentVersionId: "version-1" })).toBe(expected);
  });

  test("does not depend on the secret, which may be unreadable or lost", () => {
    expect(state({ stored: stored(THIRD_MS) })).toBe("renewing");
    expect(state({ stored: stored(THIRD_MS), currentVersionId: null })).toBe("renewing");
  });
});

describe("An account without a token that can be relied on", () => {
  const replaced = stored(3 * THIRD_MS);
  test.each<[string, Parameters<typeof accountStatus>[1], AccountState]>([
    [
      "whose secret is empty awaits credentials",
      { stored: {}, currentVersionId: null },
      "awaiting-credentials",
    ],
    ["whose secret has a value misses its token", { stored: {}, currentVersionId: "v" }, "missing"],
    ["whose secret cannot be read misses its token", { stored: {} }, "missing"],
    ["whose parameters cannot be read is not known", { currentVersionId: "v" }, "unknown"],
    [
      "whose secret lost its value misses its token",
      { stored: { tokenParameter: { version: 1, lastModifiedMs: 0 } }, currentVersionId: null },
      "missing",
    ],
    [
      "whose token somebody replaced misses its token",
      {
        stored: { ...replaced, tokenParameter: { version: 4, lastModifiedMs: NOW_MS - THIRD_MS } },
        currentVersionId: "version-1",
      },
      "missing",
    ],
  ])("%s", (_, reading, expected) => {
    expect(state(reading)).toBe(expected);
  });
});

describe("The document of an account", () => {
  test("says what is left, and whether the credentials are the current ones", () => {
    expect(
      accountStatus(
        "T12345678",
        { stored: stored(THIRD_MS), currentVersionId: "version-2" },
        NOW_MS,
      ),
    ).toEqual({
      accountId: "T12345678",
      state: "renewing",
      expiresAt: "2026-01-02T08:00:00.000Z",
      lifeRemainingSeconds: 28_800,
      lifeRemainingPercent: 33,
      credentialsVersionId: "version-1",
      credentialsAreCurrent: false,
    });
  });

  test.each([
    ["version-1", true],
    ["version-2", false],
    [null, false],
    [undefined, null],
  ])("with the current version %s has credentialsAreCurrent %s", (currentVersionId, expected) => {
    const reading = {
      stored: stored(THIRD_MS),
      ...(currentVersionId !== undefined && { currentVersionId }),
    };
    expect(accountStatus("T12345678", reading, NOW_MS).credentialsAreCurrent).toBe(expected);
  });

  test("says null where there is no token, and 0 where it has expired", () => {
    const none = { expiresAt: null, lifeRemainingSeconds: null, lifeRemainingPercent: null };
    expect(accountStatus("T12345678", { stored: {} }, NOW_MS)).toMatchObject(none);
    expect(accountStatus("T12345678", { stored: stored(-1) }, NOW_MS)).toMatchObject({
      lifeRemainingSeconds: 0,
      lifeRemainingPercent: 0,
    });
  });
});

test.each<[AccountState, boolean]>([
  ["fresh", false],
  ["renewing", false],
  ["awaiting-credentials", false],
  // What could not be read is told as that.
  ["unknown", false],
  ["at-risk", true],
  ["expired", true],
  ["missing", true],
])("The state %s is a fault: %s", (state, isFault) => {
  const status = { ...accountStatus("T12345678", {}, NOW_MS), state };
  expect(accountFaults(status)).toHaveLength(isFault ? 1 : 0);
});
