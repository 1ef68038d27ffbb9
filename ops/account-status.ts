/** Where an account stands, pure. */
import {
  AT_RISK_PERCENT,
  awaitsCredentials,
  currentStatus,
  dueReason,
  lifeRemainingPercent,
  type StoredToken,
  type TokenStatus,
} from "../lambda/renewal-policy.ts";

export type AccountState =
  | "fresh"
  | "renewing"
  | "at-risk"
  | "expired"
  | "missing"
  | "awaiting-credentials"
  /** What is stored could not be read. */
  | "unknown";

/** As in the document of `status --json`; `null` where there is none, or where it is not known. */
export interface AccountStatus {
  readonly accountId: string;
  readonly state: AccountState;
  readonly expiresAt: string | null;
  readonly lifeRemainingSeconds: number | null;
  readonly lifeRemainingPercent: number | null;
  /** The version of the secret that the token came from. */
  readonly credentialsVersionId: string | null;
  /** Whether that is the secret's current version. */
  readonly credentialsAreCurrent: boolean | null;
}

/** What was read of an account; what could not be read is absent. */
export interface AccountReading {
  readonly stored?: StoredToken;
  /** `null`: the secret has no value. */
  readonly currentVersionId?: string | null;
}

/**
 * The state by the thirds of the function's own rules, and what is left of the token's life.
 */
export function accountStatus(
  accountId: string,
  { stored, currentVersionId }: AccountReading,
  nowMs: number,
): AccountStatus {
  const status = stored && currentStatus(stored, nowMs);
  const remainingMs = status && status.expiresAtMs - nowMs;
  return {
    accountId,
    state: status ? stateOfToken(status, nowMs) : stateWithoutToken(stored, currentVersionId),
    expiresAt: status ? new Date(status.expiresAtMs).toISOString() : null,
    lifeRemainingSeconds:
      remainingMs === undefined ? null : Math.max(0, Math.floor(remainingMs / 1000)),
    lifeRemainingPercent: status ? Math.round(lifeRemainingPercent(status, nowMs)) : null,
    credentialsVersionId: status?.credentialsVersionId ?? null,
    credentialsAreCurrent:
      status && currentVersionId !== undefined
        ? status.credentialsVersionId === currentVersionId
        : null,
  };
}

/**
 * What of an account's state has to be mended, in words. An account that awaits credentials is not
 * among it, as no alarm is about it either: nobody has lost anything yet, and a pipeline that has
 * just deployed a stack must not fail for what only a person can do next.
 */
export function accountFaults({ accountId, state }: AccountStatus): string[] {
  const fault = FAULTS[state];
  return fault ? [`${accountId}: ${fault}`] : [];
}

const FAULTS: Partial<Readonly<Record<AccountState, string>>> = {
  "at-risk": "less than a third of its token's life is left.",
  expired: "its token has expired.",
  missing: "it has no token that can be relied on.",
};

function stateOfToken(status: TokenStatus, nowMs: number): AccountState {
  if (status.expiresAtMs <= nowMs) return "expired";
  if (lifeRemainingPercent(status, nowMs) < AT_RISK_PERCENT) return "at-risk";
  return isAging(status, nowMs) ? "renewing" : "fresh";
}

/** Asked of the function's own rule, with all else as it should be. */
function isAging(status: TokenStatus, nowMs: number): boolean {
  const { keyId, credentialsVersionId, tokenVersion } = status;
  const parameter = { version: tokenVersion, lastModifiedMs: nowMs };
  const stored = {
    tokenParameter: parameter,
    statusParameter: { lastModifiedMs: nowMs, status },
  };
  return dueReason(stored, { nowMs, keyId, credentialsVersionId, force: false }) === "aging";
}

function stateWithoutToken(
  stored: StoredToken | undefined,
  currentVersionId: string | null | undefined,
): AccountState {
  if (!stored) return "unknown";
  return currentVersionId === null && awaitsCredentials(stored)
    ? "awaiting-credentials"
    : "missing";
}
