import { describe, expect, test } from "@jest/globals";
import { statusParameterName, tokenParameterName } from "../../lambda/contract.ts";
import { RotationError } from "../../lambda/errors.ts";
import { reconcile } from "../../lambda/reconcile.ts";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import { expectMessage } from "../support/expect-message.ts";
import { type Answers, fakeCheck, stored } from "../support/fake-check.ts";
import { aging } from "./reconcile-one.ts";

const IDS = ["T00000001", "T00000002"] as const;

async function checkBoth(read: StoredToken[], answers: Answers, force = false) {
  const check = fakeCheck({ read: () => read, ...answers });
  const report = await reconcile({ accountIds: IDS, force }, check);
  return { check, report };
}

const refused = new RotationError("store-failed", "Reading the state of the KMS key failed.");

describe("A check is complete", () => {
  test("when every account's parameters were read and the key is enabled, failures included", async () => {
    const { report } = await checkBoth([aging, {}], {
      token: () => {
        throw new RotationError("unavailable", "No reply.");
      },
    });
    expect(report).toMatchObject({ isComplete: true });
    expect(report).not.toHaveProperty("error");
    expect(report.accounts.map(({ result }) => result.outcome)).toEqual(["failed", "failed"]);
  });

  test("when an account awaits its first credentials", async () => {
    const { report } = await checkBoth([{}, {}], { currentVersionId: () => undefined });
    expect(report).toMatchObject({ isComplete: true });
  });

  test("not when the parameters of some accounts were not read", async () => {
    const check = fakeCheck({
      read: (ids) => {
        if (!ids.includes("T00000006")) return ids.map(() => stored());
        const cause = Object.assign(new Error("Denied"), { $metadata: { httpStatusCode: 400 } });
        throw new RotationError("store-failed", "Reading failed.", { cause });
      },
    });
    const accountIds = ["1", "2", "3", "4", "5", "6"].map((digit) => `T0000000${digit}`);
    expect(await reconcile({ accountIds, force: false }, check)).toMatchObject({
      isComplete: false,
    });
  });

  test("not when the key's state is unknown, although each account is checked and renewed", async () => {
    const { report } = await checkBoth([stored(), aging], {
      keyState: () => {
        throw refused;
      },
    });
    expect(report).toMatchObject({ isComplete: false, error: refused });
    expect(report.accounts.map(({ result }) => result.outcome)).toEqual(["fresh", "renewed"]);
  });
});

describe("A key that is off", () => {
  test.each([
    ["Disabled", ["aws kms enable-key --key-id this-key"]],
    [
      "PendingDeletion",
      ["aws kms cancel-key-deletion --key-id this-key", "aws kms enable-key --key-id this-key"],
    ],
    ["NotFound", ["npm run ops -- status"]],
    ["Unavailable", ["aws kms describe-key --key-id this-key"]],
  ])("%s fails every account, with the commands that help", async (state, commands) => {
    const { report } = await checkBoth([stored(), aging], { keyState: () => state });
    expect(report.isComplete).toBe(false);
    for (const [index, { result }] of report.accounts.entries()) {
      expect(result).toMatchObject({ outcome: "failed", error: { code: "store-failed" } });
      expectMessage(result.error?.message ?? "", {
        names: [tokenParameterName(IDS[index] ?? ""), "this-key"],
        commands,
      });
      expect(result.error?.message).not.toMatch(/--refresh/);
      expect(result.error?.message).not.toContain(statusParameterName(IDS[index] ?? ""));
    }
  });

  test("is not used for anything, not even by force", async () => {
    const { check } = await checkBoth([{}, aging], { keyState: () => "Disabled" }, true);
    expect(check.calls).toEqual([
      `read ${IDS.join(",")}`,
      "key",
      ...IDS.map((accountId) => `describe ${accountId}`),
    ]);
  });

  test("does not hide the lifetimes: what is left of a token, and 0 if a token should exist", async () => {
    const { report } = await checkBoth([aging, {}], { keyState: () => "Disabled" });
    expect(report.accounts).toMatchObject([
      { lifeRemainingPercent: 50, result: { expiresAt: expect.any(String) } },
      { lifeRemainingPercent: 0 },
    ]);
  });

  test("also fails an account that awaits credentials, for which no token is expected", async () => {
    const { report } = await checkBoth([{}, {}], {
      keyState: () => "Disabled",
      currentVersionId: () => undefined,
    });
    for (const account of report.accounts) {
      expect(account).toMatchObject({ result: { outcome: "failed" } });
      expect(account).not.toHaveProperty("lifeRemainingPercent");
    }
  });
});

test("A defect in reading the key's state fails the check", async () => {
  const defect = new TypeError("undefined is not a function");
  const checked = checkBoth([stored(), stored()], {
    keyState: () => {
      throw defect;
    },
  });
  await expect(checked).rejects.toBe(defect);
});
