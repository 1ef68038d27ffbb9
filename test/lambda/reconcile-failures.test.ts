import { describe, expect, test } from "@jest/globals";
import { RotationError } from "../../lambda/errors.ts";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { HOUR_MS } from "../../proof/durations.ts";
import { NOW_MS, stored } from "../support/fake-check.ts";
import { ACCOUNT, aging, checkOf, FRESH_CALLS, reconcileOne, unusable } from "./reconcile-one.ts";

const unavailable = new RotationError("unavailable", "Dintero is silent.");

describe("An account that fails", () => {
  test("reports why it was due, what went wrong, and the token that is still stored", async () => {
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
  ])("reports no token if it is %s", async (reason, last) => {
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

  test("has no reason if its secret could not be described", async () => {
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
