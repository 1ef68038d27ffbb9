import { describe, expect, test } from "@jest/globals";
import { RotationError } from "../../lambda/errors.ts";
import { type AccountReport, reconcile } from "../../lambda/reconcile.ts";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import {
  type Answers,
  type FakeCheck,
  fakeCheck,
  HOUR_MS,
  issued,
  NOW_MS,
  stored,
} from "../support/fake-check.ts";

const ACCOUNT = "T00000001";
const FRESH_CALLS = [`read ${ACCOUNT}`, `describe ${ACCOUNT}`];
const RENEWAL_CALLS = [...FRESH_CALLS, `secret ${ACCOUNT}`, `token ${ACCOUNT}`, `write ${ACCOUNT}`];

/** Due as aging: half of its 24 h is left. */
const aging = stored({ issuedAtMs: NOW_MS - 12 * HOUR_MS, expiresAtMs: NOW_MS + 12 * HOUR_MS });
const unavailable = new RotationError("unavailable", "Dintero is silent.");
const unusable = new RotationError("credentials-unusable", "The secret cannot be read.");

const checkOf = (last: StoredToken, answers: Answers = {}): FakeCheck =>
  fakeCheck({ read: () => [last], ...answers });

const reconcileOne = (check: FakeCheck, force = false): Promise<AccountReport[]> =>
  reconcile({ accountIds: [ACCOUNT], force }, check);

describe("A fresh token", () => {
  test("is left alone, and its expiry, fingerprint and what is left of it are told", async () => {
    const check = checkOf(stored());
    expect(await reconcileOne(check)).toStrictEqual([
      {
        result: { accountId: ACCOUNT, outcome: "fresh", expiresAt: "2026-01-01T23:00:00.000Z" },
        durationMs: 0,
        tokenFingerprint: "6f69975abe58",
        lifeRemainingPercent: (100 * 23) / 24,
      },
    ]);
    expect(check.calls).toEqual(FRESH_CALLS);
  });

  test("is told with what is left of it as the check ends", async () => {
    const check = checkOf(stored(), {
      currentVersionId: () => {
        check.clock.nowMs += HOUR_MS;
        return "version-1";
      },
    });
    expect(await reconcileOne(check)).toMatchObject([
      { durationMs: HOUR_MS, lifeRemainingPercent: (100 * 22) / 24 },
    ]);
  });

  test("is renewed by force", async () => {
    const check = checkOf(stored());
    expect(await reconcileOne(check, true)).toMatchObject([
      { result: { outcome: "renewed", reason: "forced" } },
    ]);
    expect(check.calls).toEqual(RENEWAL_CALLS);
  });

  test("is judged at one moment, however long the secret takes to be described", async () => {
    const check = checkOf(stored({ issuedAtMs: NOW_MS + 1 }), {
      currentVersionId: () => {
        check.clock.nowMs += 1;
        return "version-1";
      },
    });
    const [report] = await reconcileOne(check);
    // Either the status is believed throughout, or the token is missing throughout.
    expect(report?.result.expiresAt).toBeDefined();
    expect(report?.lifeRemainingPercent).toBeGreaterThan(0);
  });
});

describe("A due token", () => {
  test("is renewed, and the new one told, with the time that it took", async () => {
    const check = checkOf(aging, {
      token: () => {
        check.clock.nowMs += 6 * HOUR_MS;
        return issued();
      },
    });
    expect(await reconcileOne(check)).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "renewed",
          reason: "aging",
          expiresAt: "2026-01-02T00:00:00.000Z",
        },
        durationMs: 6 * HOUR_MS,
        tokenFingerprint: "348e9df2a42b",
        lifeRemainingPercent: 75,
      },
    ]);
    expect(check.calls).toEqual(RENEWAL_CALLS);
  });

  test.each<[string, StoredToken, string]>([
    ["missing", {}, "version-1"],
    [
      "replaced",
      { ...stored(), tokenParameter: { version: 8, lastModifiedMs: NOW_MS - HOUR_MS } },
      "version-1",
    ],
    ["key-changed", stored({ keyId: "other-key" }), "version-1"],
    ["aging", aging, "version-1"],
    ["credentials-changed", stored(), "version-2"],
  ])("is renewed as %s", async (reason, last, currentVersionId) => {
    const check = checkOf(last, { currentVersionId: () => currentVersionId });
    expect(await reconcileOne(check)).toMatchObject([{ result: { outcome: "renewed", reason } }]);
    expect(check.writes).toMatchObject([{ accountId: ACCOUNT, stored: last }]);
  });

  test("keeps the version of the secret that it came from, not the one that made it due", async () => {
    const check = checkOf(stored(), {
      currentVersionId: () => "version-2",
      credentials: () => ({ clientId: "id", clientSecret: "s3cret", versionId: "version-3" }),
    });
    await reconcileOne(check);
    expect(check.writes).toMatchObject([{ status: { credentialsVersionId: "version-3" } }]);
  });
});

describe("An account that fails", () => {
  test("tells why it was due and what went wrong, and the token that still stands", async () => {
    const check = checkOf(aging, {
      token: () => {
        check.clock.nowMs += 2 * HOUR_MS;
        throw unavailable;
      },
    });
    expect(await reconcileOne(check)).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "failed",
          reason: "aging",
          expiresAt: "2026-01-01T12:00:00.000Z",
          error: { code: "unavailable", message: "Dintero is silent." },
        },
        durationMs: 2 * HOUR_MS,
        tokenFingerprint: "6f69975abe58",
        lifeRemainingPercent: (100 * 10) / 24,
      },
    ]);
    expect(check.writes).toEqual([]);
  });

  test.each<[string, StoredToken]>([
    ["missing", {}],
    ["replaced", { ...stored(), tokenParameter: { version: 8, lastModifiedMs: NOW_MS - HOUR_MS } }],
  ])("tells of no token where it is %s", async (reason, last) => {
    const check = checkOf(last, {
      token: () => {
        throw unavailable;
      },
    });
    expect(await reconcileOne(check)).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "failed",
          reason,
          error: { code: "unavailable", message: "Dintero is silent." },
        },
        durationMs: 0,
        lifeRemainingPercent: 0,
      },
    ]);
  });

  test("has no reason where its secret could not be described", async () => {
    const check = checkOf(aging, {
      currentVersionId: () => {
        throw unusable;
      },
    });
    expect(await reconcileOne(check)).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "failed",
          expiresAt: "2026-01-01T12:00:00.000Z",
          error: { code: "credentials-unusable", message: "The secret cannot be read." },
        },
        durationMs: 0,
        tokenFingerprint: "6f69975abe58",
        lifeRemainingPercent: 50,
      },
    ]);
    expect(check.calls).toEqual(FRESH_CALLS);
  });
});

describe("A secret without a value", () => {
  test("awaits credentials where this stack has no token, and no token is expected", async () => {
    const check = checkOf({}, { currentVersionId: () => undefined });
    expect(await reconcileOne(check)).toStrictEqual([
      { result: { accountId: ACCOUNT, outcome: "awaiting-credentials" }, durationMs: 0 },
    ]);
    expect(check.calls).toEqual(FRESH_CALLS);
  });

  test("awaits credentials where the token is of another stack's key", async () => {
    const check = checkOf(stored({ keyId: "other-key" }), { currentVersionId: () => undefined });
    expect(await reconcileOne(check)).toMatchObject([
      { result: { outcome: "awaiting-credentials" } },
    ]);
  });

  test("is a failure once this stack has a token, for then the value was lost", async () => {
    const check = checkOf(stored(), {
      currentVersionId: () => undefined,
      credentials: () => {
        throw unusable;
      },
    });
    expect(await reconcileOne(check)).toMatchObject([
      {
        result: {
          outcome: "failed",
          reason: "credentials-changed",
          expiresAt: "2026-01-01T23:00:00.000Z",
          error: { code: "credentials-unusable" },
        },
        lifeRemainingPercent: (100 * 23) / 24,
      },
    ]);
  });
});

describe("A life under 2 h", () => {
  const error = {
    code: "lifetime-too-short",
    message:
      "The token in /dintero/T00000001/access-token lives for less than 2 h, too short to warn people of a failure in time. It is used all the same; ask Dintero for a longer life.",
  };

  test("is stored and told as a failure", async () => {
    const expiresAtMs = NOW_MS + 2 * HOUR_MS - 1;
    const check = checkOf(aging, { token: () => issued({ expiresAtMs }) });
    expect(await reconcileOne(check)).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "failed",
          reason: "aging",
          expiresAt: "2026-01-01T01:59:59.999Z",
          error,
        },
        durationMs: 0,
        tokenFingerprint: "348e9df2a42b",
        lifeRemainingPercent: 100,
      },
    ]);
    expect(check.writes).toMatchObject([{ accessToken: "new-token" }]);
  });

  test("is told again at later checks, when nothing is due", async () => {
    const life = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 2 * HOUR_MS - 1 };
    const check = checkOf(stored(life));
    expect(await reconcileOne(check)).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "failed",
          expiresAt: "2026-01-01T01:59:59.999Z",
          error,
        },
        durationMs: 0,
        tokenFingerprint: "6f69975abe58",
        lifeRemainingPercent: 100,
      },
    ]);
    expect(check.calls).toEqual(FRESH_CALLS);
  });

  test("ends at 2 h, which are long enough", async () => {
    const life = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 2 * HOUR_MS };
    expect(await reconcileOne(checkOf(stored(life)))).toMatchObject([
      { result: { outcome: "fresh" } },
    ]);
    expect(await reconcileOne(checkOf(aging, { token: () => issued(life) }))).toMatchObject([
      { result: { outcome: "renewed" } },
    ]);
  });
});
