/**
 * The stand-in's access tokens: real RS256 JWTs, as Dintero's are. Called when a token is issued.
 * Dintero documents algorithm, key type and `kid`; the claims are not documented, these are the
 * usual ones: https://docs.dintero.com/management-auth-api/keys/aid_auths_keys_get
 */
import { randomUUID } from "node:crypto";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { TokenGrant } from "./token-reply.ts";

/**
 * Signs a token for a grant. Two tokens always differ (`jti`), at the same instant too.
 * `iat` is the clock's whole second, so that `exp` lies up to 1 s before `nowMs` plus the lifetime.
 *
 * Claims: RFC 7519, 4.1; https://www.rfc-editor.org/rfc/rfc7519.html
 */
export async function signAccessToken(
  grant: TokenGrant,
  nowMs: number,
  lifetimeSeconds: number,
): Promise<string> {
  const { privateKey, kid } = await signingKey();
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
    .setIssuer("https://api.dintero.com")
    .setAudience(grant.audience)
    .setSubject(grant.client_id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .setJti(randomUUID())
    .sign(privateKey);
}

/** The public half of the key that signs every token of this process. */
export async function accessTokenPublicKey(): Promise<CryptoKey> {
  return (await signingKey()).publicKey;
}

let key: ReturnType<typeof makeKey> | undefined;

// Once per process: an RSA key takes longer to make than every other thing here together.
function signingKey(): ReturnType<typeof makeKey> {
  key ??= makeKey();
  return key;
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  return { privateKey, publicKey, kid: await calculateJwkThumbprint(await exportJWK(publicKey)) };
}
