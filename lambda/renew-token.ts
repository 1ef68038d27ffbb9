/**
 * Renews one account: credentials, token, store.
 */
import { type DueReason, tokenParameterName } from "./contract.ts";
import type { CredentialsSource } from "./credentials.ts";
import type { TokenEndpoint } from "./dintero.ts";
import { RotationError } from "./errors.ts";
import { believedStatus, type StoredToken, type TokenStatus } from "./renewal-policy.ts";
import { tokenFingerprint } from "./token-fingerprint.ts";
import type { TokenStore } from "./token-store.ts";

export interface RenewalDependencies {
  readonly credentials: CredentialsSource;
  readonly tokenEndpoint: TokenEndpoint;
  readonly tokenStore: TokenStore;
  /** The KMS key that tokens are to be encrypted with. */
  readonly keyId: string;
}

const PUT_BACK: readonly DueReason[] = ["missing", "replaced", "key-changed"];

/**
 * Fetches a token and stores it.
 * @param reason - why the account is due, which says what of the stored token can be relied on.
 * @param patientUntilMs - see {@link TokenEndpoint.requestToken}.
 * @returns the status of the token as stored.
 * @throws {@link RotationError} with any account code but `lifetime-too-short`. The last good
 * token is then untouched, save by `store-failed` between the two writes.
 */
export async function renewToken(
  accountId: string,
  stored: StoredToken,
  reason: DueReason,
  dependencies: RenewalDependencies,
  signal: AbortSignal,
  patientUntilMs = 0,
): Promise<TokenStatus> {
  const credentials = await dependencies.credentials.read(accountId, signal);
  const issued = await dependencies.tokenEndpoint.requestToken(
    accountId,
    credentials,
    signal,
    patientUntilMs,
  );
  const fingerprint = tokenFingerprint(issued.accessToken);
  const last = believedStatus(stored, issued.issuedAtMs);
  const isSameToken = last?.tokenFingerprint === fingerprint;

  // Deleted, replaced by something else, or under another key, the token is not what the parameter
  // holds: then handing it out again is a way to put it back.
  if (isSameToken && !PUT_BACK.includes(reason)) {
    throw new RotationError(
      "token-not-renewed",
      `Dintero handed out the token that ${tokenParameterName(accountId)} holds already. The next check asks again; if it lasts, ask Dintero's support.`,
    );
  }
  // The token first: a status that came first would tell of a token that may never come.
  const tokenVersion = await dependencies.tokenStore.writeToken(
    accountId,
    issued.accessToken,
    stored,
    signal,
  );
  const status: TokenStatus = {
    // The clock of a token that was handed out before stands: its life began back then.
    issuedAtMs: isSameToken ? last.issuedAtMs : issued.issuedAtMs,
    expiresAtMs: isSameToken ? Math.min(last.expiresAtMs, issued.expiresAtMs) : issued.expiresAtMs,
    tokenVersion,
    tokenFingerprint: fingerprint,
    credentialsVersionId: credentials.versionId,
    keyId: dependencies.keyId,
  };
  await dependencies.tokenStore.writeStatus(accountId, status, stored, signal);
  return status;
}
