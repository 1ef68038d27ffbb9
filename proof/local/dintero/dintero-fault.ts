/** What can be made to go wrong at the stand-in, and how each fault is put on the wire. */
import type { ServerResponse } from "node:http";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { errorReply, type RawReply, send } from "./raw-reply.ts";

/** One thing that goes wrong, for which account and how often. */
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
   * This reply, whatever the request. Default body: Dintero's error shape from status 400 up, else
   * empty.
   */
  | { status: number; headers?: Record<string, string>; body?: string | Uint8Array }
  /** Status 200 with this body. */
  | { status?: undefined; headers?: Record<string, string>; body: string | Uint8Array }
  /** No answer at all, or the head and half of the normal body; then silence, connection open. */
  | { hang: "headers" | "body" }
  /** Connection destroyed without an answer, or after half of the normal body. */
  | { cut: "headers" | "body" }
  /** The normal reply, in small pieces. */
  | { drip: { bytesPerInterval: number; intervalMs: number } }
  /** The normal body cut to this many bytes, with a `Content-Length` that fits. */
  | { truncate: number }
  /**
   * The normal body, then blanks up to this many bytes (before compression), without
   * `Content-Length`. It is valid JSON, so that only its size can be held against it.
   */
  | { huge: { bytes: number; gzip?: boolean } }
  /** The normal reply with another JSON body; `undefined` sends none. */
  | { reply: (reply: Record<string, unknown>) => unknown }
  /** The token last issued to the account, with a full `expires_in`; a new one if there is none. */
  | { sameToken: true };

/**
 * Settles when nothing more will be sent. `reply` and `sameToken` are in the normal reply already.
 */
export async function serveEffect(
  effect: DinteroEffect,
  response: ServerResponse,
  normalReply: () => RawReply,
): Promise<void> {
  if ("status" in effect || "body" in effect) return send(response, givenReply(effect));
  if ("hang" in effect) {
    if (effect.hang === "body") await sendHalf(response, normalReply());
    return;
  }
  if ("cut" in effect) {
    if (effect.cut === "body") await sendHalf(response, normalReply());
    response.destroy();
    return;
  }
  const reply = normalReply();
  if ("drip" in effect) return drip(response, reply, effect.drip);
  if ("huge" in effect) return sendHuge(response, reply, effect.huge);
  const body = "truncate" in effect ? reply.body.subarray(0, effect.truncate) : reply.body;
  send(response, { ...reply, body });
}

function givenReply({
  status = 200,
  headers = {},
  body,
}: Extract<DinteroEffect, { body?: unknown }>): RawReply {
  const normal = errorReply(status);
  return {
    status,
    headers: { ...normal.headers, ...headers },
    body: body === undefined && status >= 400 ? normal.body : Buffer.from(body ?? ""),
  };
}

/** Settles when the half has left for the network: destroying earlier would lose it. */
async function sendHalf(response: ServerResponse, reply: RawReply): Promise<void> {
  sendHead(response, reply);
  const half = reply.body.subarray(0, reply.body.length / 2);
  await new Promise((written) => response.write(half, written));
}

function sendHead(response: ServerResponse, { status, headers, body }: RawReply): void {
  response.writeHead(status, { ...headers, "content-length": body.length });
}

async function drip(
  response: ServerResponse,
  reply: RawReply,
  { bytesPerInterval, intervalMs }: { bytesPerInterval: number; intervalMs: number },
): Promise<void> {
  sendHead(response, reply);
  for (let at = 0; at < reply.body.length && !response.destroyed; at += bytesPerInterval) {
    response.write(reply.body.subarray(at, at + bytesPerInterval));
    await wait(intervalMs);
  }
  response.end();
}

async function sendHuge(
  response: ServerResponse,
  { status, headers, body }: RawReply,
  { bytes, gzip = false }: { bytes: number; gzip?: boolean },
): Promise<void> {
  response.writeHead(status, { ...headers, ...(gzip && { "content-encoding": "gzip" }) });
  const whole = Readable.from(padded(body, bytes), { objectMode: false });
  // A client may leave before the end.
  await pipeline(whole, gzip ? createGzip() : new PassThrough(), response).catch(() => {});
}

/** A generator, so that a body of any size takes the memory of one chunk. */
function* padded(body: Buffer, bytes: number): Generator<Buffer> {
  yield body.subarray(0, bytes);
  for (let left = bytes - body.length; left > 0; left -= BLANKS.length) {
    yield BLANKS.subarray(0, left);
  }
}

const BLANKS = Buffer.alloc(65_536, " ");
