/** Headers by chance that no reply of Dintero's has, or none should have. */
import type { Random } from "../../proof/simulation/random.ts";
import { characters, pick, wholeNumber } from "./random-choice.ts";

export interface OddHeaders {
  readonly name: string;
  readonly lines: readonly string[];
  readonly isSound: boolean;
  /** Texts in them that no message may quote. */
  readonly secrets: readonly string[];
}

/** None, or a few of one odd kind. */
export function oddHeaders(random: Random, isOdd: boolean): OddHeaders {
  if (!isOdd) return { name: "", lines: [], isSound: true, secrets: [] };
  const secret = characters(random, 30);
  const [name, lines] = pick(random, KINDS)(random, secret);
  return { name, lines, isSound: false, secrets: [secret] };
}

type Kind = (random: Random, secret: string) => readonly [name: string, lines: readonly string[]];

const KINDS: readonly [Kind, ...Kind[]] = [
  (random) => {
    const wait = pick(random, RETRY_AFTER);
    return [`Retry-After ${JSON.stringify(wait.slice(0, 32))}`, [`retry-after: ${wait}`]];
  },
  (_, secret) => ["Set-Cookie", [`set-cookie: a=${secret}`, `set-cookie: b=${secret}`]],
  (random, secret) => {
    const location = pick(random, [`//${secret}/`, `HTTP://[::1]:1/${secret}`, "HTTP://[", secret]);
    return ["Location", [`location: ${location}`]];
  },
  (random, secret) => {
    const length = wholeNumber(random, 1_000, 100_000);
    return [`header of ${length} bytes`, [`x-long: ${secret}${"a".repeat(length)}`]];
  },
  (random) => {
    const count = wholeNumber(random, 100, 4_000);
    return [`${count} headers`, Array.from({ length: count }, (_, at) => `x-${at}: 1`)];
  },
  (_, secret) => ["header with NUL", [`x-a: ${secret}\0b`]],
  (_, secret) => ["header with escape", [`x-a: ${secret}\x1b[31m`]],
  (_, secret) => ["header in Latin-1", [`x-a: ${secret}\xe6\xff`]],
  (_, secret) => ["line without colon", [secret]],
  (_, secret) => ["folded header", ["x-a: 1", ` ${secret}`]],
  (_, secret) => ["blank before the colon", [`x-a : ${secret}`]],
  (_, secret) => ["blank in the name", [`x a: ${secret}`]],
  (_, secret) => ["no name", [`: ${secret}`]],
  (_, secret) => ["bare carriage return", [`x-a: ${secret}\rx-b: 1`]],
  (_, secret) => ["__proto__", [`__proto__: ${secret}`, "constructor: 1"]],
  () => ["content types", ["content-type: text/html; charset=utf-16", "content-type: image/png"]],
  () => ["Connection with odd values", ["connection: keep-alive, close, upgrade", "upgrade: h2c"]],
  () => ["Keep-Alive with odd values", ["keep-alive: timeout=-1, max=99999999999999999999"]],
  () => ["Trailer and TE", ["trailer: content-length", "te: trailers"]],
];

const RETRY_AFTER: readonly [string, ...string[]] = [
  "0",
  "1",
  "10",
  "11",
  "-1",
  "1.5",
  "1e9",
  "9".repeat(400),
  "",
  "NaN",
  "soon",
  "0x10",
  "10, 20",
  "Tue, 24 Nov 2026 08:30:09 GMT",
  "Tue, 24 Nov 2026 08:30:11 GMT",
  "Fri, 31 Dec 9999 23:59:59 GMT",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  "Xxx, 99 Foo 2026 99:99:99 GMT",
  "2026-11-24T08:30:05Z",
];
