/**
 * The rules of a token's lifetime, pure: how long it is, how much of it is left, and whether an
 * account is due. The only place of each threshold.
 */
import type { DueReason } from "./contract.ts";

/** A check runs this often. */
export const CHECK_INTERVAL_MINUTES = 5;

/** Renewing starts when this many thirds of a token's life are left. */
export const RENEW_AT_THIRDS_LEFT = 2;

/** A token with fewer thirds of its lifetime left is at risk: its account's own alarm fires. */
export const AT_RISK_THIRDS_LEFT = 1;

/** {@link AT_RISK_THIRDS_LEFT} in percent of the lifetime. */
export const AT_RISK_PERCENT = (100 * AT_RISK_THIRDS_LEFT) / 3;

/**
 * A shorter lifetime is used but reported as a failure. Between a third and a quarter of it have to fit
 * three checks, or one lost check breaks the promise.
 */
export const MIN_LIFE_MS = 3 * 60 * 60 * 1000;

/** A longer life counts as this, so that a rejected credential is noticed within days. */
export const MAX_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** How long another check may stand between writing a token and writing its status. */
export const WRITE_GRACE_MS = 2 * 60 * 1000;

/**
 * How far apart the two writes of one renewal may lie: twice the 30 s that an account may take.
 * Both times are SSM's own, so no clock of ours is compared.
 */
export const WRITES_APART_MS = 60 * 1000;

/** What is known of the token that this program last wrote. */
export interface TokenStatus {
  /** The moment before the request for the token left, in milliseconds since the epoch. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** Version of the token parameter that the token was written as. */
  readonly tokenVersion: number;
  readonly tokenFingerprint: string;
  readonly credentialsVersionId: string;
  readonly keyId: string;
}

/** What the store holds for one account; a parameter that does not exist is absent. */
export interface StoredToken {
  readonly tokenParameter?: { readonly version: number; readonly lastModifiedMs: number };
  readonly statusParameter?: {
    readonly lastModifiedMs: number;
    /** Absent when the parameter's text is no status. */
    readonly status?: TokenStatus;
  };
}

/** What should be, as far as it decides whether an account is due. */
export interface DesiredToken {
  readonly nowMs: number;
  readonly keyId: string;
  /** The secret's current version; absent when the secret has no value. */
  readonly credentialsVersionId?: string | undefined;
  readonly force: boolean;
}

/** Why the account is due, or `undefined` when it is not. Earlier reasons go before later ones. */
export function dueReason(stored: StoredToken, desired: DesiredToken): DueReason | undefined {
  const { nowMs } = desired;
  const token = believedToken(stored, nowMs);
  if (!token) return "missing";
  if (isReplaced(token, nowMs)) return "replaced";
  const { status } = token;
  if (status.keyId !== desired.keyId) return "key-changed";
  if (isAging(status, nowMs)) return "aging";
  if (status.credentialsVersionId !== desired.credentialsVersionId) return "credentials-changed";
  return desired.force ? "forced" : undefined;
}

/**
 * The status, if it can be believed: its times are possible. It describes the token that this
 * program wrote last, whatever happened to the token parameter since.
 */
export function believedStatus(
  { statusParameter }: StoredToken,
  nowMs: number,
): TokenStatus | undefined {
  const status = statusParameter?.status;
  if (!status || status.issuedAtMs > nowMs) return undefined;
  return lifeMs(status) > 0 && lifeMs(status) <= MAX_LIFE_MS ? status : undefined;
}

/** The {@link believedStatus} of the token that the token parameter holds now. */
export function currentStatus(stored: StoredToken, nowMs: number): TokenStatus | undefined {
  const token = believedToken(stored, nowMs);
  return token && !isReplaced(token, nowMs) ? token.status : undefined;
}

/** What is left of a token's life, in percent from 0 to 100; 0 without a token. */
export function lifeRemainingPercent(status: TokenStatus | undefined, nowMs: number): number {
  if (!status) return 0;
  const percent = (100 * (status.expiresAtMs - nowMs)) / lifeMs(status);
  return Math.min(100, Math.max(0, percent));
}

/** When so little of a token's lifetime is left that it is at risk. */
export function atRiskAtMs(status: TokenStatus): number {
  return status.expiresAtMs - (lifeMs(status) * AT_RISK_THIRDS_LEFT) / 3;
}

/** Whether the lifetime is too short for the promise to hold. */
export function isLifeTooShort(status: TokenStatus): boolean {
  return lifeMs(status) < MIN_LIFE_MS;
}

/** When a token expires by the reply's `expires_in` and, if it has one, its JWT's `exp`. */
export function expiryMs(
  issuedAtMs: number,
  expiresInSeconds: number,
  jwtExpiresAtMs = Number.POSITIVE_INFINITY,
): number {
  return Math.min(issuedAtMs + expiresInSeconds * 1000, jwtExpiresAtMs, issuedAtMs + MAX_LIFE_MS);
}

/**
 * Whether an account whose secret has no value is one that nobody has entered credentials for yet. It is
 * not if there is a token parameter, whoever wrote it: somebody reads that, and the value was lost.
 */
export function awaitsCredentials({ tokenParameter }: StoredToken): boolean {
  return !tokenParameter;
}

/** A token parameter and the {@link believedStatus} beside it. */
type BelievedToken = Required<StoredToken> & { readonly status: TokenStatus };

function believedToken(stored: StoredToken, nowMs: number): BelievedToken | undefined {
  const { tokenParameter, statusParameter } = stored;
  const status = believedStatus(stored, nowMs);
  return tokenParameter && statusParameter && status
    ? { tokenParameter, statusParameter, status }
    : undefined;
}

/** Whether the token parameter is not the one that its status was written for. */
function isReplaced(
  { tokenParameter, statusParameter, status }: BelievedToken,
  nowMs: number,
): boolean {
  const fits =
    tokenParameter.version === status.tokenVersion &&
    // A parameter that was deleted and made again starts at version 1 once more.
    Math.abs(statusParameter.lastModifiedMs - tokenParameter.lastModifiedMs) <= WRITES_APART_MS;
  return !fits && nowMs - tokenParameter.lastModifiedMs > WRITE_GRACE_MS;
}

function isAging(status: TokenStatus, nowMs: number): boolean {
  // Multiplied out, since two thirds is no binary fraction and the boundary is exact.
  return 3 * (status.expiresAtMs - nowMs) <= RENEW_AT_THIRDS_LEFT * lifeMs(status);
}

function lifeMs(status: TokenStatus): number {
  return status.expiresAtMs - status.issuedAtMs;
}
