/**
 * Which requests Dintero's token endpoint grants. What the API reference does not declare is
 * refused, so that a client cannot rely on luck. Dintero documents no status for most refusals; the
 * ones here are chosen, and a client must not depend on them.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { ClientCredentials } from "../../../lambda/contract.ts";
import { errorReply, type RawReply } from "./raw-reply.ts";

/** A token that may be issued. */
export interface TokenGrant {
  readonly client_id: string;
  readonly audience: string;
}

export interface TokenRequest {
  readonly method: string;
  /** Request target: path and query as they came. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * The grant, or the refusal.
 *
 * Sources: https://docs.dintero.com/api-reference/authenticate/get-token (path, body, statuses),
 * https://docs.dintero.com/docs/checkout/authentication (Basic).
 */
export function tokenGrant(
  { method, path, headers, body }: TokenRequest,
  client: ClientCredentials | undefined,
): { readonly grant: TokenGrant } | { readonly refusal: RawReply } {
  const accountId = accountIdOf(path);
  if (accountId === undefined || method !== "POST") return refusal(404, "Not found");

  if (client === undefined || headers.authorization !== basic(client)) {
    return refusal(401, "Access forbidden");
  }
  if (headers["content-type"] !== "application/json") {
    return refusal(400, "Content-Type must be application/json");
  }
  const { grant_type: grantType, audience, ...others } = fieldsOf(body);
  if (grantType !== "client_credentials" || typeof audience !== "string") {
    return refusal(400, "Body must have grant_type client_credentials and an audience");
  }
  if (Object.keys(others).length > 0) return refusal(400, "Unknown field");
  // "must be a grant associated with the client": a permission, hence 403.
  if (audience !== `https://api.dintero.com/v1/accounts/${accountId}`) {
    return refusal(403, "The client has no grant for this audience");
  }
  return { grant: { client_id: client.client_id, audience } };
}

/** The account that a request target names; absent if it is not well formed. */
export function accountIdOf(path: string): string | undefined {
  // Not taken from the program under test: a stand-in must not share its mistakes.
  return /^\/v1\/accounts\/([PT](?:\d{8}|\d{3}))\/auth\/token$/.exec(path)?.[1];
}

function refusal(status: number, message: string): { readonly refusal: RawReply } {
  return { refusal: errorReply(status, message) };
}

/** In UTF-8, as Dintero's own clients send it. */
function basic({ client_id, client_secret }: ClientCredentials): string {
  return `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`;
}

/** The fields of a JSON object; none for any other text. */
function fieldsOf(text: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return {};
  }
}
