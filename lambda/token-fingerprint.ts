/** Names a token in the status, in logs and on screens, because none of them may show the token. */
import { createHash } from "node:crypto";

/** The first 12 hex digits of the token's SHA-256. */
export function tokenFingerprint(accessToken: string): string {
  return createHash("sha256").update(accessToken).digest("hex").slice(0, 12);
}
