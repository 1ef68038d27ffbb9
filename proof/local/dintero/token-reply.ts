/**
 * What Dintero's token endpoint answers to one request: the rules, in the order they are checked.
 * Called by the stand-in for every request; pure apart from `issueToken`, which is handed in.
 *
 * Where Dintero documents no status, one is chosen here and said so: a client must not depend on
 * it. Anything the API reference does not declare is refused, so that no client rests on luck.
 */
import { STATUS_CODES } from "node:http";
import type { HttpReply } from "./http-reply.ts";

/** The parts of an HTTP request that the endpoint looks at. */
export interface TokenRequest {
  readonly method: string;
  /** Request target: path and query as they came. */
  readonly path: string;
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly "content-type"?: string | undefined;
  };
  readonly body: Uint8Array;
}

/** An API client's id and secret. */
export interface ClientCredentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/** A token together with its life, as it is handed out. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/** A token that may be issued: every rule has been passed. */
export interface TokenGrant {
  readonly accountId: string;
  readonly client_id: string;
  readonly audience: string;
}

/** A reply whose body is still a JSON object. */
export interface JsonReply {
  readonly status: number;
  readonly headers: HttpReply["headers"];
  readonly json: Record<string, unknown>;
}

/**
 * Answers one request as `POST /v1/accounts/{oid}/auth/token` does.
 *
 * Sources: https://docs.dintero.com/api-reference/authenticate/get-token (path, account pattern,
 * body, reply, 400, 401, 403), https://docs.dintero.com/docs/checkout/authentication (Basic).
 */
export async function tokenReply(
  request: TokenRequest,
  options: {
    readonly credentialsOf: (accountId: string) => ClientCredentials | undefined;
    readonly issueToken: (grant: TokenGrant) => Promise<IssuedToken>;
  },
): Promise<JsonReply> {
  const accountId = accountIdOf(request.path);
  if (accountId === undefined) return refusal(404, "Not found");
  // 405 is not declared; chosen with the `Allow` that RFC 9110, 15.5.6 asks for.
  if (request.method !== "POST") return refusal(405, "Method not allowed", { allow: "POST" });
  // Declared: the pattern. Not declared: the status where it does not match.
  if (!ACCOUNT_ID.test(accountId)) return refusal(400, "Invalid account id");
  // No query parameter is declared; the status is chosen.
  if (request.path.includes("?")) return refusal(400, "Unknown query parameter");

  // Which status a wrong secret, an unknown client and an unknown account get is not documented.
  // 401 for all three, and before the body is looked at: RFC 9110, 15.5.2.
  const client_id = authenticatedClientId(request, options.credentialsOf(accountId));
  if (client_id === undefined) {
    return refusal(401, "Access forbidden", { "www-authenticate": 'Basic realm="Dintero"' });
  }

  // 415 is not declared for this operation, 400 is.
  if (!isJsonContentType(request.headers["content-type"])) {
    return refusal(400, "Content-Type must be application/json");
  }
  const body = parseJsonObject(request.body);
  if (body === undefined) return refusal(400, "Body must be a JSON object");
  // `type` and `scope` are sent by Dintero's OpenCart plugin, with an effect nobody wrote down.
  const undeclared = Object.keys(body).find((name) => !DECLARED_FIELDS.has(name));
  if (undeclared !== undefined) return refusal(400, `Unknown field ${undeclared}`);
  if (body["grant_type"] !== "client_credentials") {
    return refusal(400, "grant_type must be client_credentials");
  }
  const audience = body["audience"];
  if (typeof audience !== "string") return refusal(400, "audience must be a string");
  // "must be a grant associated with the client": a permission, hence 403. The status is chosen.
  if (audience !== `https://api.dintero.com/v1/accounts/${accountId}`) {
    return refusal(403, "The client has no grant for this audience");
  }

  const { accessToken, expiresInSeconds } = await options.issueToken({
    accountId,
    client_id,
    audience,
  });
  return {
    status: 200,
    headers: JSON_CONTENT,
    json: { access_token: accessToken, token_type: "Bearer", expires_in: expiresInSeconds },
  };
}

/** The account that a request target names, well formed or not; none on any other path. */
export function accountIdOf(target: string): string | undefined {
  return /^\/v1\/accounts\/([^/?]+)\/auth\/token(?:\?.*)?$/.exec(target)?.[1];
}

// Not taken from the program under test: a stand-in must not share its mistakes.
const ACCOUNT_ID = /^[PT](\d{3}|\d{8})$/;

const DECLARED_FIELDS: ReadonlySet<string> = new Set(["grant_type", "audience"]);

/** Headers of every JSON reply. */
export const JSON_CONTENT = { "content-type": "application/json" };

function refusal(status: number, message: string, headers: Record<string, string> = {}): JsonReply {
  return {
    status,
    headers: { ...JSON_CONTENT, ...headers },
    json: dinteroError(status, message),
  };
}

/**
 * An error body in Dintero's shape. `code` follows the one documented sample, `NOT FOUND` for 404.
 *
 * Sources: https://docs.dintero.com/docs/errors,
 * https://docs.dintero.com/api-reference/authenticate/get-token
 */
export function dinteroError(
  status: number,
  message = STATUS_CODES[status] ?? "Unexpected Error",
): Record<string, unknown> {
  const code = STATUS_CODES[status]?.toUpperCase();
  return { error: { message, ...(code === undefined ? {} : { code }) } };
}

function authenticatedClientId(
  request: TokenRequest,
  known: ClientCredentials | undefined,
): string | undefined {
  const sent = parseBasic(request.headers.authorization);
  if (sent === undefined || known === undefined) return undefined;
  return sent.client_id === known.client_id && sent.client_secret === known.client_secret
    ? sent.client_id
    : undefined;
}

/** RFC 7617: the scheme in any case; user-id up to the first colon. UTF-8 as Dintero's clients do. */
function parseBasic(authorization: string | undefined): ClientCredentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  // Node decodes unpadded and over-long base64 without a word; a strict server does not.
  if (bytes.toString("base64") !== encoded) return undefined;
  const text = decodeUtf8(bytes);
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon < 0) return undefined;
  return { client_id: text.slice(0, colon), client_secret: text.slice(colon + 1) };
}

function isJsonContentType(contentType: string | undefined): boolean {
  return /^application\/json *(; *charset="?utf-8"?)?$/i.test(contentType ?? "");
}

function parseJsonObject(body: Uint8Array): Record<string, unknown> | undefined {
  const text = decodeUtf8(body);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text, or nothing where the bytes are not UTF-8. A byte order mark stays: it is data. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
