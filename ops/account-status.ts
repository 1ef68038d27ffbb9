/** The state of an account, pure. */
import {
  AT_RISK_PERCENT,
  awaitsCredentials,
  believedStatus,
  CHECK_INTERVAL_MINUTES,
  currentStatus,
  dueReason,
  isLifeTooShort,
  lifeRemainingPercent,
  RENEW_AT_THIRDS_LEFT,
  type StoredToken,
  type TokenStatus,
  WRITE_GRACE_MS,
} from "../lambda/renewal-policy.ts";
import type { SecretReading } from "./secret-reading.ts";

export type AccountState =
  | "fresh"
  | "renewing"
  /** Due for more than three checks, and no check has renewed it. */
  | "overdue"
  | "at-risk"
  | "expired"
  /** The token parameter does not hold what this program wrote last. */
  | "replaced"
  | "missing"
  | "unreadable"
  | "awaiting-credentials"
  /** What is stored could not be read. */
  | "unknown";

/** As in the document of `status --json`. `null` means that there is none, or that it is unknown. */
export interface AccountStatus {
  readonly accountId: string;
  readonly state: AccountState;
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  readonly lifeRemainingSeconds: number | null;
  readonly lifeRemainingPercent: number | null;
  /** Whether the token's lifetime is so short that readers may fail before an alarm comes. */
  readonly isLifeTooShort: boolean | null;
  /** Since when the account is due for a renewal because of the token's age. */
  readonly renewalDueSince: string | null;
  /** When a check renews a replaced token at the latest. */
  readonly renewalExpectedBy: string | null;
  /** Whether the token is encrypted with the stack's key. */
  readonly keyIsCurrent: boolean | null;
  readonly secret: SecretReading["state"] | "unknown";
  /** The version of the secret that the token came from. */
  readonly credentialsVersionId: string | null;
  /** Whether that is the secret's current version. */
  readonly credentialsAreCurrent: boolean | null;
  readonly credentialsChangedAt: string | null;
}

/** What was read for an account. What could not be read is absent. */
export interface AccountReading {
  readonly stored?: StoredToken;
  readonly secret?: SecretReading;
  /** Of the stack's key. */
  readonly keyArn?: string | undefined;
}

const MINUTE_MS = 60_000;
const OVERDUE_MS = 3 * CHECK_INTERVAL_MINUTES * MINUTE_MS;
/** The next check after the grace period, which takes less than a minute. */
const REPLACED_MS = WRITE_GRACE_MS + (CHECK_INTERVAL_MINUTES + 1) * MINUTE_MS;

/** The state by the function's own rules, and what is left of the token's lifetime. */
export function accountStatus(
  accountId: string,
  { stored, secret, keyArn }: AccountReading,
  nowMs: number,
): AccountStatus {
  const replacedAtMs = stored && replacedSince(stored, nowMs);
  const status = stored && replacedAtMs === undefined ? currentStatus(stored, nowMs) : undefined;
  const remainingMs = status && status.expiresAtMs - nowMs;
  const dueAtMs = status && renewalDueAtMs(status);
  return {
    accountId,
    state:
      replacedAtMs !== undefined
        ? "replaced"
        : status
          ? stateOfToken(status, nowMs)
          : stateWithoutToken(stored, secret),
    issuedAt: isoTime(status?.issuedAtMs),
    expiresAt: isoTime(status?.expiresAtMs),
    lifeRemainingSeconds:
      remainingMs === undefined ? null : Math.max(0, Math.floor(remainingMs / 1000)),
    lifeRemainingPercent: status ? Math.round(lifeRemainingPercent(status, nowMs)) : null,
    isLifeTooShort: status ? isLifeTooShort(status) : null,
    renewalDueSince: dueAtMs !== undefined && dueAtMs <= nowMs ? isoTime(dueAtMs) : null,
    renewalExpectedBy: isoTime(replacedAtMs && replacedAtMs + REPLACED_MS),
    keyIsCurrent: status && keyArn !== undefined ? status.keyId === keyArn : null,
    secret: secret?.state ?? "unknown",
    credentialsVersionId: status?.credentialsVersionId ?? null,
    credentialsAreCurrent:
      status && secret
        ? secret.state === "stored" && status.credentialsVersionId === secret.versionId
        : null,
    credentialsChangedAt: isoTime(secret?.state === "stored" ? secret.changedAtMs : undefined),
  };
}

/**
 * When somebody else wrote the token parameter. By the function's rule, but without its grace period:
 * services read the wrong token at once.
 */
function replacedSince(stored: StoredToken, nowMs: number): number | undefined {
  const status = believedStatus(stored, nowMs);
  const writtenMs = stored.tokenParameter?.lastModifiedMs;
  if (!status || writtenMs === undefined) return undefined;
  const { keyId, credentialsVersionId } = status;
  const afterGraceMs = Math.max(nowMs, writtenMs + WRITE_GRACE_MS + 1);
  const desired = { nowMs: afterGraceMs, keyId, credentialsVersionId, force: false };
  return dueReason(stored, desired) === "replaced" ? writtenMs : undefined;
}

function stateOfToken(status: TokenStatus, nowMs: number): AccountState {
  if (status.expiresAtMs <= nowMs) return "expired";
  if (lifeRemainingPercent(status, nowMs) < AT_RISK_PERCENT) return "at-risk";
  const dueForMs = nowMs - renewalDueAtMs(status);
  if (dueForMs > OVERDUE_MS) return "overdue";
  return dueForMs >= 0 ? "renewing" : "fresh";
}

function renewalDueAtMs({ issuedAtMs, expiresAtMs }: TokenStatus): number {
  return Math.ceil(expiresAtMs - (RENEW_AT_THIRDS_LEFT * (expiresAtMs - issuedAtMs)) / 3);
}

function stateWithoutToken(
  stored: StoredToken | undefined,
  secret: SecretReading | undefined,
): AccountState {
  if (!stored) return "unknown";
  return secret?.state === "empty" && awaitsCredentials(stored)
    ? "awaiting-credentials"
    : "missing";
}

function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
