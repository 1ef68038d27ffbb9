/** How long a body says it is, by chance: lengths and chunks, true, false and in conflict. */
import type { Random } from "../../proof/simulation/random.ts";
import { pick, wholeNumber } from "./random-choice.ts";

export interface FramedBody {
  readonly name: string;
  readonly bytes: Buffer;
  readonly headers: readonly string[];
  readonly isSound: boolean;
  /** Whether the client can know its end while the connection stays open. */
  readonly endsByItself: boolean;
}

/** The body with its length told in one of the three ways of HTTP/1.1, or in a way that is wrong. */
export function framedBody(random: Random, body: Buffer, isOdd: boolean): FramedBody {
  if (isOdd) {
    const [name, headers, bytes] = pick(random, ODD_FRAMINGS)(random, body);
    return { name, headers, bytes, isSound: false, endsByItself: true };
  }
  return pick<FramedBody>(random, [
    {
      name: "length",
      bytes: body,
      headers: [`content-length: ${body.length}`],
      isSound: true,
      endsByItself: true,
    },
    {
      name: "chunks",
      bytes: chunked(random, body),
      headers: ["transfer-encoding: chunked"],
      isSound: true,
      endsByItself: true,
    },
    {
      name: "until close",
      bytes: body,
      headers: ["connection: close"],
      isSound: true,
      endsByItself: false,
    },
  ]);
}

type Framing = readonly [name: string, headers: readonly string[], bytes: Buffer];
type OddFraming = (random: Random, body: Buffer) => Framing;

const CHUNKED = "transfer-encoding: chunked";

const ODD_FRAMINGS: readonly [OddFraming, ...OddFraming[]] = [
  (random, body) => lengthOf(`${Math.max(0, body.length - wholeNumber(random, 1, 9))}`, body),
  (random, body) => lengthOf(`${body.length + wholeNumber(random, 1, 9)}`, body),
  (random, body) => lengthOf(pick(random, ODD_LENGTHS), body),
  (_, body) => lengthOf(`+${body.length}`, body),
  (_, body) => lengthOf(`0x${body.length.toString(16)}`, body),
  (_, body) => lengthOf(`000${body.length}`, body),
  (_, body) => lengthOf(`${body.length}, ${body.length}`, body),
  (_, body) => twoLengths(body.length, body.length, body),
  (_, body) => twoLengths(body.length, body.length - 1, body),
  (_, body) => twoLengths(0, body.length, body),
  (random, body) => [
    "length and chunks",
    [`content-length: ${body.length}`, CHUNKED],
    chunked(random, body),
  ],
  (_, body) => ["chunks declared, not done", [CHUNKED], body],
  (random, body) => ["chunks done, not declared", [], chunked(random, body)],
  (random, body) => coded("chunked, chunked", random, body),
  (random, body) => coded("gzip, chunked", random, body),
  (random, body) => coded("chunked, gzip", random, body),
  (random, body) => coded("xchunked", random, body),
  (random, body) => coded("identity", random, body),
  (random, body) => coded("Chunked", random, body),
  (_, body) => chunks("without an end", `${size(body)}\r\n`, body, "\r\n"),
  (_, body) =>
    chunks("closing, without an end", `${size(body)}\r\n`, body, "\r\n", "connection: close"),
  (_, body) => chunks("with a huge size", "ffffffffffffffff\r\n", body, "\r\n0\r\n\r\n"),
  (_, body) => chunks("with a size beyond 64 bits", `${"f".repeat(40)}\r\n`, body, ""),
  (_, body) => chunks("with a negative size", "-1\r\n", body, "\r\n0\r\n\r\n"),
  (_, body) => chunks("with no size", "zz\r\n", body, "\r\n0\r\n\r\n"),
  (_, body) => chunks("with a size too small", "1\r\n", body, "\r\n0\r\n\r\n"),
  (_, body) => chunks("with bare line feeds", `${size(body)}\n`, body, "\n0\n\n"),
  (_, body) => chunks("with an extension", `${size(body)};a=b\r\n`, body, "\r\n0\r\n\r\n"),
  (_, body) =>
    chunks(
      "with a long extension",
      `${size(body)};${"a".repeat(30_000)}\r\n`,
      body,
      "\r\n0\r\n\r\n",
    ),
  (_, body) => chunks("with trailers", `${size(body)}\r\n`, body, "\r\n0\r\nx-after: 1\r\n\r\n"),
  (_, body) =>
    chunks(
      "with many trailers",
      `${size(body)}\r\n`,
      body,
      `\r\n0\r\n${"x: 1\r\n".repeat(9000)}\r\n`,
    ),
];

const ODD_LENGTHS: readonly [string, ...string[]] = [
  "-1",
  "",
  "abc",
  "1e3",
  "1.5",
  "99999999999999999999",
  "18446744073709551616",
  "1000000000",
  "0",
];

function lengthOf(length: string, body: Buffer): Framing {
  return [`length "${length}" of ${body.length}`, [`content-length: ${length}`], body];
}

function twoLengths(first: number, second: number, body: Buffer): Framing {
  const headers = [`content-length: ${first}`, `content-length: ${second}`];
  return [`lengths ${first} and ${second} of ${body.length}`, headers, body];
}

function coded(coding: string, random: Random, body: Buffer): Framing {
  return [`coding "${coding}"`, [`transfer-encoding: ${coding}`], chunked(random, body)];
}

function chunks(
  name: string,
  before: string,
  body: Buffer,
  after: string,
  ...headers: readonly string[]
): Framing {
  const bytes = Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
  return [`chunks ${name}`, [CHUNKED, ...headers], bytes];
}

function chunked(random: Random, body: Buffer): Buffer {
  const parts: Buffer[] = [];
  // At most 64 chunks, so that a large body does not become larger by them.
  const least = Math.ceil(body.length / 64);
  for (let at = 0; at < body.length; ) {
    const part = body.subarray(at, at + wholeNumber(random, least, body.length));
    parts.push(Buffer.from(`${size(part)}\r\n`), part, Buffer.from("\r\n"));
    at += part.length;
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

function size(part: Buffer): string {
  return part.length.toString(16);
}
