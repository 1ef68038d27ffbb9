import { describe, expect, test } from "@jest/globals";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { HOUR_MS } from "../../proof/durations.ts";
import { issued, NOW_MS, stored } from "../support/fake-check.ts";
import { ACCOUNT, aging, checkOf, FRESH_CALLS, reconcileOne, unusable } from "./reconcile-one.ts";

const RENEWAL_CALLS = [
  ...FRESH_CALLS,
  ...["secret", "token", "write", "status"].map((operation) => `${operation} ${ACCOUNT}`),
];

describe("A fresh token", () => {
  test("is not changed, and its expiry, fingerprint and lifetime left are reported", async () => {
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

  test("is reported with the lifetime left when the check ends", async () => {
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

  test("is judged at one moment, even if describing the secret takes long", async () => {
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
  test("is renewed, and the new token is reported with the duration", async () => {
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

  test("may wait as Dintero asked until it is at risk, if it is due only because of its age", async () => {
    const patienceOf = async (last: StoredToken, version = "version-1", force = false) => {
      const check = checkOf(last, { currentVersionId: () => version });
      await reconcileOne(check, force);
      return check.patientUntilMs;
    };
    // Of 24 h half are left, and a third is where the risk begins.
    expect(await patienceOf(aging)).toEqual([NOW_MS + 4 * HOUR_MS]);
    expect(await patienceOf({})).toEqual([0]);
    expect(await patienceOf(stored(), "version-2")).toEqual([0]);
    expect(await patienceOf(aging, "version-1", true)).toEqual([0]);
  });

  test("keeps the version of the secret that it came from, not the one that made it due", async () => {
    const check = checkOf(stored(), {
      currentVersionId: () => "version-2",
      credentials: () => ({ client_id: "id", client_secret: "s3cret", versionId: "version-3" }),
    });
    await reconcileOne(check);
    expect(check.writes).toMatchObject([{ status: { credentialsVersionId: "version-3" } }]);
  });
});

describe("A secret without a value", () => {
  test("awaits credentials if this stack has no token, and no token is expected", async () => {
    const check = checkOf({}, { currentVersionId: () => undefined });
    expect(await reconcileOne(check)).toStrictEqual([
      { result: { accountId: ACCOUNT, outcome: "awaiting-credentials" }, durationMs: 0 },
    ]);
    expect(check.calls).toEqual(FRESH_CALLS);
  });

  test.each([
    ["the token of this stack", "this-key", "credentials-changed"],
    ["a token under another key", "other-key", "key-changed"],
  ])("is a failure if there is %s, because it was lost", async (_, keyId, reason) => {
    const check = checkOf(stored({ keyId }), {
      currentVersionId: () => undefined,
      credentials: () => {
        throw unusable;
      },
    });
    expect(await reconcileOne(check)).toMatchObject([
      {
        result: {
          outcome: "failed",
          reason,
          expiresAt: "2026-01-01T23:00:00.000Z",
          error: { code: "credentials-unusable" },
        },
        lifeRemainingPercent: (100 * 23) / 24,
      },
    ]);
  });
});
