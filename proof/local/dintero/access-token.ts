/**
 * Access tokens like Dintero's: JWTs in form, size and lifetime. Dintero documents the algorithm and
 * `kid`, but no claims; these are the usual ones (RFC 7519, section 4.1).
 * Source: https://docs.dintero.com/management-auth-api/keys/aid_auths_keys_get
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { TokenGrant } from "./token-grant.ts";

/**
 * A token that differs from every other.
 * @param nowMs - `iat` is its whole second, so that `exp` is up to 1 s before `nowMs` plus lifetime.
 */
export function newAccessToken(grant: TokenGrant, nowMs: number, lifetimeSeconds: number): string {
  const issuedAt = Math.floor(nowMs / 1000);
  // The example of a key's thumbprint in RFC 7638, section 3.1.
  const kid = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
  const header = { alg: "RS256", typ: "JWT", kid };
  const claims = {
    iss: "https://api.dintero.com",
    aud: grant.audience,
    sub: grant.client_id,
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    jti: randomUUID(),
  };
  return [
    ...[header, claims].map((part) => Buffer.from(JSON.stringify(part))),
    // No signature, but as long as one: only Dintero's own APIs verify it.
    randomBytes(256),
  ]
    .map((part) => part.toString("base64url"))
    .join(".");
}
