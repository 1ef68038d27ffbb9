/**
 * Bodies by chance: a good reply of Dintero's with some of it broken, or something else altogether.
 * Called by `hostile-reply`, which sends them as broken HTTP.
 */

import type { Random } from "../../proof/simulation/random.ts";
import { goodToken, hostileToken } from "./hostile-token.ts";
import { characters, pick, wholeNumber } from "./random-choice.ts";

export interface HostileBody {
  /** What is odd about it, without a character of it. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Texts in it, as decoded, that no message may quote. */
  readonly secrets: readonly string[];
}

/** A reply with a token that every rule accepts. */
export function goodBody(random: Random): HostileBody {
  const token = goodToken(random);
  return {
    name: "good",
    bytes: Buffer.from(textOf(goodFields(JSON.stringify(token)))),
    secrets: [token],
  };
}

/** A reply with a token, with one or more things broken. */
export function hostileBody(random: Random, nowMs: number): HostileBody {
  const token = hostileToken(random, nowMs);
  let fields = goodFields(jsonString(random, token.value));
  const names = [token.name];
  for (let changes = wholeNumber(random, 0, 2); changes > 0; changes -= 1) {
    const [name, change] = pick(random, FIELD_CHANGES);
    fields = change(random, fields);
    names.push(name);
  }
  let bytes: Buffer = Buffer.from(textOf(fields));
  if (random.chance(0.4)) {
    const [name, change] = pick(random, TEXT_CHANGES);
    bytes = change(random, bytes);
    names.push(name);
  }
  return { name: names.join(", "), bytes, secrets: [token.value] };
}

/** An error of Dintero's, or what a proxy may say instead. */
export function errorBody(random: Random): HostileBody {
  const text = characters(random, 40);
  const [name, body] = pick<[string, string]>(random, [
    ["error", `{"error":{"code":"${text}","message":"${text}"}}`],
    ["error without message", `{"error":{"code":"${text}"}}`],
    ["error as text", `{"error":"${text}"}`],
    ["error with message of other type", `{"error":{"message":{"${text}":1}}}`],
    ["error as list", `{"error":["${text}"]}`],
    ["list of errors", `[{"error":{"message":"${text}"}}]`],
    ["page", `<html><body>${text}</body></html>`],
    ["empty", ""],
    ["error of 70 KB", `{"error":{"message":"${text}${characters(random, 70_000)}"}}`],
    ["error in __proto__", `{"__proto__":{"error":{"message":"${text}"}}}`],
    ["error cut", `{"error":{"message":"${text}`],
  ]);
  return { name, bytes: Buffer.from(body), secrets: [text] };
}

/** A name and a value, both as JSON text, so that names can come twice and values be no JSON. */
type Field = readonly [name: string, value: string];

function goodFields(tokenJson: string): readonly Field[] {
  return [
    ['"access_token"', tokenJson],
    ['"token_type"', '"Bearer"'],
    ['"expires_in"', "86400"],
  ];
}

function textOf(fields: readonly Field[]): string {
  return `{${fields.map(([name, value]) => `${name}:${value}`).join(",")}}`;
}

/** The string in JSON, now and then in the longest way it can be written. */
function jsonString(random: Random, value: string): string {
  if (!random.chance(0.2)) return JSON.stringify(value);
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

const ODD_VALUES: readonly [string, ...string[]] = [
  "null",
  "true",
  "0",
  "-1",
  "1",
  "59.999999999999999999",
  "0.5",
  "86400.5",
  "86400.0",
  "864e2",
  "-0",
  "1e308",
  "1e400",
  "-1e400",
  "9007199254740993",
  "9".repeat(500),
  "0x10",
  "NaN",
  "Infinity",
  "undefined",
  "'Bearer'",
  '"86400"',
  '"86400 "',
  '""',
  '"bearer"',
  '"BEARER"',
  '" Bearer"',
  '"Bearer\\u0000"',
  '"\\u212Aearer"',
  '"Basic"',
  '"Bearer',
  '"\\x41"',
  '"\\ud800"',
  '"a\nb"',
  "[]",
  '["Bearer"]',
  "{}",
  '{"toString":"Bearer"}',
  `${"[".repeat(5000)}${"]".repeat(5000)}`,
  `${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`,
];

type FieldChange = (random: Random, fields: readonly Field[]) => readonly Field[];

const FIELD_CHANGES: readonly [[string, FieldChange], ...[string, FieldChange][]] = [
  ["no field changed", (_, fields) => fields],
  ["field of other value", (random, fields) => replaced(random, fields, oddValue(random))],
  ["lifetime of other value", (random, fields) => set(fields, '"expires_in"', oddValue(random))],
  [
    "lifetime of some seconds to months",
    (random, fields) => set(fields, '"expires_in"', `${wholeNumber(random, 0, 2e6)}`),
  ],
  ["type of other value", (random, fields) => set(fields, '"token_type"', oddValue(random))],
  ["field missing", (random, fields) => fields.toSpliced(wholeNumber(random, 0, 2), 1)],
  ["field twice", (random, fields) => [...fields, [pick(random, NAMES), oddValue(random)]]],
  ["good field again", (random, fields) => [[pick(random, NAMES), oddValue(random)], ...fields]],
  ["name in other case", (_, fields) => fields.map(([name, value]) => [name.toUpperCase(), value])],
  ["name escaped", (_, fields) => fields.map(([name, value]) => [escapedName(name), value])],
  ["fields in __proto__", (_, fields) => [['"__proto__"', textOf(fields)]]],
  [
    "__proto__ beside",
    (random, fields) => [...fields, ['"__proto__"', oddValue(random)], ['"toString"', "1"]],
  ],
  ["wrapped in a field", (_, fields) => [['"data"', textOf(fields)]]],
  [
    "thousands of fields",
    (random, fields) => [
      ...Array.from({ length: 2000 }, (_, at): Field => [`"${characters(random, 12)}${at}"`, "0"]),
      ...fields,
    ],
  ],
  ["long scope", (random, fields) => [...fields, ['"scope"', `"${characters(random, 30_000)}"`]]],
  ["odd scope", (random, fields) => [...fields, ['"scope"', oddValue(random)]]],
];

const NAMES: readonly [string, ...string[]] = ['"access_token"', '"token_type"', '"expires_in"'];

function oddValue(random: Random): string {
  return pick(random, ODD_VALUES);
}

function replaced(random: Random, fields: readonly Field[], value: string): readonly Field[] {
  return set(fields, pick(random, NAMES), value);
}

function set(fields: readonly Field[], name: string, value: string): readonly Field[] {
  return fields.map((field) => (field[0] === name ? [name, value] : field));
}

function escapedName(name: string): string {
  return name.replaceAll("_", "\\u005f");
}

type TextChange = (random: Random, bytes: Buffer) => Buffer;

const TEXT_CHANGES: readonly [[string, TextChange], ...[string, TextChange][]] = [
  ["byte order mark", (_, bytes) => Buffer.concat([Buffer.from("\ufeff"), bytes])],
  ["UTF-16LE", (_, bytes) => Buffer.from(`\ufeff${bytes}`, "utf16le")],
  ["UTF-16BE", (_, bytes) => Buffer.from(`\ufeff${bytes}`, "utf16le").swap16()],
  ["Latin-1", (_, bytes) => Buffer.from(`${bytes}`, "latin1")],
  ["cut", (random, bytes) => bytes.subarray(0, wholeNumber(random, 0, bytes.length - 1))],
  ["without its last byte", (_, bytes) => bytes.subarray(0, -1)],
  ["garbage after", (random, bytes) => joined(bytes, characters(random, 20, '}{\0 x"'))],
  ["blanks around", (_, bytes) => joined("\r\n\t ", bytes, " \n")],
  ["other blanks around", (_, bytes) => joined("\u00a0", bytes)],
  ["twice", (_, bytes) => joined(bytes, "\n", bytes)],
  ["in a list", (_, bytes) => joined("[", bytes, "]")],
  ["in a string", (_, bytes) => Buffer.from(JSON.stringify(`${bytes}`))],
  ["as a call", (_, bytes) => joined("callback(", bytes, ")")],
  ["behind a guard", (_, bytes) => joined(")]}',\n", bytes)],
  ["with a comment", (_, bytes) => joined("/* */", bytes)],
  ["with a comma too many", (_, bytes) => Buffer.from(`${bytes}`.replace(/\}$/, ",}"))],
  ["with single quotes", (_, bytes) => Buffer.from(`${bytes}`.replaceAll('"', "'"))],
  ["a byte changed", changedByte],
  ["NUL after", (_, bytes) => joined(bytes, "\0")],
  [
    "invalid UTF-8 in a field",
    (_, bytes) => joined('{"scope":"', INVALID_UTF8, '",', bytes.subarray(1)),
  ],
  ["deep", (_, bytes) => joined('{"a":'.repeat(10_000), bytes, "}".repeat(10_000))],
  ["as long as is read", (random, bytes) => padded(bytes, 65_536 + wholeNumber(random, -1, 1))],
  ["1 MB of blanks after", (_, bytes) => padded(bytes, 1_000_000)],
  ["only null", () => Buffer.from("null")],
  ["only a number", () => Buffer.from("86400")],
  ["nothing", () => Buffer.alloc(0)],
  ["page", (random) => Buffer.from(`<!doctype html><title>${characters(random, 30)}</title>`)],
  ["noise", (random) => Buffer.from(characters(random, 200), "base64")],
];

/** Too long a form, half a sequence, and a byte that never comes. */
const INVALID_UTF8 = Buffer.from([0xc0, 0xaf, 0xe2, 0x82, 0xff]);

function joined(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function changedByte(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[wholeNumber(random, 0, changed.length - 1)] = wholeNumber(random, 0, 255);
  return changed;
}

function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length), " ")]);
}
