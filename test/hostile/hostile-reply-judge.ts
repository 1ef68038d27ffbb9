/**
 * What may be made of a reply, by section 4 of the design and by HTTP alone: written anew and as
 * simply as can be, so that it shares no mistake with `lambda/`. Called by `hostile-replies`.
 */
import type { HostileReply } from "./hostile-reply.ts";

export interface Verdict {
  /** The tokens that may be written; where the rules accept none, there is none. */
  readonly grants: readonly Grant[];
  /** What must come of it; `undefined` where the reply is no sound HTTP and more than one is right. */
  readonly expected: string | undefined;
  /** How many requests there may be at most. */
  readonly maxRequests: number;
}

export interface Grant {
  readonly accessToken: string;
  /** The latest expiry, in milliseconds since the epoch, that may be written with it. */
  readonly latestExpiryMs: number;
}

/** What {@link Verdict.expected} is where the token must be written; otherwise an error code. */
export const ACCEPTED = "accepted";

/** The limits of section 4 of the design. */
const MAX_ATTEMPTS = 3;
const MAX_BODY_BYTES = 64 * 1024;
const MAX_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** Source: SSM `PutParameter`, an advanced parameter's value. */
const MAX_PARAMETER_BYTES = 8 * 1024;

/** Judges a reply to a request that left at `issuedAtMs`. */
export function judge(
  reply: Pick<HostileReply, "bytes" | "end" | "isSound">,
  issuedAtMs: number,
): Verdict {
  const http = readHttp(reply.bytes, reply.end !== "silence");
  if (!http) {
    return {
      grants: [],
      expected: reply.isSound ? "no HTTP" : undefined,
      maxRequests: MAX_ATTEMPTS,
    };
  }
  const body = http.isComplete && !isCoded(http) ? http.body : undefined;
  const grants = body && http.status === 200 ? grantOf(body, issuedAtMs).filter(fitsParameter) : [];
  return {
    grants,
    expected: reply.isSound ? outcome(http.status, body, issuedAtMs) : undefined,
    maxRequests: MAX_ATTEMPTS,
  };
}

function fitsParameter({ accessToken }: Grant): boolean {
  return accessToken.length <= MAX_PARAMETER_BYTES;
}

/** No coding was asked for, so that none is read. Source: RFC 9110, sections 8.4 and 12.5.3. */
function isCoded({ headers }: Http): boolean {
  const codings = (headers.get("content-encoding") ?? "").toLowerCase().split(",");
  return codings.some((coding) => !["", "identity"].includes(coding.trim()));
}

/** The one right outcome of sound HTTP. */
function outcome(status: number, body: Buffer | undefined, issuedAtMs: number): string {
  if (status === 200) {
    const [grant] = body ? grantOf(body, issuedAtMs) : [];
    if (!grant) return "bad-reply";
    return fitsParameter(grant) ? ACCEPTED : "store-failed";
  }
  if (status === 401 || status === 403) {
    return body && isDinteroError(body) ? "credentials-rejected" : "unavailable";
  }
  if (status === 429) return "rate-limited";
  if (status === 408 || status >= 500) return "unavailable";
  return status >= 400 ? "request-rejected" : "bad-reply";
}

/** The token in a body, none where a rule of section 4 refuses it. */
export function grantOf(body: Buffer, issuedAtMs: number): Grant[] {
  if (body.length > MAX_BODY_BYTES) return [];
  const reply = jsonObject(body.toString());
  const token = reply?.["access_token"];
  const type = reply?.["token_type"];
  const lifetime = reply?.["expires_in"];
  if (typeof type !== "string" || !/^bearer$/i.test(type)) return [];
  if (typeof token !== "string" || token === "") return [];
  for (let at = 0; at < token.length; at += 1) {
    const code = token.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return [];
  }
  if (typeof lifetime !== "number" || !(lifetime > 0) || lifetime % 1 !== 0) return [];
  const expiries = [issuedAtMs + lifetime * 1000, issuedAtMs + MAX_LIFE_MS, jwtExpiryMs(token)];
  const latestExpiryMs = Math.min(...expiries);
  return latestExpiryMs > issuedAtMs ? [{ accessToken: token, latestExpiryMs }] : [];
}

function jwtExpiryMs(token: string): number {
  const [, payload, ...rest] = token.split(".");
  // RFC 7515, section 2: base64url, without padding. A JWT that is no JWS cannot be read.
  if (rest.length !== 1 || !/^[\w-]+$/.test(payload ?? "")) return Number.POSITIVE_INFINITY;
  const claims = Buffer.from(payload ?? "", "base64url")
    .toString()
    .replace(/^\ufeff/, "");
  const exp = jsonObject(claims)?.["exp"];
  return typeof exp === "number" ? exp * 1000 : Number.POSITIVE_INFINITY;
}

function isDinteroError(body: Buffer): boolean {
  const error = body.length > MAX_BODY_BYTES ? undefined : jsonObject(body.toString())?.["error"];
  return isObject(error) && typeof error["message"] === "string";
}

/** The own fields of a JSON object; `undefined` for other JSON and what is none. */
function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // On a null prototype, so that a field is there only where the text has it.
    return isObject(value) ? Object.assign(Object.create(null), value) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Http {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** As much of it as came. */
  readonly body: Buffer;
  readonly isComplete: boolean;
}

/**
 * The first final reply in the bytes, `undefined` where its head is malformed or not all there.
 * Source: RFC 9112, sections 4 (status line), 6.3 (length), 7.1 (chunks), 8 (incomplete messages).
 */
export function readHttp(bytes: Buffer, isClosed: boolean): Http | undefined {
  // Node's parser skips empty lines before a reply, as section 2.2 has it for requests.
  for (let at = /^(?:\r\n)*/.exec(bytes.toString("latin1", 0, 64))?.[0].length ?? 0; ; ) {
    const headEnd = bytes.indexOf("\r\n\r\n", at);
    if (headEnd < 0) return undefined;
    const [statusLine = "", ...lines] = bytes.toString("latin1", at, headEnd).split("\r\n");
    const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
    if (!(status >= 100) || status === 101) return undefined;
    at = headEnd + 4;
    // Replies on the way to the final one. Source: RFC 9110, section 15.2.
    if (status < 200) continue;
    const headers = headersOf(lines);
    return { status, headers, ...bodyOf(headers, bytes.subarray(at), isClosed) };
  }
}

// Node's parser takes these versions; the design asks for the status, whatever the version.
const STATUS_LINE = /^HTTP\/(?:0\.9|1\.[01]|2\.0) (\d{3})(?: .*)?$/;

function headersOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

type Body = Pick<Http, "body" | "isComplete">;

function bodyOf(headers: ReadonlyMap<string, string>, rest: Buffer, isClosed: boolean): Body {
  const coding = headers.get("transfer-encoding");
  if (coding !== undefined && /(^|,\s*)chunked$/i.test(coding)) return dechunked(rest);
  const length = headers.get("content-length");
  if (coding !== undefined || length === undefined) return { body: rest, isComplete: isClosed };
  const isComplete = /^\d+$/.test(length) && Number(length) <= rest.length;
  return { body: isComplete ? rest.subarray(0, Number(length)) : rest, isComplete };
}

function dechunked(bytes: Buffer): Body {
  const parts: Buffer[] = [];
  const body = (isComplete: boolean): Body => ({ body: Buffer.concat(parts), isComplete });
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const line = bytes.toString("latin1", at, Math.max(at, lineEnd));
    const [, hex] = /^([0-9a-f]{1,16})(?:;.*)?$/i.exec(line) ?? [];
    if (hex === undefined) return body(false);
    const start = lineEnd + 2;
    const end = start + Number.parseInt(hex, 16);
    if (end === start) return body(bytes.includes("\r\n", start));
    parts.push(bytes.subarray(start, end));
    if (bytes.toString("latin1", end, end + 2) !== "\r\n") return body(false);
    at = end + 2;
  }
}
