import { describe, expect, test } from "@jest/globals";
import {
  AT_RISK_THIRDS_LEFT,
  awaitsCredentials,
  CHECK_INTERVAL_MINUTES,
  currentStatus,
  type DesiredToken,
  dueReason,
  expiryMs,
  isLifeTooShort,
  lifeRemainingPercent,
  MAX_LIFE_MS,
  MIN_LIFE_MS,
  RENEW_AT_THIRDS_LEFT,
  type StoredToken,
  WRITE_GRACE_MS,
  WRITES_APART_MS,
} from "../../lambda/renewal-policy.ts";
import { HOUR_MS, MINUTE_MS } from "../../proof/durations.ts";
import { NOW_MS, stored, tokenStatus } from "../support/fake-check.ts";

const SECOND_MS = 1000;
const DAY_MS = 24 * HOUR_MS;

const desired = (differences: Partial<DesiredToken> = {}): DesiredToken => ({
  nowMs: NOW_MS,
  keyId: "this-key",
  credentialsVersionId: "version-1",
  force: false,
  ...differences,
});

/** A token that was issued `ageMs` ago for `lifeMs`, and written at once. */
function aged(ageMs: number, lifeMs: number): StoredToken {
  const issuedAtMs = NOW_MS - ageMs;
  return {
    tokenParameter: { version: 7, lastModifiedMs: issuedAtMs },
    statusParameter: {
      lastModifiedMs: issuedAtMs,
      status: tokenStatus({ issuedAtMs, expiresAtMs: issuedAtMs + lifeMs }),
    },
  };
}

/** A token whose two parameters were last written that long ago. */
const writtenAgo = (tokenMs: number, statusMs: number, version = 7): StoredToken => ({
  tokenParameter: { version, lastModifiedMs: NOW_MS - tokenMs },
  statusParameter: { lastModifiedMs: NOW_MS - statusMs, status: tokenStatus() },
});

test("The constants are those that the documents state", () => {
  expect({
    CHECK_INTERVAL_MINUTES,
    RENEW_AT_THIRDS_LEFT,
    AT_RISK_THIRDS_LEFT,
    MIN_LIFE_MS,
    MAX_LIFE_MS,
    WRITE_GRACE_MS,
    WRITES_APART_MS,
  }).toEqual({
    CHECK_INTERVAL_MINUTES: 5,
    RENEW_AT_THIRDS_LEFT: 2,
    AT_RISK_THIRDS_LEFT: 1,
    MIN_LIFE_MS: 3 * HOUR_MS,
    MAX_LIFE_MS: 604_800_000,
    WRITE_GRACE_MS: 120_000,
    WRITES_APART_MS: 60_000,
  });
});

test("A fresh token that came from the current secret is not due", () => {
  expect(dueReason(stored(), desired())).toBeUndefined();
});

describe("A token is missing", () => {
  const { tokenParameter, statusParameter } = stored();
  const token = { version: 7, lastModifiedMs: NOW_MS };

  test.each<[string, StoredToken]>([
    ["when nothing is stored", {}],
    ["without the token itself", { ...(statusParameter && { statusParameter }) }],
    ["without a status", { ...(tokenParameter && { tokenParameter }) }],
    [
      "with a status that cannot be read",
      { tokenParameter: token, statusParameter: { lastModifiedMs: NOW_MS } },
    ],
    ["1 ms before it was issued", aged(-1, DAY_MS)],
    ["with a life of nothing", aged(0, 0)],
    ["with a life that ends before it begins", aged(0, -1)],
    ["with a life over 7 days", aged(0, MAX_LIFE_MS + 1)],
  ])("%s", (_, token) => {
    expect(dueReason(token, desired())).toBe("missing");
    expect(currentStatus(token, NOW_MS)).toBeUndefined();
  });

  test.each<[string, StoredToken]>([
    ["at the moment it was issued", aged(0, DAY_MS)],
    ["with a life of 7 days", aged(0, MAX_LIFE_MS)],
  ])("but not %s", (_, token) => {
    expect(dueReason(token, desired())).toBeUndefined();
    expect(currentStatus(token, NOW_MS)).toBe(token.statusParameter?.status);
  });

  test("but not with a lifetime of 1 ms, which is aging when it ends", () => {
    expect(dueReason(aged(0, 1), desired())).toBeUndefined();
    expect(dueReason(aged(1, 1), desired())).toBe("aging");
  });
});

describe("A token is replaced", () => {
  test.each<[string, StoredToken, "replaced" | undefined]>([
    ["at its status's version", writtenAgo(HOUR_MS, HOUR_MS, 7), undefined],
    ["at a later version", writtenAgo(HOUR_MS, HOUR_MS, 8), "replaced"],
    ["at an earlier version", writtenAgo(HOUR_MS, HOUR_MS, 6), "replaced"],
    ["60 s before its status", writtenAgo(HOUR_MS + 60_000, HOUR_MS), undefined],
    ["60 s and 1 ms before it", writtenAgo(HOUR_MS + 60_001, HOUR_MS), "replaced"],
    ["60 s after its status", writtenAgo(HOUR_MS - 60_000, HOUR_MS), undefined],
    ["60 s and 1 ms after it", writtenAgo(HOUR_MS - 60_001, HOUR_MS), "replaced"],
    ["at another version 119 s ago", writtenAgo(119_000, HOUR_MS, 8), undefined],
    ["at another version 2 min ago", writtenAgo(120_000, HOUR_MS, 8), undefined],
    ["at another version 1 ms longer ago", writtenAgo(120_001, HOUR_MS, 8), "replaced"],
    ["at the same version anew 2 min ago", writtenAgo(120_000, HOUR_MS), undefined],
    ["at the same version anew 1 ms longer ago", writtenAgo(120_001, HOUR_MS), "replaced"],
    ["in the future of our clock", writtenAgo(-HOUR_MS, HOUR_MS, 8), undefined],
  ])("or not, when it was written %s", (_, token, reason) => {
    expect(dueReason(token, desired())).toBe(reason);
    expect(currentStatus(token, NOW_MS)).toBe(reason ? undefined : token.statusParameter?.status);
  });
});

describe("A token is aging", () => {
  test.each([
    ["24 h", DAY_MS],
    ["4 h", 4 * HOUR_MS],
    ["3 h", MIN_LIFE_MS],
    ["7 days", MAX_LIFE_MS],
    ["3 s", 3 * SECOND_MS],
  ])("with a lifetime of %s from the end of its first third on", (_, lifeMs) => {
    const thirdMs = lifeMs / 3;
    expect(dueReason(aged(thirdMs - SECOND_MS, lifeMs), desired())).toBeUndefined();
    expect(dueReason(aged(thirdMs - 1, lifeMs), desired())).toBeUndefined();
    expect(dueReason(aged(thirdMs, lifeMs), desired())).toBe("aging");
    expect(dueReason(aged(thirdMs + 1, lifeMs), desired())).toBe("aging");
    expect(dueReason(aged(2 * thirdMs, lifeMs), desired())).toBe("aging");
    expect(dueReason(aged(lifeMs, lifeMs), desired())).toBe("aging");
    expect(dueReason(aged(30 * lifeMs, lifeMs), desired())).toBe("aging");
  });

  test("from the first whole ms after its first third, if the third is not a whole number of ms", () => {
    expect(dueReason(aged(3, 10), desired())).toBeUndefined();
    expect(dueReason(aged(4, 10), desired())).toBe("aging");
  });
});

describe("An account is due", () => {
  const replaced = writtenAgo(HOUR_MS, HOUR_MS, 8);
  const ripe = { issuedAtMs: NOW_MS - DAY_MS, expiresAtMs: NOW_MS };
  const everything = { keyId: "other-key", credentialsVersionId: "version-2", force: true };

  test.each<[string, StoredToken, DesiredToken]>([
    ["missing", {}, desired(everything)],
    ["replaced", replaced, desired(everything)],
    ["key-changed", stored(ripe), desired(everything)],
    ["aging", stored(ripe), desired({ ...everything, keyId: "this-key" })],
    ["credentials-changed", stored(), desired({ ...everything, keyId: "this-key" })],
    ["forced", stored(), desired({ force: true })],
  ])("as %s before every later reason", (reason, token, wanted) => {
    expect(dueReason(token, wanted)).toBe(reason);
  });

  test("as key-changed when the stack has another key", () => {
    expect(dueReason(stored(), desired({ keyId: "other-key" }))).toBe("key-changed");
  });

  test("as credentials-changed when the secret has lost its value", () => {
    expect(dueReason(stored(), desired({ credentialsVersionId: undefined }))).toBe(
      "credentials-changed",
    );
  });

  test("as aging, not as replaced, while another check may be between its writes", () => {
    const token: StoredToken = {
      ...stored(ripe),
      tokenParameter: { version: 8, lastModifiedMs: NOW_MS - MINUTE_MS },
    };
    expect(dueReason(token, desired())).toBe("aging");
  });
});

describe("What is left of a lifetime", () => {
  test.each([
    ["100 % when it begins", 0, 100],
    ["75 % after a quarter", 6 * HOUR_MS, 75],
    ["half at half-time", 12 * HOUR_MS, 50],
    ["a little 1 s before its end", DAY_MS - SECOND_MS, 100 / 86_400],
    ["0 at its end", DAY_MS, 0],
    ["0 after its end", DAY_MS + 1, 0],
    ["100 % before it begins", -1, 100],
  ])("is %s", (_, ageMs, percent) => {
    const status = aged(ageMs, DAY_MS).statusParameter?.status;
    expect(lifeRemainingPercent(status, NOW_MS)).toBeCloseTo(percent, 10);
  });

  test("is 0 % without a token", () => {
    expect(lifeRemainingPercent(undefined, NOW_MS)).toBe(0);
  });
});

test.each([
  [3 * HOUR_MS - 1000, true],
  // Dintero has stated 3 h, in a JWT whose times are whole seconds.
  [3 * HOUR_MS - 999, false],
  [3 * HOUR_MS, false],
  [3 * HOUR_MS + 1, false],
])("A lifetime of %i ms is too short for the promise: %s", (lifeMs, isTooShort) => {
  const expiresAtMs = NOW_MS + lifeMs;
  expect(isLifeTooShort(tokenStatus({ issuedAtMs: NOW_MS, expiresAtMs }))).toBe(isTooShort);
});

describe("A token expires", () => {
  test.each<[string, number, number | undefined, number]>([
    ["as the reply says", 86_400, undefined, DAY_MS],
    ["with its JWT, where that is 1 ms earlier", 86_400, DAY_MS - 1, DAY_MS - 1],
    ["as the reply says, where the JWT is 1 ms later", 86_400, DAY_MS + 1, DAY_MS],
    ["after 7 days, where the reply says so", 604_800, undefined, 604_800_000],
    ["after 7 days, where the reply says 1 s more", 604_801, undefined, 604_800_000],
    ["1 s before 7 days, where the reply says so", 604_799, undefined, 604_799_000],
    ["after 7 days, where the JWT says more too", 700_000, 8 * DAY_MS, 604_800_000],
    ["before it was issued, where the JWT says so", 86_400, -1, -1],
  ])("%s", (_, expiresInSeconds, jwtMs, lifeMs) => {
    const jwtExpiresAtMs = jwtMs === undefined ? undefined : NOW_MS + jwtMs;
    expect(expiryMs(NOW_MS, expiresInSeconds, jwtExpiresAtMs)).toBe(NOW_MS + lifeMs);
  });
});

describe("A secret without a value awaits credentials", () => {
  const tokenParameter = { version: 1, lastModifiedMs: 0 };
  const statusOf = (keyId: string) => ({ lastModifiedMs: 0, status: tokenStatus({ keyId }) });
  const unreadable = { lastModifiedMs: 0 };

  // Where a token parameter exists, somebody reads it.
  test.each<[boolean, string, StoredToken]>([
    [true, "no token and no status", {}],
    [true, "no token and an unreadable status", { statusParameter: unreadable }],
    [true, "no token and a status", { statusParameter: statusOf("this-key") }],
    [false, "a token and no status", { tokenParameter }],
    [false, "a token and an unreadable status", { tokenParameter, statusParameter: unreadable }],
    [
      false,
      "a token under another key",
      { tokenParameter, statusParameter: statusOf("other-key") },
    ],
    [false, "a token under this key", { tokenParameter, statusParameter: statusOf("this-key") }],
  ])("%s with %s", (awaits, _, stored) => {
    expect(awaitsCredentials(stored)).toBe(awaits);
  });
});
