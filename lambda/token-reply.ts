/** Checks Dintero's reply to a request for a token. */
import { decodeJwt } from "jose";
import * as v from "valibot";
import { RotationError } from "./errors.ts";
import { readJsonObject } from "./json-object.ts";
import type { HttpReply } from "./post.ts";
import { expiryMs } from "./renewal-policy.ts";
import { readReplyBody } from "./reply-body.ts";

export interface IssuedToken {
  readonly accessToken: string;
  /** The moment before the request left, in milliseconds since the epoch. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * The token in a reply with status 200.
 * @param request - names the request in messages: "Dintero's reply for T12345678".
 * @throws {@link RotationError} `bad-reply`, naming each field that is wrong. Also what the stream of the
 * body throws: a cut connection, an abort.
 */
export async function readTokenReply(
  httpReply: HttpReply,
  issuedAtMs: number,
  request: string,
): Promise<IssuedToken> {
  const body = await readReplyBody(httpReply);
  if (!body.ok) throw badReply(request, body.fault);
  const reply = readJsonObject(body.text, REPLY_FIELDS);
  if (!reply.ok) throw badReply(request, reply.faults);
  const { access_token, expires_in } = reply.value;
  const expiresAtMs = expiryMs(issuedAtMs, expires_in, jwtExpiresAtMs(access_token));
  if (expiresAtMs <= issuedAtMs) throw badReply(request, "its token has already expired");
  return { accessToken: access_token, issuedAtMs, expiresAtMs };
}

// Dintero declares the three fields as required; see the "Get token" reference.
const REPLY_FIELDS = {
  access_token: v.pipe(
    v.string("access_token is not a string"),
    v.nonEmpty("access_token is empty"),
    v.regex(/^[\x21-\x7e]+$/, "access_token contains spaces or characters that are not printable"),
  ),
  token_type: v.pipe(
    v.string("token_type is not a string"),
    v.check((type) => type.toLowerCase() === "bearer", "token_type is not Bearer"),
  ),
  expires_in: v.pipe(
    v.number("expires_in is not a number"),
    v.integer("expires_in is not a whole number"),
    v.minValue(1, "expires_in is not positive"),
  ),
};

/** A JWT's `exp` in milliseconds since the epoch; `undefined` for other tokens and other `exp`. */
function jwtExpiresAtMs(accessToken: string): number | undefined {
  try {
    const { exp } = decodeJwt(accessToken);
    return typeof exp === "number" ? exp * 1000 : undefined;
  } catch {
    // Not a JWT: the reply's expires_in is the contract, a JWT's exp may only shorten it.
    return undefined;
  }
}

function badReply(request: string, faults: string): RotationError<"bad-reply"> {
  return new RotationError(
    "bad-reply",
    `${request} cannot be used: ${faults}. The next check asks again. If it lasts, ask Dintero's support.`,
  );
}
