/** Which state an account is in. */
import { describe, expect, test } from "@jest/globals";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { type AccountReading, type AccountState, accountStatus } from "../../ops/account-status.ts";
import { accountAt, KEY_ARN, MINUTE_MS, NOW_MS, storedToken, THIRD_MS } from "./status-parts.ts";

const state = (reading: AccountReading): AccountState =>
  accountStatus("T12345678", reading, NOW_MS).state;

const OVERDUE_MS = 15 * MINUTE_MS;

describe("A token's state", () => {
  test.each<[number, AccountState]>([
    [3 * THIRD_MS, "fresh"],
    [2 * THIRD_MS + 1, "fresh"],
    [2 * THIRD_MS, "renewing"],
    // Three checks may fail before anything is wrong.
    [2 * THIRD_MS - OVERDUE_MS, "renewing"],
    [2 * THIRD_MS - OVERDUE_MS - 1, "overdue"],
    [THIRD_MS, "overdue"],
    [THIRD_MS - 1, "at-risk"],
    [1, "at-risk"],
    [0, "expired"],
    [-THIRD_MS, "expired"],
  ])("with %i ms of 24 h left is %s", (remainingMs, expected) => {
    expect(state({ stored: storedToken(remainingMs) })).toBe(expected);
  });

  test("is overdue after three checks, with any lifetime", () => {
    const lifetimeMs = 4 * 60 * MINUTE_MS;
    const dueMs = (2 * lifetimeMs) / 3;
    expect(state({ stored: storedToken(dueMs - OVERDUE_MS, lifetimeMs) })).toBe("renewing");
    expect(state({ stored: storedToken(dueMs - OVERDUE_MS - 1, lifetimeMs) })).toBe("overdue");
  });

  test("does not depend on the secret, which may be unreadable or lost", () => {
    const stored = storedToken(2 * THIRD_MS);
    expect(state({ stored })).toBe("renewing");
    expect(state({ stored, secret: { state: "empty" } })).toBe("renewing");
  });
});

/** Somebody wrote the token parameter so many milliseconds ago. */
function overwritten(agoMs: number, stored: StoredToken = storedToken(2 * THIRD_MS)): StoredToken {
  return { ...stored, tokenParameter: { version: 4, lastModifiedMs: NOW_MS - agoMs } };
}

describe("A token that somebody overwrote is replaced", () => {
  test.each([0, 40_000, 3 * MINUTE_MS, THIRD_MS])("%i ms ago", (agoMs) => {
    const account = accountAt({ stored: overwritten(agoMs) });
    expect(account).toMatchObject({
      state: "replaced",
      // Of what is stored now nothing is known.
      expiresAt: null,
      lifeRemainingPercent: null,
      renewalExpectedBy: new Date(NOW_MS - agoMs + 8 * MINUTE_MS).toISOString(),
    });
  });

  test("also if it was at risk before", () => {
    expect(accountAt({ stored: overwritten(0, storedToken(1)) }).state).toBe("replaced");
  });

  test("also by a parameter that was created again", () => {
    const stored = storedToken(2 * THIRD_MS);
    const tokenParameter = { version: 3, lastModifiedMs: NOW_MS };
    expect(accountAt({ stored: { ...stored, tokenParameter } }).state).toBe("replaced");
  });
});

describe("An account without a reliable token", () => {
  const SECRET = { state: "stored", versionId: "v" } as const;
  const EMPTY = { state: "empty" } as const;
  const tokenParameter = { version: 1, lastModifiedMs: 0 };
  test.each<[string, AccountReading, AccountState]>([
    [
      "whose secret is empty awaits credentials",
      { stored: {}, secret: EMPTY },
      "awaiting-credentials",
    ],
    ["whose secret has a value misses its token", { stored: {}, secret: SECRET }, "missing"],
    ["whose secret cannot be read misses its token", { stored: {} }, "missing"],
    [
      "whose secret is gone misses its token",
      { stored: {}, secret: { state: "deleted" } },
      "missing",
    ],
    ["whose parameters cannot be read is not known", { secret: SECRET }, "unknown"],
    [
      "whose secret lost its value misses its token",
      { stored: { tokenParameter }, secret: EMPTY },
      "missing",
    ],
    [
      "whose status is gone misses its token",
      { stored: { tokenParameter }, secret: SECRET },
      "missing",
    ],
  ])("%s", (_, reading, expected) => {
    expect(state(reading)).toBe(expected);
  });
});

describe("The document of an account", () => {
  test("says what is left, since when it is due, and whether key and credentials are current", () => {
    const changedAtMs = NOW_MS - MINUTE_MS;
    const secret = { state: "stored", versionId: "version-2", changedAtMs } as const;
    const reading = { stored: storedToken(THIRD_MS), secret, keyArn: `${KEY_ARN}2` };
    expect(accountStatus("T12345678", reading, NOW_MS)).toEqual({
      accountId: "T12345678",
      state: "overdue",
      issuedAt: "2026-01-01T08:00:00.000Z",
      expiresAt: "2026-01-02T08:00:00.000Z",
      lifeRemainingSeconds: 28_800,
      lifeRemainingPercent: 33,
      isLifeTooShort: false,
      renewalDueSince: "2026-01-01T16:00:00.000Z",
      renewalExpectedBy: null,
      keyIsCurrent: false,
      secret: "stored",
      credentialsVersionId: "version-1",
      credentialsAreCurrent: false,
      credentialsChangedAt: "2026-01-01T23:59:00.000Z",
    });
  });

  test("has null for unknown values, and for a renewal that is not due", () => {
    expect(accountStatus("T12345678", {}, NOW_MS)).toMatchObject({
      ...{
        issuedAt: null,
        expiresAt: null,
        lifeRemainingSeconds: null,
        lifeRemainingPercent: null,
      },
      ...{ isLifeTooShort: null, keyIsCurrent: null, secret: "unknown" },
      ...{ credentialsAreCurrent: null, credentialsChangedAt: null },
    });
    expect(accountAt().renewalDueSince).toBeNull();
  });

  test.each([
    [{ state: "stored", versionId: "version-1" } as const, true],
    [{ state: "stored", versionId: "version-2" } as const, false],
    [{ state: "empty" } as const, false],
    [{ state: "deleted" } as const, false],
    [undefined, null],
  ])("with the secret %j has credentialsAreCurrent %s", (secret, expected) => {
    const reading = { stored: storedToken(THIRD_MS), ...(secret && { secret }) };
    expect(accountStatus("T12345678", reading, NOW_MS).credentialsAreCurrent).toBe(expected);
  });

  test("has 0 left for a token that has expired", () => {
    const left = { lifeRemainingSeconds: 0, lifeRemainingPercent: 0 };
    expect(accountAt({ stored: storedToken(-1) })).toMatchObject(left);
  });
});
