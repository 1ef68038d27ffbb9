/**
 * HTTP replies by chance: most have one or two faults in status line, headers, coding, framing, body
 * or ending.
 */
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
} from "node:zlib";
import fc from "fast-check";
import { anyBody, anySecret } from "./hostile-body.ts";
import { mostly } from "./mostly.ts";

export interface HostileReply {
  readonly bytes: Buffer;
  /** In as many writes as this, with the event loop turning in between. */
  readonly writes: number;
  /** `close` ends both directions, `half-close` only the server's; after `silence` nothing comes. */
  readonly end: "close" | "half-close" | "reset" | "silence";
  /** What may be read as a token reply: the whole body of a reply with status 200 and no coding. */
  readonly body: Buffer | undefined;
  /** Texts that no message may quote. */
  readonly secrets: readonly string[];
  /** How fast-check reports it. */
  readonly [fc.toStringMethod]: () => string;
}

const anyOtherStatusLine = fc.oneof(
  fc.integer({ min: 201, max: 599 }).map((status) => `HTTP/1.1 ${status} Reason`),
  fc.constantFrom(201, 201, 307, 401, 403, 429, 503).map((status) => `HTTP/1.1 ${status} Reason`),
  fc.constantFrom(
    ...["HTTP/1.1 200", "HTTP/1.0 200 OK", "HTTP/2.0 200 OK", "http/1.1 200 OK", "ICY 200 OK"],
    ...["HTTP/1.1  200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 +200 OK", "200 OK"],
    ...["HTTP/1.1 000 No", "HTTP/1.1 600 No", "HTTP/1.1 100 Continue", "HTTP/1.1 101 Switching"],
    ...["\r\n\r\nHTTP/1.1 200 OK", "", "SSH-2.0-OpenSSH_9.6", "\x16\x03\x01\x02\x00\x01"],
    ...["HTTP/1.1 200 \0\x1b[31m", `HTTP/1.1 200 ${"x".repeat(20_000)}`],
  ),
);

/** In any version of HTTP, with any reason, as lenient parsers take it. */
const STATUS_200 = /^\s*HTTP\/\d\.\d 200( |$)/;

/** Replies on the way to the final one. Source: RFC 9110, section 15.2. */
const anyInterim = fc.constantFrom(
  "HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n",
  "HTTP/1.1 199 Odd\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000),
  "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
);

const anyRetryAfter = fc.constantFrom(
  ...["1", "10", "11", "3600", "9".repeat(400), "-1", "1.5", "1e9", "", "soon", "10, 20"],
  ...["00:00:09", "00:00:11", "09:00:00", "99:99:99"].map((it) => `Thu, 01 Jan 2026 ${it} GMT`),
);

const anyOddHeader = fc.constantFrom(
  ...Array<string>(5).fill("location: /SECRET"),
  ...["x-a: SECRET\0b", "x-a: SECRET\xe6\x1b[31m", "x-a: SECRET\rx-b: 1", "x-a: 1\r\n SECRET"],
  ...["SECRET", ": SECRET", "x a: SECRET", "x-a : SECRET", "set-cookie: a=SECRET"],
  ...["content-type: text/html; charset=SECRET", "connection: upgrade\r\nupgrade: SECRET"],
  ...[`x-long: ${"SECRET".repeat(2000)}`, "x-many: SECRET\r\n".repeat(4000).trim()],
);

interface Coding {
  readonly encode: (bytes: Buffer) => Buffer;
  /** As in `Content-Encoding`. */
  readonly declared?: string;
}

const anyCoding: fc.Arbitrary<Coding> = fc.record({
  encode: fc.constantFrom<Coding["encode"]>(
    gzipSync,
    deflateSync,
    deflateRawSync,
    brotliCompressSync,
    (it) => it,
    (it) => it,
  ),
  declared: fc.constantFrom(
    ...["gzip", "deflate", "br", "", ",", "Identity", "identity, identity", "GZIP", "gzip;q=1"],
    ...[", gzip", "identity, br", "x", Array(100).fill("gzip").join(", ")],
  ),
});

/** What a client may take the body for; absent if it may not be read. */
function decoded({ declared = "" }: Coding, body: Buffer | undefined): Buffer | undefined {
  const [coding, ...others] = declared
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity");
  if (others.length > 0 || body === undefined) return undefined;
  try {
    if (coding === undefined || body.length === 0) return body;
    if (coding === "gzip") return gunzipSync(body);
    if (coding === "br") return brotliDecompressSync(body);
    return coding === "deflate" ? inflated(body) : undefined;
  } catch {
    return undefined;
  }
}

/** With the header of zlib or without. */
function inflated(body: Buffer): Buffer {
  try {
    return inflateSync(body);
  } catch {
    return inflateRawSync(body);
  }
}

/**
 * How long the body says it is: a header, what is before the body, and what is after it. `LENGTH` is
 * the length of the body, `SIZE` the same in hexadecimal digits. Source: RFC 9112, section 6.3.
 */
const IN_CHUNKS = "|SIZE\r\n|\r\n0\r\n\r\n";
const BY_LENGTH = "content-length: LENGTH";
const BY_CLOSE = "connection: close";
const BY_CHUNKS = `transfer-encoding: chunked${IN_CHUNKS}`;

/** Readers may take these for what they almost say. */
const LENIENT: readonly string[] = [
  ...["+LENGTH", "000LENGTH", "LENGTH, LENGTH"].map((length) => `content-length: ${length}`),
  `${BY_LENGTH}\r\n${BY_LENGTH}`,
  ...["Chunked", "gzip, chunked"].map((coding) => `transfer-encoding: ${coding}${IN_CHUNKS}`),
  `content-length: 9\r\n${BY_CHUNKS}`,
  BY_CHUNKS.replace("SIZE", `SIZE;${"a".repeat(30_000)}`),
  BY_CHUNKS.replace("\r\n\r\n", `\r\n${"x: 1\r\n".repeat(9000)}\r\n`),
  "transfer-encoding: chunked|SIZE\n|\n0\n\n",
];

/** No body with these is whole. */
const ENDLESS: readonly string[] = [
  ...["LENGTH0", "-1", "", "abc", "1e30", "9".repeat(20)].map((it) => `content-length: ${it}`),
  `${BY_LENGTH}\r\n${BY_LENGTH}0`,
  "transfer-encoding: chunked",
  "transfer-encoding: chunked|SIZE\r\n|\r\n",
  ...["1", "-1", "zz", "f".repeat(16), "f".repeat(40)].map((it) => BY_CHUNKS.replace("SIZE", it)),
];

const anyFraming = fc.oneof(
  fc.constantFrom(BY_LENGTH, BY_CHUNKS, BY_CLOSE),
  mostly(BY_LENGTH, fc.oneof(fc.constantFrom(...LENIENT), fc.constantFrom(...ENDLESS)), 3),
);

/** A good reply that nobody asked for. */
const SECOND_REPLY = `HTTP/1.1 200 OK\r\ncontent-length: 58\r\n\r\n{"access_token":"b","token_type":"Bearer","expires_in":60}`;

export const anyHostileReply: fc.Arbitrary<HostileReply> = fc
  .record({
    statusLine: mostly("HTTP/1.1 200 OK", anyOtherStatusLine, 4),
    interim: mostly("", anyInterim, 20),
    retryAfter: mostly("0", anyRetryAfter, 2),
    header: mostly("x-a: 1", anyOddHeader),
    headerSecret: anySecret,
    coding: mostly<Coding>({ encode: (bytes) => bytes }, anyCoding),
    framing: anyFraming,
    body: anyBody,
    after: mostly("", fc.constantFrom("x", "\r\n\0H", SECOND_REPLY), 20),
    sentPart: mostly(1, fc.double({ min: 0, max: 1, noNaN: true }), 10),
    end: fc.constantFrom("close", "silence", "half-close", "reset"),
    writes: mostly(1, fc.integer({ min: 2, max: 40 })),
  })
  .map(({ coding, framing, headerSecret, end, writes, ...parts }) => {
    const body = coding.encode(parts.body.bytes);
    const [header = "", before = "", after = ""] = framing.split("|");
    const head = [
      parts.interim + parts.statusLine,
      ...(coding.declared === undefined ? [] : [`content-encoding: ${coding.declared}`]),
      header.replaceAll("LENGTH", `${body.length}`),
      `retry-after: ${parts.retryAfter}`,
      parts.header.replaceAll("SECRET", headerSecret),
      "\r\n",
    ];
    const size = before.replace("SIZE", body.length.toString(16));
    const start = Buffer.from(head.join("\r\n") + size, "latin1");
    const message = Buffer.concat([start, body, Buffer.from(after)]);
    const whole = Buffer.concat([message, Buffer.from(parts.after)]);
    const bytes = whole.subarray(0, Math.ceil(parts.sentPart * whole.length));
    // A reset is an end, too: Node takes it for one, and JSON that was cut is not JSON.
    const isByClose = framing === BY_CLOSE && end !== "silence";
    const isByFraming = bytes.length >= message.length && ![BY_CLOSE, ...ENDLESS].includes(framing);
    const received = isByClose ? bytes.subarray(start.length) : isByFraming ? body : undefined;
    return {
      bytes,
      writes,
      end,
      body: STATUS_200.test(parts.statusLine) ? decoded(coding, received) : undefined,
      secrets: [headerSecret, parts.body.secret, parts.body.bytes.toString().trim()],
      [fc.toStringMethod]: () =>
        `${end} after ${JSON.stringify(bytes.toString("latin1", 0, 3000))}`,
    };
  });
