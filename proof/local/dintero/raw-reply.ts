/** An HTTP reply as a value, so that a fault can change it before it is sent. */
import { type ServerResponse, STATUS_CODES } from "node:http";

export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function jsonReply(status: number, json: unknown): RawReply {
  // `undefined` is no JSON: a reply without a body.
  const body = Buffer.from(JSON.stringify(json) ?? "");
  return { status, headers: { "content-type": "application/json" }, body };
}

/**
 * An error in Dintero's shape. `code` follows the one documented sample, `NOT FOUND` for 404.
 * Source: https://docs.dintero.com/docs/errors
 */
export function errorReply(status: number, message = "Unexpected Error"): RawReply {
  return jsonReply(status, { error: { message, code: STATUS_CODES[status]?.toUpperCase() } });
}

/** Sends all of it. Node adds `Content-Length`, and omits it and the body for statuses without one. */
export function send(response: ServerResponse, { status, headers, body }: RawReply): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
