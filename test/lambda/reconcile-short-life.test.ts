import { describe, expect, test } from "@jest/globals";
import { HOUR_MS, issued, NOW_MS, stored } from "../support/fake-check.ts";
import { ACCOUNT, aging, checkOf, FRESH_CALLS, reconcileOne } from "./reconcile-one.ts";

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
