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
  /** The KMS key to encrypt tokens with. */
  readonly keyId: string;
}

const PUT_BACK: readonly DueReason[] = ["missing", "replaced", "key-changed"];

/**
 * Fetches a token and stores it.
 * @param reason - why the account is due. It decides which facts about the stored token are reliable.
 * @param patientUntilMs - see {@link TokenEndpoint.requestToken}.
 * @returns the status of the token as stored.
 * @throws {@link RotationError} with any account code but `lifetime-too-short`. The last good token is
 * then unchanged, except for `store-failed` between the two writes.
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

  // For these reasons the parameter no longer holds the token, or holds it under another key: then
  // storing the same token again restores it.
  if (isSameToken && !PUT_BACK.includes(reason)) {
    throw new RotationError(
      "token-not-renewed",
      `Dintero returned the token that ${tokenParameterName(accountId)} already holds. The next check asks again. If it lasts, ask Dintero's support.`,
    );
  }
  // The token first: a status that came first could describe a token that is never written.
  const tokenVersion = await dependencies.tokenStore.writeToken(
    accountId,
    issued.accessToken,
    stored,
    signal,
  );
  const status: TokenStatus = {
    // If Dintero returned an earlier token again, its lifetime began when it was first issued.
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
