/**
 * What can be made to go wrong at the stand-in, and how each fault is put on the wire.
 * Handed to `DinteroStandIn.addFault` by tests, drills and the local run; served by the stand-in.
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { type Exchange, type HttpReply, send, sendHead } from "./http-reply.ts";
import { dinteroError, JSON_CONTENT } from "./token-reply.ts";

/** One thing that goes wrong, for whom and how often. */
export interface DinteroFault {
  /** Default: every account, and every path that names none. */
  readonly accountId?: string;
  /** How many requests it meets. Default: every one until it is removed. */
  readonly times?: number;
  readonly effect: DinteroEffect;
}

/** "The normal reply" is what the request would have got without the fault, a refusal included. */
export type DinteroEffect =
  /**
   * Any final status. Default body: Dintero's error shape from 400 up, else empty.
   * The credentials are not looked at: so answers a proxy, too.
   */
  | { status: number; headers?: Record<string, string>; body?: string | Uint8Array }
  /** The normal reply after a real-time delay. */
  | { delayMs: number }
  /** No answer at all, or the head and half of the normal body; then silence, connection open. */
  | { hang: "headers" | "body" }
  /** Connection destroyed without an answer, or after half of the normal body. */
  | { cut: "headers" | "body" }
  /** The normal reply, in small pieces. */
  | { drip: { bytesPerInterval: number; intervalMs: number } }
  /** The normal body cut to this many bytes, with a `Content-Length` that fits. */
  | { truncate: number }
  /** Status 200 with this body. */
  | { body: string | Uint8Array; headers?: Record<string, string> }
  /**
   * Status 200 and a body of this many bytes (before compression) without `Content-Length`: the
   * normal body, then blanks. It is valid JSON, so that only its size can be held against it.
   */
  | { huge: { bytes: number; gzip?: boolean } }
  /** The normal reply with another JSON body; `undefined` sends none. */
  | { reply: (reply: Record<string, unknown>) => unknown }
  /** The token last handed out to the account, with a full `expires_in`; a new one if none was. */
  | { sameToken: true };

/**
 * Refuses a fault that could not be served as valid HTTP.
 *
 * @throws RangeError for a status that is not final (RFC 9110, 15.2) and for a drip of nothing.
 */
export function checkFault({ effect }: DinteroFault): void {
  if ("status" in effect && !isFinalStatus(effect.status)) {
    throw new RangeError(`status must be a whole number from 200 to 599, not ${effect.status}`);
  }
  if ("drip" in effect && !(effect.drip.bytesPerInterval >= 1)) {
    throw new RangeError("bytesPerInterval must be at least 1");
  }
}

function isFinalStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}

/**
 * Serves one effect. Settles when nothing more will be sent; a client that leaves rejects it with
 * an error that means nothing. What `reply` and `sameToken` change, `normalReply` changed already.
 */
export async function serveEffect(
  effect: DinteroEffect,
  exchange: Exchange,
  normalReply: () => Promise<HttpReply>,
): Promise<void> {
  if ("status" in effect) return send(exchange, statusReply(effect));
  if ("body" in effect) return send(exchange, givenReply(200, effect.body, effect.headers));
  if ("hang" in effect) {
    if (effect.hang === "body") await sendHalf(exchange, await normalReply());
    return;
  }
  if ("cut" in effect) {
    if (effect.cut === "body") await sendHalf(exchange, await normalReply());
    exchange.response.destroy();
    return;
  }
  if ("delayMs" in effect) await wait(effect.delayMs, undefined, { signal: exchange.gone });
  const reply = await normalReply();
  if ("drip" in effect) return drip(exchange, reply, effect.drip);
  if ("huge" in effect) return sendHuge(exchange, reply, effect.huge);
  if ("truncate" in effect) {
    return send(exchange, { ...reply, body: reply.body.subarray(0, effect.truncate) });
  }
  return send(exchange, reply);
}

function statusReply(effect: Extract<DinteroEffect, { status: number }>): HttpReply {
  const body = effect.status >= 400 ? JSON.stringify(dinteroError(effect.status)) : "";
  return givenReply(effect.status, effect.body ?? body, effect.headers);
}

function givenReply(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): HttpReply {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status,
    headers: { ...(body.length > 0 ? JSON_CONTENT : {}), ...Object.fromEntries(lowerCase) },
    body: Buffer.from(body),
  };
}

/** Settles when the half has left for the network: destroying earlier would lose it. */
async function sendHalf(exchange: Exchange, reply: HttpReply): Promise<void> {
  const body = sendHead(exchange, reply);
  const half = body.subarray(0, body.length / 2);
  await new Promise((written) => exchange.response.write(half, written));
}

async function drip(
  exchange: Exchange,
  reply: HttpReply,
  { bytesPerInterval, intervalMs }: { bytesPerInterval: number; intervalMs: number },
): Promise<void> {
  const body = sendHead(exchange, reply);
  for (let sent = 0; sent < body.length; sent += bytesPerInterval) {
    if (sent > 0) await wait(intervalMs, undefined, { signal: exchange.gone });
    exchange.response.write(body.subarray(sent, sent + bytesPerInterval));
  }
  exchange.response.end();
}

async function sendHuge(
  exchange: Exchange,
  reply: HttpReply,
  { bytes, gzip = false }: { bytes: number; gzip?: boolean },
): Promise<void> {
  const encoding = gzip ? { "content-encoding": "gzip" } : {};
  const headers = { ...JSON_CONTENT, ...encoding, "transfer-encoding": "chunked" };
  sendHead(exchange, { ...reply, status: 200, headers });
  const body = Readable.from(padded(reply.body, bytes), { objectMode: false });
  if (gzip) await pipeline(body, createGzip(), exchange.response);
  else await pipeline(body, exchange.response);
}

/** A generator, so that a body of any size takes the room of one chunk. */
function* padded(body: Uint8Array, bytes: number): Generator<Uint8Array> {
  yield body.subarray(0, bytes);
  for (let left = bytes - body.length; left > 0; left -= BLANKS.length) {
    yield BLANKS.subarray(0, left);
  }
}

const BLANKS = Buffer.alloc(65_536, " ");
