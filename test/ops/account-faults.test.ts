/** What has to be fixed of an account, and the one piece of advice. */
import { describe, expect, test } from "@jest/globals";
import { accountFaults } from "../../ops/account-faults.ts";
import type { AccountReading } from "../../ops/account-status.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  ACCOUNT_ID,
  ADVICE,
  accountAt,
  COMMANDS,
  KEY_ARN,
  MINUTE_MS,
  NOW_MS,
  storedToken,
  THIRD_MS,
} from "./status-parts.ts";

const faultsOf = (reading: AccountReading, { keyState } = ADVICE) =>
  accountFaults(accountAt(reading), { ...ADVICE, keyState }, NOW_MS);

const stored = (versionId: string, agoMs?: number) => ({
  state: "stored" as const,
  versionId,
  ...(agoMs !== undefined && { changedAtMs: NOW_MS - agoMs }),
});
const overwritten = (agoMs: number) => ({
  ...storedToken(2 * THIRD_MS + 1),
  tokenParameter: { version: 4, lastModifiedMs: NOW_MS - agoMs },
});

describe("Nothing has to be fixed", () => {
  test.each<[string, AccountReading]>([
    ["of a fresh token", {}],
    [
      "of a token that three checks may still renew",
      { stored: storedToken(2 * THIRD_MS - 15 * MINUTE_MS) },
    ],
    ["of an account without its first credentials", { stored: {}, secret: { state: "empty" } }],
    ["of credentials that the next checks use", { secret: stored("version-2", 10 * MINUTE_MS) }],
  ])("%s", (_, reading) => {
    expect(faultsOf(reading)).toEqual([]);
  });
});

describe("A token", () => {
  const { reconcile, force, credentials } = COMMANDS;
  test.each<[string, string, AccountReading, string[], string[]]>([
    ["token-at-risk", "urgent", { stored: storedToken(THIRD_MS - 1) }, [], [reconcile]],
    [
      "token-expired",
      "urgent",
      { stored: storedToken(-MINUTE_MS) },
      ["2026-01-01 23:59"],
      [reconcile],
    ],
    ["token-missing", "urgent", { stored: {} }, [], [reconcile]],
    ["token-key-changed", "urgent", { keyArn: `${KEY_ARN}2` }, [], [reconcile]],
    [
      "renewal-overdue",
      "not-urgent",
      { stored: storedToken(2 * THIRD_MS - 16 * MINUTE_MS) },
      ["2026-01-01 23:44 UTC"],
      [reconcile],
    ],
    // Written 40 s ago: two minutes of grace, and the next check with its own minute.
    [
      "token-replaced",
      "urgent",
      { stored: overwritten(40_000) },
      ["2026-01-02 00:07 UTC"],
      [force],
    ],
    [
      "lifetime-too-short",
      "not-urgent",
      { stored: storedToken(170 * MINUTE_MS, 179 * MINUTE_MS) },
      ["3 h", "Dintero"],
      [],
    ],
    [
      "credentials-not-used",
      "not-urgent",
      { secret: stored("version-2", 10 * MINUTE_MS + 1) },
      ["2026-01-01 23:49 UTC"],
      [reconcile, credentials],
    ],
    [
      "credentials-not-used",
      "not-urgent",
      { secret: stored("version-2") },
      [],
      [reconcile, credentials],
    ],
  ])("%s is %s: %#", (code, urgency, reading, names, commands) => {
    const [fault, ...others] = faultsOf(reading);
    expect(fault).toMatchObject({ code, accountId: ACCOUNT_ID, urgency });
    expectMessage(fault?.message ?? "", { names: [ACCOUNT_ID, ...names], commands });
    expect(others).toEqual([]);
  });

  test("that was overwritten says so in other words once a check should have renewed it", () => {
    const [soon, late] = [7 * MINUTE_MS, 9 * MINUTE_MS].map((agoMs) =>
      faultsOf({ stored: overwritten(agoMs) })[0]?.message.replace(/\d\d:\d\d/, ""),
    );
    expect(soon).not.toBe(late);
  });
});

describe("A secret", () => {
  const { refresh, credentials, status } = COMMANDS;
  const restore =
    "aws secretsmanager restore-secret --secret-id dintero/T12345678/api-client --region eu-north-1";
  test.each([
    // With the key on, or gone for good; then the same commands make another.
    ["secret-deleted", "deleted", "Enabled", [refresh, credentials], []],
    ["secret-deleted", "deleted", "NotFound", [refresh, credentials], []],
    // With --refresh, Pulumi would make another key.
    ["secret-deleted", "deleted", "Disabled", [status], ["--refresh"]],
    ["secret-deleted", "deleted", "PendingDeletion", [status], ["--refresh"]],
    ["secret-deleted", "deleted", undefined, [status], [refresh, credentials]],
    ["secret-scheduled-for-deletion", "scheduled-for-deletion", "Enabled", [restore], [refresh]],
    ["secret-scheduled-for-deletion", "scheduled-for-deletion", "Disabled", [restore], [refresh]],
    ["secret-empty", "empty", "Enabled", [credentials], [refresh]],
    ["secret-empty", "empty", "Disabled", [status], [refresh, credentials]],
  ] as const)("%s (%s), with a key that is %s", (code, state, keyState, commands, without) => {
    const [fault, ...others] = faultsOf({ secret: { state } }, { ...ADVICE, keyState });
    expect(fault).toMatchObject({ code, accountId: ACCOUNT_ID, urgency: "not-urgent" });
    const names = ["dintero/T12345678/api-client"];
    expectMessage(fault?.message ?? "", { names, commands, without });
    expect(others).toEqual([]);
  });

  test.each(["deleted", "scheduled-for-deletion", "empty"] as const)(
    "that is %s has the only command, because it causes the fault of the token",
    (state) => {
      const faults = faultsOf({ secret: { state }, stored: storedToken(1) });
      expect(faults.map(({ code }) => code)).toEqual(["token-at-risk", `secret-${state}`]);
      expectMessage(faults[0]?.message ?? "", { names: [ACCOUNT_ID], without: ["npm run"] });
    },
  );

  test("whose credentials are not used because the key is off has only the key's command", () => {
    const off = { ...ADVICE, keyState: "Disabled" };
    const [fault] = faultsOf({ secret: stored("version-2") }, off);
    expectMessage(fault?.message ?? "", { commands: [status], without: [credentials] });
  });

  test("that could not be read is not another fault", () => {
    const account = { ...accountAt(), secret: "unknown", credentialsAreCurrent: null } as const;
    expect(accountFaults(account, ADVICE, NOW_MS)).toEqual([]);
  });
});

test("A key that is off has the only command, because it causes the faults of tokens", () => {
  const [fault] = faultsOf({ stored: overwritten(0) }, { ...ADVICE, keyState: "Disabled" });
  expectMessage(fault?.message ?? "", { names: [ACCOUNT_ID], without: ["npm run"] });
});
