/** A right token request to the stand-in, with any part replaced: what these tests start from. */
import { once } from "node:events";
import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";

export const ACCOUNT = "T12345678";
export const CREDENTIALS = { client_id: "ecom-123", client_secret: "x7+æ~ÿ:=?>o" };

export interface TokenRequestParts {
  readonly accountId?: string;
  readonly method?: string;
  readonly path?: string;
  /** Merged over the right headers; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array;
  readonly redirect?: "manual";
  readonly signal?: AbortSignal;
}

/** Sends it with the global `fetch`. */
export function postToken(origin: string, parts: TokenRequestParts = {}): Promise<Response> {
  const accountId = parts.accountId ?? ACCOUNT;
  const headers = { ...rightHeaders(), ...parts.headers };
  const method = parts.method ?? "POST";
  const mayHaveBody = method !== "GET" && method !== "HEAD";
  return fetch(`${origin}${parts.path ?? `/v1/accounts/${accountId}/auth/token`}`, {
    method,
    headers: Object.entries(headers).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
    // As bytes: of a string, fetch would guess a content type where a test leaves it out.
    ...(mayHaveBody ? { body: Buffer.from(parts.body ?? rightBody(accountId)) } : {}),
    ...(parts.redirect === undefined ? {} : { redirect: parts.redirect }),
    ...(parts.signal === undefined ? {} : { signal: parts.signal }),
  });
}

/** The same with `node:http`, which hides neither framing nor broken bodies. */
export async function rawPostToken(
  origin: string,
  options: { readonly agent?: Agent } = {},
): Promise<IncomingMessage> {
  const request = httpRequest(`${origin}/v1/accounts/${ACCOUNT}/auth/token`, {
    method: "POST",
    headers: rightHeaders(),
    ...options,
  });
  request.end(rightBody());
  const [response] = await once(request, "response");
  return response;
}

/** The token of a reply that must be a right one. */
export async function newToken(origin: string, accountId = ACCOUNT): Promise<string> {
  const response = await postToken(origin, { accountId });
  const body: unknown = await response.json();
  const { access_token: token } = Object(body);
  if (response.status !== 200 || typeof token !== "string") throw new Error("no token");
  return token;
}

export function rightHeaders(): Record<string, string> {
  return {
    authorization: basic(`${CREDENTIALS.client_id}:${CREDENTIALS.client_secret}`),
    "content-type": "application/json",
  };
}

export function rightBody(accountId = ACCOUNT): string {
  return JSON.stringify({
    grant_type: "client_credentials",
    audience: `https://api.dintero.com/v1/accounts/${accountId}`,
  });
}

export function basic(pair: string | Uint8Array): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
