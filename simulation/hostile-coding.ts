/** Content codings by chance, declared truly and falsely, bombs among them. */
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import type { Random } from "./random.ts";
import { pick, wholeNumber } from "./random-choice.ts";

export interface EncodedBody {
  readonly name: string;
  readonly bytes: Buffer;
  readonly headers: readonly string[];
  readonly isSound: boolean;
}

/** What a bomb grows to. */
const BOMB_BYTES = 8 * 1024 * 1024;

/** The body as it is, or in a coding that may be another than the one declared. */
export function encodedBody(random: Random, body: Buffer, isOdd: boolean): EncodedBody {
  if (!isOdd) return { name: "", bytes: body, headers: [], isSound: true };
  const [coding, encode] = pick(random, CODINGS);
  if (random.chance(0.25)) return { ...oddly(random, body, encode, coding), isSound: false };
  const headers = [`content-encoding: ${coding}`];
  return { name: coding, bytes: encode(body), headers, isSound: true };
}

function oddly(
  random: Random,
  body: Buffer,
  encode: Encode,
  coding: string,
): Omit<EncodedBody, "isSound"> {
  const encoded = encode(body);
  const declared = [`content-encoding: ${coding}`];
  return pick<() => Omit<EncodedBody, "isSound">>(random, [
    () => ({ name: `${coding} declared, not done`, bytes: body, headers: declared }),
    () => ({ name: `${coding} done, not declared`, bytes: encoded, headers: [] }),
    () => {
      const other = pick(random, OTHER_NAMES);
      return {
        name: `${coding} declared as ${other.slice(0, 30)}`,
        bytes: encoded,
        headers: [`content-encoding: ${other}`],
      };
    },
    () => ({
      name: `${coding} twice`,
      bytes: encode(encoded),
      headers: [`content-encoding: ${coding}, ${coding}`],
    }),
    () => ({
      name: `${coding} cut`,
      bytes: encoded.subarray(0, wholeNumber(random, 0, encoded.length)),
      headers: declared,
    }),
    () => ({
      name: `${coding} without its last bytes`,
      bytes: encoded.subarray(0, Math.max(0, encoded.length - wholeNumber(random, 1, 8))),
      headers: declared,
    }),
    () => ({
      name: `${coding} with a byte changed`,
      bytes: changed(random, encoded),
      headers: declared,
    }),
    () => ({
      name: `${coding} with more after`,
      bytes: Buffer.concat([encoded, encode(body)]),
      headers: declared,
    }),
    () => ({
      name: `${coding} bomb`,
      bytes: encode(Buffer.concat([Buffer.alloc(BOMB_BYTES, " "), body])),
      headers: declared,
    }),
    () => ({
      name: `${coding} bomb after the body`,
      bytes: encode(Buffer.concat([body, Buffer.alloc(BOMB_BYTES, " ")])),
      headers: declared,
    }),
    () => ({
      name: `${coding} bomb in itself`,
      bytes: encode(encode(Buffer.alloc(BOMB_BYTES))),
      headers: [`content-encoding: ${coding}, ${coding}`],
    }),
  ])();
}

type Encode = (bytes: Buffer) => Buffer;

const CODINGS: readonly [[string, Encode], ...[string, Encode][]] = [
  ["gzip", (bytes) => gzipSync(bytes)],
  ["x-gzip", (bytes) => gzipSync(bytes)],
  ["deflate", (bytes) => deflateSync(bytes)],
  ["deflate", (bytes) => deflateRawSync(bytes)],
  ["br", (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
  ["zstd", (bytes) => zstdCompressSync(bytes)],
];

const OTHER_NAMES: readonly [string, ...string[]] = [
  "identity",
  "compress",
  "x",
  "",
  "GZIP",
  "gzip;q=1",
  "gzip,",
  ", gzip",
  "gzip, identity",
  "identity, br",
  "br",
  "deflate",
  "zstd",
  // As many as Node's fetch takes. With more it gives up, and where the connection then fails too,
  // that error is thrown where no caller can catch it (Node 24.21, undici 7.29).
  "gzip, gzip, gzip, gzip, gzip",
];

function changed(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[wholeNumber(random, 0, copy.length - 1)] = wholeNumber(random, 0, 255);
  return copy;
}
