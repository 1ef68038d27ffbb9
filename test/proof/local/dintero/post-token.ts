/** A right token request to the stand-in, with any part replaced: what these tests start from. */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";

export const ACCOUNT = "T12345678";
export const CLIENT = { client_id: "ecom-123", client_secret: "x7+æ~ÿ:=?>o" };
export const BASIC = `Basic ${Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString("base64")}`;

export interface RequestParts {
  readonly accountId?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** With `node:http`, which hides neither framing nor broken bodies. */
export async function postToken(
  origin: string,
  { accountId = ACCOUNT, ...parts }: RequestParts = {},
): Promise<IncomingMessage> {
  const request = httpRequest(`${origin}${parts.path ?? `/v1/accounts/${accountId}/auth/token`}`, {
    method: parts.method ?? "POST",
    headers: { authorization: BASIC, "content-type": "application/json", ...parts.headers },
    agent: false,
  });
  request.end(parts.body ?? rightBody(accountId));
  const [response] = await once(request, "response");
  return response;
}

/** The token of a reply that must be a right one. */
export async function newToken(origin: string, accountId = ACCOUNT): Promise<string> {
  const response = await postToken(origin, { accountId });
  const { access_token: token } = Object(await json(response));
  if (response.statusCode !== 200 || typeof token !== "string") throw new Error("no token");
  return token;
}

export function rightBody(accountId = ACCOUNT): string {
  const audience = `https://api.dintero.com/v1/accounts/${accountId}`;
  return JSON.stringify({ grant_type: "client_credentials", audience });
}
