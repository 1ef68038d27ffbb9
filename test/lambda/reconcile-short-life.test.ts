import { describe, expect, test } from "@jest/globals";
import { tokenParameterName } from "../../lambda/contract.ts";
import { MIN_LIFE_MS } from "../../lambda/renewal-policy.ts";
import { HOUR_MS } from "../../proof/durations.ts";
import { expectMessage } from "../support/expect-message.ts";
import { issued, NOW_MS, stored } from "../support/fake-check.ts";
import { ACCOUNT, aging, checkOf, FRESH_CALLS, reconcileOne } from "./reconcile-one.ts";

describe("A lifetime that is too short for an alarm", () => {
  const error = { code: "lifetime-too-short", message: expect.any(String) };
  const named = { names: [tokenParameterName(ACCOUNT), `${MIN_LIFE_MS / HOUR_MS} h`] };

  test("is stored and reported as a failure", async () => {
    const expiresAtMs = NOW_MS + MIN_LIFE_MS - 1000;
    const check = checkOf(aging, { token: () => issued({ expiresAtMs }) });
    const reports = await reconcileOne(check);
    expect(reports).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "failed",
          reason: "aging",
          expiresAt: new Date(NOW_MS + MIN_LIFE_MS - 1000).toISOString(),
          error,
        },
        durationMs: 0,
        tokenFingerprint: "348e9df2a42b",
        lifeRemainingPercent: 100,
      },
    ]);
    expectMessage(reports[0]?.result.error?.message ?? "", named);
    expect(check.writes).toMatchObject([{ accessToken: "new-token" }]);
  });

  test("is reported again by later checks, when nothing is due", async () => {
    const life = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + MIN_LIFE_MS - 1000 };
    const check = checkOf(stored(life));
    const reports = await reconcileOne(check);
    expect(reports).toStrictEqual([
      {
        result: {
          accountId: ACCOUNT,
          outcome: "failed",
          expiresAt: new Date(NOW_MS + MIN_LIFE_MS - 1000).toISOString(),
          error,
        },
        durationMs: 0,
        tokenFingerprint: "6f69975abe58",
        lifeRemainingPercent: 100,
      },
    ]);
    expectMessage(reports[0]?.result.error?.message ?? "", named);
    expect(check.calls).toEqual(FRESH_CALLS);
  });

  test.each([
    ["exactly 3 h", 0],
    ["3 h by a JWT's whole seconds", 999],
  ])("is not one of %s, which is long enough", async (_, missingMs) => {
    const life = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + MIN_LIFE_MS - missingMs };
    expect(await reconcileOne(checkOf(stored(life)))).toMatchObject([
      { result: { outcome: "fresh" } },
    ]);
    expect(await reconcileOne(checkOf(aging, { token: () => issued(life) }))).toMatchObject([
      { result: { outcome: "renewed" } },
    ]);
  });
});
