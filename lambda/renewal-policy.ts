/**
 * The rules of a token's lifetime, pure: how long it is, how much is left, and whether an account is
 * due. Each threshold is defined here and nowhere else.
 */
import type { DueReason } from "./contract.ts";

/** A check runs this often. */
export const CHECK_INTERVAL_MINUTES = 5;

/** Renewing starts when this many thirds of a token's lifetime are left. */
export const RENEW_AT_THIRDS_LEFT = 2;

/** A token with fewer thirds of its lifetime left is at risk: its account's own alarm fires. */
export const AT_RISK_THIRDS_LEFT = 1;

/** {@link AT_RISK_THIRDS_LEFT} in percent of the lifetime. */
export const AT_RISK_PERCENT = (100 * AT_RISK_THIRDS_LEFT) / 3;

/**
 * A shorter lifetime is used but reported as a failure. Three checks must fit between a third and a
 * quarter of the lifetime, or one lost check breaks the promise.
 */
export const MIN_LIFE_MS = 3 * 60 * 60 * 1000;

/** A longer lifetime counts as this, so that rejected credentials are noticed within days. */
export const MAX_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** How long another check may need between writing a token and writing its status. */
export const WRITE_GRACE_MS = 2 * 60 * 1000;

/**
 * How far apart the two writes of one renewal may be: twice the 30 s that an account may take. Both times
 * come from SSM, so the function's clock does not matter.
 */
export const WRITES_APART_MS = 60 * 1000;

/** What is known about the token that this program wrote last. */
export interface TokenStatus {
  /** The moment before the request for the token left, in milliseconds since the epoch. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** Version of the token parameter with this token. */
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
    /** Absent when the parameter's text is not a valid status. */
    readonly status?: TokenStatus;
  };
}

/** What should be stored, as far as it decides whether an account is due. */
export interface DesiredToken {
  readonly nowMs: number;
  readonly keyId: string;
  /** The secret's current version; absent when the secret has no value. */
  readonly credentialsVersionId?: string | undefined;
  readonly force: boolean;
}

/** Why the account is due, or `undefined` when it is not. The first reason that applies counts. */
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
 * The status, if its times are possible. It describes the token that this program wrote last, even if the
 * token parameter has changed since.
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

/** What is left of a token's lifetime, in percent from 0 to 100; 0 without a token. */
export function lifeRemainingPercent(status: TokenStatus | undefined, nowMs: number): number {
  if (!status) return 0;
  const percent = (100 * (status.expiresAtMs - nowMs)) / lifeMs(status);
  return Math.min(100, Math.max(0, percent));
}

/** When the token begins to be at risk. */
export function atRiskAtMs(status: TokenStatus): number {
  return status.expiresAtMs - (lifeMs(status) * AT_RISK_THIRDS_LEFT) / 3;
}

/**
 * Whether the lifetime is too short for the promise to hold. A JWT's `exp` is a whole second
 * (`NumericDate`, RFC 7519, section 2) and the clock's time is not: of 3 h, a part of a second can be missing.
 */
export function isLifeTooShort(status: TokenStatus): boolean {
  return Math.ceil(lifeMs(status) / 1000) * 1000 < MIN_LIFE_MS;
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
 * Whether an account without a secret value is new: nobody has entered its credentials yet. It is not new
 * if there is a token parameter, whoever wrote it: somebody reads that token, and the secret was lost.
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
    // A parameter that was deleted and created again starts at version 1 once more.
    Math.abs(statusParameter.lastModifiedMs - tokenParameter.lastModifiedMs) <= WRITES_APART_MS;
  return !fits && nowMs - tokenParameter.lastModifiedMs > WRITE_GRACE_MS;
}

function isAging(status: TokenStatus, nowMs: number): boolean {
  // Multiplied by 3, because two thirds is not a binary fraction and the boundary must be exact.
  return 3 * (status.expiresAtMs - nowMs) <= RENEW_AT_THIRDS_LEFT * lifeMs(status);
}

function lifeMs(status: TokenStatus): number {
  return status.expiresAtMs - status.issuedAtMs;
}
