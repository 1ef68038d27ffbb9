/** Content codings by chance, though none was asked for: declared truly and falsely. */
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import type { Random } from "../../proof/simulation/random.ts";
import { pick } from "./random-choice.ts";

export interface EncodedBody {
  readonly name: string;
  readonly bytes: Buffer;
  readonly headers: readonly string[];
}

/** The body as it is, or in a coding that may be another than the one declared. */
export function encodedBody(random: Random, body: Buffer, isOdd: boolean): EncodedBody {
  if (!isOdd) return { name: "", bytes: body, headers: [] };
  const [name, encode] = pick(random, CODINGS);
  const declared = pick(random, [name, name, ...DECLARED]);
  return {
    name: `${name} declared as ${JSON.stringify(declared?.slice(0, 30) ?? "nothing")}`,
    bytes: encode(body),
    headers: declared === undefined ? [] : [`content-encoding: ${declared}`],
  };
}

type Encode = (bytes: Buffer) => Buffer;

const CODINGS: readonly [[string, Encode], ...[string, Encode][]] = [
  ["identity", (bytes) => bytes],
  ["identity", (bytes) => bytes],
  ["gzip", (bytes) => gzipSync(bytes)],
  ["deflate", (bytes) => deflateSync(bytes)],
  ["deflate", (bytes) => deflateRawSync(bytes)],
  ["br", (bytes) => brotliCompressSync(bytes)],
  ["zstd", (bytes) => zstdCompressSync(bytes)],
];

const DECLARED: readonly (string | undefined)[] = [
  undefined,
  "",
  ",",
  "Identity",
  "identity, identity",
  "compress",
  "x",
  "GZIP",
  "gzip;q=1",
  ", gzip",
  "identity, br",
  "deflate",
  "zstd",
  Array(100).fill("gzip").join(", "),
];
