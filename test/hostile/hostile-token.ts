/**
 * Tokens by chance, most of them odd: what `hostile-body` puts into a reply's `access_token`.
 */
import type { Random } from "../../proof/simulation/random.ts";
import { BASE62, characters, pick, wholeNumber } from "./random-choice.ts";

export interface HostileToken {
  /** What it is, without a character of it. */
  readonly name: string;
  readonly value: string;
}

/** A token as Dintero hands it out, or anything else a string can be. */
export function hostileToken(random: Random, nowMs: number): HostileToken {
  const [name, make] = pick(random, KINDS);
  return { name, value: make(random, nowMs) };
}

/** A token that every rule accepts, and that carries no expiry. */
export function goodToken(random: Random): string {
  return characters(random, wholeNumber(random, 24, 120));
}

type Make = (random: Random, nowMs: number) => string;

const KINDS: readonly [[string, Make], ...[string, Make][]] = [
  ["opaque token", goodToken],
  ["JWT", (random, nowMs) => jwt(random, JSON.stringify(claims(random, nowMs)))],
  ["JWT with odd exp", (random, nowMs) => jwt(random, `{"exp":${oddExp(random, nowMs)}}`)],
  ["JWT with odd payload", (random) => jwt(random, oddPayload(random))],
  ["JWT of other parts", oddParts],
  ["empty token", () => ""],
  ["token of one character", (random) => characters(random, 1)],
  ["token of 8191 to 8193 bytes", (random) => characters(random, wholeNumber(random, 8191, 8193))],
  ["token of 20 to 70 KB", (random) => characters(random, wholeNumber(random, 20_000, 70_000))],
  ["token with an odd character", withOddCharacter],
  ["token of printable ASCII", (random) => characters(random, 60, PRINTABLE)],
];

const PRINTABLE = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at)).join("");

/** Blanks, controls, what is no ASCII, halves of surrogate pairs, what HTTP and logs stumble over. */
const ODD_CHARACTERS: readonly [string, ...string[]] = [
  " ",
  "\t",
  "\r",
  "\n",
  "\0",
  "\v",
  "\u001b",
  "\u007f",
  "\u0080",
  "\u00a0",
  "\u00ad",
  "\u00e6",
  "\u2028",
  "\u202e",
  "\ufeff",
  "\uffff",
  "\ud800",
  "\udc00",
  "🔑",
  "\r\nx-injected: 1",
];

function withOddCharacter(random: Random): string {
  const token = goodToken(random);
  const at = wholeNumber(random, 0, token.length);
  return token.slice(0, at) + pick(random, ODD_CHARACTERS) + token.slice(at);
}

function jwt(random: Random, payload: string): string {
  const parts = [JSON.stringify({ alg: "RS256", kid: characters(random, 12) }), payload];
  const encoded = parts.map((part) => Buffer.from(part).toString("base64url"));
  return `${encoded.join(".")}.${characters(random, 86)}`;
}

function claims(random: Random, nowMs: number): Record<string, unknown> {
  return { oid: characters(random, 12), exp: nowMs / 1000 + wholeNumber(random, -2, 700_000) };
}

function oddExp(random: Random, nowMs: number): string {
  const nowSeconds = nowMs / 1000;
  return pick(random, [
    "0",
    "-1",
    "1e400",
    "-1e400",
    "1e308",
    "null",
    "true",
    "[]",
    `"${nowSeconds + 60}"`,
    `${nowSeconds}`,
    `${nowSeconds + 1}`,
    `${nowSeconds + 0.0004}`,
    `${nowSeconds - 1}`,
    `${nowMs}`,
    `${nowSeconds + 60},"exp":${nowSeconds + 120}`,
    `${nowSeconds + 60},"__proto__":{"exp":1}`,
  ]);
}

function oddPayload(random: Random): string {
  return pick(random, [
    "",
    "null",
    "[]",
    '"exp"',
    "{",
    '{"exp":',
    '\ufeff{"exp":1}',
    '{"__proto__":{"exp":1}}',
    `${"[".repeat(2000)}${"]".repeat(2000)}`,
    characters(random, 40, "\u0000\ud800æ{}[]:"),
  ]);
}

function oddParts(random: Random, nowMs: number): string {
  const payload = JSON.stringify(claims(random, nowMs));
  const url = Buffer.from(payload).toString("base64url");
  return pick(random, [
    "..",
    "...",
    `${url}.${url}`,
    `.${url}.`,
    `a.${url}=.c`,
    `a.${url}==.c`,
    `a.+/${url}.c`,
    `a.${Buffer.from(payload).toString("base64")}.c`,
    `a.${url}.c.d.e`,
    `a.${characters(random, 40, `${BASE62}-_!`)}.c`,
    ".".repeat(wholeNumber(random, 3, 500)),
  ]);
}
