/** A request for a token as the function makes it, with any dependency replaced: what these tests start from. */
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { expect } from "@jest/globals";
import { createTokenEndpoint } from "../../lambda/dintero.ts";
import { RotationError } from "../../lambda/errors.ts";
import { type HttpReply, type Post, post } from "../../lambda/post.ts";
import type { IssuedToken } from "../../lambda/token-reply.ts";
import { BODY_CANARY, leaksIn, SECRET_CANARY, TOKEN_CANARY } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import "../support/node-errors.ts";
import { TestClock } from "../support/test-clock.ts";

/** A whole second, as HTTP dates and a JWT's `exp` are. */
export const START_MS = Date.UTC(2026, 10, 24, 8, 30, 0);
export const ACCOUNT_ID = "T12345678";
export const CREDENTIALS = {
  client_id: "ecom-æ-123",
  client_secret: SECRET_CANARY,
  versionId: "5f0c8a52-9f7c-4d0e-8a0f-2f8b8e6f6c11",
};
/** Of `ecom-æ-123:` and the canary in UTF-8, made by another program: `base64 -w0`. */
export const BASIC = "ZWNvbS3Dpi0xMjM6WnE3I1dtOX5YazMhVmI1JcOGw5jwn5SRTHAyOkpkOA==";

export interface RequestParts {
  readonly accountId?: string;
  readonly clock?: TestClock;
  readonly post?: Post;
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  readonly pauses?: Map<string, number>;
  readonly patientUntilMs?: number;
}

/** Asks the server at `origin` for a token. */
export function requestToken(origin: string, parts: RequestParts = {}): Promise<IssuedToken> {
  const endpoint = createTokenEndpoint({
    origin,
    post: parts.post ?? post,
    clock: parts.clock ?? new TestClock(START_MS),
    random: parts.random ?? (() => 0),
    pauses: parts.pauses ?? new Map(),
  });
  const signal = parts.signal ?? new AbortController().signal;
  const { accountId = ACCOUNT_ID, patientUntilMs = 0 } = parts;
  return endpoint.requestToken(accountId, CREDENTIALS, signal, patientUntilMs);
}

/** How such a request fails. What holds for every failure is checked here. */
export async function failedRequest(origin: string, parts?: RequestParts): Promise<RotationError> {
  const failure = await failureOf(requestToken(origin, parts));
  expectMessage(failure.message, { names: [`${origin}/v1/accounts/${ACCOUNT_ID}/auth/token`] });
  return failure;
}

/** The failure that something ends with, its message checked for its form and for leaks. */
export async function failureOf(promise: Promise<unknown>): Promise<RotationError> {
  const failure: unknown = await promise.then(
    (value) => new Error(`no failure but ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (!(failure instanceof RotationError)) throw failure;
  expectMessage(failure.message);
  const secrets = [SECRET_CANARY, BASIC, TOKEN_CANARY, BODY_CANARY];
  expect(leaksIn(failure.message, secrets)).toEqual([]);
  expect(leaksIn(inspect(failure, { depth: 10 }), secrets)).toEqual([]);
  return failure;
}

/** A reply as far as its reading goes. */
export function httpReply(
  body: Readable | string | Uint8Array = "",
  headers: Record<string, string> = {},
): HttpReply {
  const stream = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
  return Object.assign(stream, { headers });
}

/** The real request, and a call between the head of each reply and its body. */
export function postWithCallAtHead(atHead: () => void): Post {
  return async (...request) => {
    const reply = await post(...request);
    atHead();
    return reply;
  };
}
