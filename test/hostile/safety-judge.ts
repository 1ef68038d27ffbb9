/**
 * What no reply may bring about, whatever the error code. Written without the code of `lambda/`, so
 * that it shares none of its mistakes.
 */
import { inspect } from "node:util";
import { leaksIn } from "../support/canaries.ts";
import type { HostileReply } from "./hostile-reply.ts";

/** What came of one reply. */
export interface Observed {
  readonly writes: readonly {
    readonly accessToken: string;
    readonly status: { readonly expiresAtMs: number };
  }[];
  /** Absent if the renewal succeeded. */
  readonly error?: unknown;
  readonly hung?: boolean;
  /** Method and target of each request. */
  readonly requests: readonly string[];
  /** The moment of the last request. */
  readonly requestedAtMs: number;
  readonly waitsMs: readonly number[];
  /** The most that was read from one connection. */
  readonly bytesRead: number;
  /** What the client was given and must keep to itself. */
  readonly secrets: readonly string[];
}

const REQUEST = /^POST \/v1\/accounts\/T12345678\/auth\/token$/;
const MAX_REQUESTS = 3;
const MAX_WAIT_MS = 10_000;
const MAX_BODY_BYTES = 64 * 1024;
/** The body, the head, and what a socket reads in one go: far less than the longest replies. */
const MAX_BYTES_READ = 1024 * 1024;
const MAX_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
/** Long secrets repeat themselves. */
const SEARCHED_LENGTH = 2000;
/** Names that are both in replies and in messages. */
const NAMES = /access_token|token_type|expires_in|connection/g;

/** The names of what happened. */
export function violationsOf(reply: HostileReply, observed: Observed): string[] {
  const { writes, error, requests, waitsMs } = observed;
  const usable = reply.body && usableToken(reply.body, observed.requestedAtMs);
  const message = textOf(error).replaceAll(NAMES, "");
  const secrets = [...observed.secrets, ...reply.secrets].filter((secret) => secret.length > 8);
  const violations = {
    "stored what it must not":
      writes.length > (error === undefined ? 1 : 0) ||
      writes.some(({ accessToken }) => accessToken !== usable?.accessToken),
    "stored an expiry that is too late": writes.some(
      ({ status }) => usable && !(status.expiresAtMs <= usable.expiresAtMs),
    ),
    "quoted a secret":
      leaksIn(
        message,
        secrets.map((secret) => secret.slice(0, SEARCHED_LENGTH)),
      ).length > 0,
    "made another request":
      requests.length > MAX_REQUESTS || requests.some((request) => !REQUEST.test(request)),
    "waited too long": waitsMs.some((waitMs) => !(waitMs >= 0 && waitMs <= MAX_WAIT_MS)),
    "never ended": observed.hung === true,
    "read too much": observed.bytesRead > MAX_BYTES_READ,
  };
  return Object.entries(violations).flatMap(([name, happened]) => (happened ? [name] : []));
}

/** All that an error and its causes hold, bytes too: the HTTP parser's error has the reply in one. */
function textOf(error: unknown): string {
  const { cause, ...others } = Object(error);
  const bytes = Object.values(others).filter((value) => value instanceof Uint8Array);
  const ofCause = cause === undefined ? "" : textOf(cause);
  return [inspect(error, { depth: 10 }), ...bytes.map((it) => `${Buffer.from(it)}`), ofCause].join(
    "\n",
  );
}

/** The token in a body and the latest expiry it may be given; absent if a rule refuses it. */
function usableToken(body: Buffer, nowMs: number) {
  if (body.length > MAX_BODY_BYTES) return undefined;
  const { access_token: token, token_type: type, expires_in: lifetime } = fieldsOf(body.toString());
  if (typeof token !== "string" || !/^[!-~]+$/.test(token)) return undefined;
  if (typeof type !== "string" || !/^bearer$/i.test(type)) return undefined;
  if (typeof lifetime !== "number" || !(lifetime > 0) || lifetime % 1 !== 0) return undefined;
  const lifetimeMs = Math.min(lifetime * 1000, MAX_LIFETIME_MS);
  const expiresAtMs = Math.min(nowMs + lifetimeMs, jwtExpiryMs(token));
  return expiresAtMs > nowMs ? { accessToken: token, expiresAtMs } : undefined;
}

/** Source: RFC 7519, section 4.1.4, and RFC 7515, section 2 (base64url without padding). */
function jwtExpiryMs(token: string): number {
  const [, payload = "", ...rest] = token.split(".");
  if (rest.length !== 1 || !/^[\w-]+$/.test(payload)) return Number.POSITIVE_INFINITY;
  const claims = Buffer.from(payload, "base64url")
    .toString()
    .replace(/^\ufeff/, "");
  const { exp } = fieldsOf(claims);
  return typeof exp === "number" ? exp * 1000 : Number.POSITIVE_INFINITY;
}

/** The own fields of a JSON object; none for any other text. */
function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? {} : Object.assign(Object.create(null), value);
  } catch {
    return {};
  }
}
