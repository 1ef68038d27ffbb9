/** Parts of a status as they are when all is well, for tests that change one thing. */
import { MAX_LIFE_MS, type StoredToken } from "../../lambda/renewal-policy.ts";
import {
  type AccountReading,
  type AccountStatus,
  accountStatus,
} from "../../ops/account-status.ts";
import type { AlarmStatus } from "../../ops/alarm-faults.ts";
import type { StackAdvice } from "../../ops/stack-commands.ts";

export const ACCOUNT_ID = "T12345678";
export const NOW_MS = Date.UTC(2026, 0, 2);
export const MINUTE_MS = 60_000;
/** Of a lifetime of 24 h. */
export const THIRD_MS = 8 * 60 * MINUTE_MS;
export const KEY_ARN = "arn:aws:kms:eu-north-1:123456789012:key/1";

/** Of a stack whose key is on. */
export const ADVICE: StackAdvice = { stack: "test", region: "eu-north-1", keyState: "Enabled" };

/** The commands that the messages may advise. */
export const COMMANDS = {
  refresh: "npm run deploy -- --stack test --refresh",
  deploy: "npm run deploy -- --stack test",
  status: "npm run ops -- status --stack test",
  credentials: `npm run ops -- credentials ${ACCOUNT_ID} --stack test`,
  reconcile: `npm run ops -- reconcile ${ACCOUNT_ID} --stack test`,
  force: `npm run ops -- reconcile ${ACCOUNT_ID} --force --stack test`,
} as const;

/** Of a token that is valid for so long, with so much of it left. */
export function storedToken(remainingMs: number, lifetimeMs = 3 * THIRD_MS): StoredToken {
  const issuedAtMs = NOW_MS + remainingMs - Math.min(lifetimeMs, MAX_LIFE_MS);
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
        keyId: KEY_ARN,
      },
    },
  };
}

/** Of an account whose token is a minute old. */
export function accountAt(differences: AccountReading = {}, accountId = ACCOUNT_ID): AccountStatus {
  const reading: AccountReading = {
    stored: storedToken(3 * THIRD_MS - MINUTE_MS),
    secret: { state: "stored", versionId: "version-1", changedAtMs: NOW_MS - THIRD_MS },
    keyArn: KEY_ARN,
  };
  return accountStatus(accountId, { ...reading, ...differences }, NOW_MS);
}

/** Of an account's own alarm, a minute in its state. */
export function alarmView(differences: Partial<AlarmStatus> = {}): AlarmStatus {
  return {
    name: "alarm-1",
    kind: "token-at-risk",
    accountId: ACCOUNT_ID,
    state: "OK",
    since: minutesAgo(1),
    reason: "fine",
    actionsEnabled: true,
    notifiesTopic: true,
    notifiesUrgentTopic: null,
    warmUpEndsAt: null,
    clearingSince: null,
    ...differences,
  };
}

export function minutesAgo(minutes: number): string {
  return new Date(NOW_MS - minutes * MINUTE_MS).toISOString();
}
