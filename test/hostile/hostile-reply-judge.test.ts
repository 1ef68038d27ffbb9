import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import type { HostileReply } from "./hostile-reply.ts";
import { ACCEPTED, grantOf, judge } from "./hostile-reply-judge.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 8, 30, 0);
const DAY_MS = 24 * 60 * 60 * 1000;
const GOOD = { access_token: "Ty6Gh2.Rk9Qz4", token_type: "Bearer", expires_in: 86_400 };

describe("The judge of a body", () => {
  test.each([
    ["a good reply", {}],
    ["another case of the token's type", { token_type: "bEARER" }],
    ["the least lifetime", { expires_in: 1 }],
    ["fields that nobody asked for", { scope: null, nested: { access_token: "" } }],
    ["the first and the last printable character", { access_token: "!~" }],
  ])("accepts %s", (_, fields) => {
    const body = { ...GOOD, ...fields };
    const [grant] = grantOf(bodyOf(body), NOW_MS);
    expect(grant?.accessToken).toBe(body.access_token);
  });

  test.each([
    ["no token", { access_token: undefined }],
    ["an empty token", { access_token: "" }],
    ["a token with a blank", { access_token: "a b" }],
    ["a token with DEL", { access_token: "a\u007f" }],
    ["a token beyond ASCII", { access_token: "æ" }],
    ["a token of another type", { access_token: ["a"] }],
    ["another type of token", { token_type: "Basic" }],
    ["a blank before the type", { token_type: " Bearer" }],
    ["no lifetime", { expires_in: undefined }],
    ["a lifetime of 0", { expires_in: 0 }],
    ["a lifetime of -1", { expires_in: -1 }],
    ["half a second", { expires_in: 1.5 }],
    ["a lifetime as text", { expires_in: "86400" }],
    ["a JWT that expires now", { access_token: jwt({ exp: NOW_MS / 1000 }) }],
  ])("refuses %s", (_, fields) => {
    expect(grantOf(bodyOf({ ...GOOD, ...fields }), NOW_MS)).toEqual([]);
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "<html>"],
    ["a list", JSON.stringify([GOOD])],
    ["null", "null"],
    ["fields in a prototype", JSON.stringify({ x: GOOD }).replace("x", "__proto__")],
    ["a reply with more after it", `${JSON.stringify(GOOD)}x`],
    ["an endless lifetime", JSON.stringify(GOOD).replace("86400", "1e400")],
  ])("refuses %s as a body", (_, text) => {
    expect(grantOf(Buffer.from(text), NOW_MS)).toEqual([]);
  });

  test.each([
    ["expires_in", GOOD, NOW_MS + DAY_MS],
    [
      "the JWT where it is earlier",
      { access_token: jwt({ exp: NOW_MS / 1000 + 60 }) },
      NOW_MS + 60_000,
    ],
    ["expires_in where the JWT is later", { access_token: jwt({ exp: 9e9 }) }, NOW_MS + DAY_MS],
    ["expires_in where exp is no number", { access_token: jwt({ exp: "1" }) }, NOW_MS + DAY_MS],
    ["expires_in where the token has two parts", { access_token: "a.b" }, NOW_MS + DAY_MS],
    ["seven days", { expires_in: 1e300 }, NOW_MS + 7 * DAY_MS],
  ])("takes the expiry from %s", (_, fields, expiryMs) => {
    const [grant] = grantOf(bodyOf({ ...GOOD, ...fields }), NOW_MS);
    expect(grant?.latestExpiryMs).toBe(expiryMs);
  });

  test.each([
    [65_536, 1],
    [65_537, 0],
  ])("of %d bytes gives %d grants", (length, count) => {
    const text = JSON.stringify(GOOD).padEnd(length);
    expect(grantOf(Buffer.from(text), NOW_MS)).toHaveLength(count);
  });
});

describe("The judge of a reply", () => {
  const text = JSON.stringify(GOOD);
  const zipped = gzipSync(text).toString("latin1");
  const sized = (body: string, more = "") => `content-length: ${body.length}\r\n${more}\r\n${body}`;

  test.each([
    ["with a length", `HTTP/1.1 200 OK\r\n${sized(text)}`, "silence"],
    ["without a reason", `HTTP/1.1 200\r\n${sized(text)}`, "silence"],
    ["until the close", `HTTP/1.1 200 OK\r\n\r\n${text}`, "close"],
    ["in chunks", `HTTP/1.1 200 OK\r\n${chunked(text)}0\r\n\r\n`, "silence"],
    [
      "after an interim reply",
      `HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\n${sized(text)}`,
      "silence",
    ],
    [
      "that says it is not coded",
      `HTTP/1.1 200 OK\r\n${sized(text, "content-encoding: Identity,\r\n")}`,
      "silence",
    ],
  ] as const)("demands the write of a good one %s", (_, bytes, end) => {
    const verdict = judge(replyOf(bytes, end), NOW_MS);
    expect(verdict.grants.map((grant) => grant.accessToken)).toEqual([GOOD.access_token]);
    expect(verdict.expected).toBe(ACCEPTED);
  });

  test.each([
    ["without a status line", text, "close"],
    ["of another version", `HTTP/3.0 200 OK\r\n${sized(text)}`, "close"],
    ["with another status", `HTTP/1.1 201 Created\r\n${sized(text)}`, "close"],
    ["with a length too long", `HTTP/1.1 200 OK\r\n${sized(`${text} `).slice(0, -1)}`, "close"],
    ["until a close that never comes", `HTTP/1.1 200 OK\r\n\r\n${text}`, "silence"],
    ["in chunks without an end", `HTTP/1.1 200 OK\r\n${chunked(text)}`, "close"],
    ["in gzip", `HTTP/1.1 200 OK\r\n${sized(zipped, "content-encoding: gzip\r\n")}`, "close"],
    [
      "that claims to be in gzip",
      `HTTP/1.1 200 OK\r\n${sized(text, "content-encoding: identity, GZIP\r\n")}`,
      "close",
    ],
    ["in gzip that is not declared", `HTTP/1.1 200 OK\r\n${sized(zipped)}`, "close"],
    [
      "that only a second one follows",
      `HTTP/1.1 500 No\r\n${sized("")}HTTP/1.1 200 OK\r\n${sized(text)}`,
      "close",
    ],
  ] as const)("allows no write of one %s", (_, bytes, end) => {
    expect(judge(replyOf(bytes, end), NOW_MS).grants).toEqual([]);
  });

  test.each([
    [401, '{"error":{"message":"no"}}', "credentials-rejected"],
    [403, '{"error":{"message":"no"}}', "credentials-rejected"],
    [401, '{"error":"no"}', "unavailable"],
    [403, "<html>", "unavailable"],
    [400, "", "request-rejected"],
    [408, "", "unavailable"],
    [429, "", "rate-limited"],
    [500, "", "unavailable"],
    [201, text, "bad-reply"],
    [302, text, "bad-reply"],
    [200, "{}", "bad-reply"],
    [200, text.replace("Ty6", "a".repeat(8_200)), "store-failed"],
  ])("demands for %d with %j: %s", (status, body, expected) => {
    const reply = replyOf(`HTTP/1.1 ${status} Reason\r\n${sized(body)}`, "close");
    expect(judge(reply, NOW_MS).expected).toBe(expected);
  });
});

function bodyOf(fields: object): Buffer {
  return Buffer.from(JSON.stringify(fields));
}

function jwt(claims: object): string {
  return `eyJhbGciOiJub25lIn0.${bodyOf(claims).toString("base64url")}.c2ln`;
}

function chunked(body: string): string {
  return `transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`;
}

function replyOf(bytes: string, end: HostileReply["end"]) {
  return { bytes: Buffer.from(bytes, "latin1"), end, isSound: true };
}
