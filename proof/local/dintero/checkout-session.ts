/**
 * Dintero's Checkout API, as far as the samples for readers of the token call it: reading a session.
 * Source: https://docs.dintero.com/specs/spec-payments.yaml, `checkout_session_get`
 */
import { errorReply, jsonReply, type RawReply } from "./raw-reply.ts";
import type { TokenRequest } from "./token-grant.ts";

/** The reply, with a session of any id; `undefined` if the path is another one. */
export function checkoutSessionReply(
  { method, path, headers }: TokenRequest,
  isValid: (token: string) => boolean,
): RawReply | undefined {
  const [, id] = /^\/v1\/sessions\/([\w.-]+)$/.exec(path) ?? [];
  if (method !== "GET" || id === undefined) return undefined;
  const [, token = ""] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
  return isValid(token) ? jsonReply(200, { id }) : errorReply(401, "Access forbidden");
}
