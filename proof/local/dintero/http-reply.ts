/**
 * An HTTP reply as a value, and the two ways to put one on the wire: its head, or the whole of it.
 * Called by the stand-in and by its faults: what they send differs, valid HTTP around it does not.
 */
import type { ServerResponse } from "node:http";

/** A reply that is not sent yet. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A request that waits for its reply. */
export interface Exchange {
  readonly response: ServerResponse;
  /** Aborted when the connection is gone. */
  readonly gone: AbortSignal;
  /** Told the status just before it leaves. */
  readonly onStatus: (status: number) => void;
}

/** Sends a whole reply. */
export function send(exchange: Exchange, reply: HttpReply): void {
  exchange.response.end(sendHead(exchange, reply));
}

/**
 * Sends status and headers, with the body's `Content-Length` unless the headers say how it is
 * framed. Returns the body that may follow: an empty one for a status that has none.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9110.html, 8.6, 15.3.5 (204), 15.3.6 (205), 15.4.5 (304)
 */
export function sendHead({ response, onStatus }: Exchange, reply: HttpReply): Uint8Array {
  const { status } = reply;
  const body = BODILESS_STATUSES.has(status) ? new Uint8Array() : reply.body;
  const headers: Record<string, string> = { ...reply.headers };
  if (status !== 204 && status !== 304 && !("transfer-encoding" in headers)) {
    headers["content-length"] ??= `${body.length}`;
  }
  response.writeHead(status, headers);
  onStatus(status);
  return body;
}

const BODILESS_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);
