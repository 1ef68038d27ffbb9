import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import type { HttpReply } from "../../lambda/post.ts";
import { MAX_REPLY_BYTES } from "../../lambda/reply-body.ts";
import { parseRetryAfterMs, refusalOf, TransientFailure } from "../../lambda/token-refusal.ts";
import { BODY_CANARY, leaksIn } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import { httpReply, START_MS } from "./token-request.ts";

const URL_OF_ACCOUNT = new URL("https://api.dintero.com/v1/accounts/T12345678/auth/token");

async function refusal(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
) {
  const reply: HttpReply = Object.assign(httpReply(body, headers), { statusCode: status });
  const failure = await refusalOf(reply, URL_OF_ACCOUNT, START_MS);
  expectMessage(failure.message, { names: [`${status}`, URL_OF_ACCOUNT.href] });
  expect(leaksIn(failure.message, [BODY_CANARY])).toEqual([]);
  return failure;
}

const DINTERO = [
  JSON.stringify({ error: { message: BODY_CANARY, code: "FORBIDDEN" } }),
  '{"error":{"message":""}}',
  '{"error":{"message":"x","code":"E12"}}',
  '{"error":{"message":"x","code":"12E"}}',
  JSON.stringify({ error: { message: "x", errors: [] }, mfa_token: BODY_CANARY }),
  '{"error":{"message":"x"}}'.padEnd(MAX_REPLY_BYTES),
];
const REJECTED_CLIENT = [
  '{"error":"invalid_client"}',
  JSON.stringify({ error: "unauthorized_client", error_description: BODY_CANARY }),
];
const OTHER_OAUTH = ["invalid_request", "invalid_grant", "unsupported_grant_type", "invalid_scope"];
/** What answers in place of Dintero. */
const FOREIGN = [
  "",
  "default backend - 404",
  `<html>${BODY_CANARY}</html>`,
  '{"message":"no Route matched with those values"}',
  '{"error":{"code":403,"message":"The caller does not have permission","status":"X"}}',
  '{"error":{"code":"403","message":"Forbidden"}}',
  '{"error":"Not Found","status":404}',
  '{"error":null}',
  '{"error":[]}',
  '{"error":{}}',
  '{"error":{"message":7}}',
  "null",
  "[]",
  '[{"error":{"message":"x"}}]',
  '{"error":{"message":"x"}}'.padEnd(MAX_REPLY_BYTES + 1),
];

describe("Credentials are rejected", () => {
  test.each([401, 403])("by %d in Dintero's form", async (status) => {
    for (const body of DINTERO) {
      const failure = await refusal(status, body);
      expect(failure).toMatchObject({ code: "credentials-rejected" });
      expectMessage(failure.message, { without: ["something in between"] });
    }
  });

  test.each([400, 401])("by %d in OAuth's form, if it is about the client", async (status) => {
    for (const body of REJECTED_CLIENT) {
      expect(await refusal(status, body)).toMatchObject({ code: "credentials-rejected" });
    }
  });

  test("also in a compressed body", async () => {
    const [body = ""] = DINTERO;
    const headers = { "content-encoding": "gzip" };
    expect(await refusal(401, gzipSync(body), headers)).toMatchObject({
      code: "credentials-rejected",
    });
  });
});

describe("A request is rejected", () => {
  test.each([400, 402, 404, 407, 409, 418, 421, 422, 499])(
    "by %d in Dintero's form",
    async (status) => {
      for (const body of DINTERO) {
        expect(await refusal(status, body)).toMatchObject({ code: "request-rejected" });
      }
    },
  );

  test.each([400, 401, 403, 404])("by %d in OAuth's form about something else", async (status) => {
    for (const error of OTHER_OAUTH) {
      const failure = await refusal(status, JSON.stringify({ error }));
      expect(failure).toMatchObject({ code: "request-rejected" });
    }
  });

  test("by 403 in OAuth's form, which has no such status for a client", async () => {
    for (const body of REJECTED_CLIENT) {
      expect(await refusal(403, body)).toMatchObject({ code: "request-rejected" });
    }
  });
});

test.each([400, 401, 402, 403, 404, 405, 407, 421, 431, 451])(
  "%d in another form says that something in between answered, and is not retried at once",
  async (status) => {
    for (const body of FOREIGN) {
      const failure = await refusal(status, body);
      expect(failure).toMatchObject({ code: "unavailable" });
      expect(failure).not.toBeInstanceOf(TransientFailure);
      expectMessage(failure.message, { without: ["credentials", "status page"] });
    }
  },
);

describe("The next attempt may succeed", () => {
  test.each([408, 425, 500, 502, 503, 504, 599])("after %d with any body", async (status) => {
    for (const body of [...DINTERO, ...FOREIGN]) {
      const failure = await refusal(status, body, { "retry-after": "7" });
      expect(failure).toBeInstanceOf(TransientFailure);
      expect(failure).toMatchObject({ code: "unavailable", retryAfterMs: 7_000 });
    }
  });

  test.each([429, 403])("after %d with Retry-After, when that is over", async (status) => {
    for (const body of [...DINTERO, ...FOREIGN]) {
      const failure = await refusal(status, body, { "retry-after": "7" });
      expect(failure).toBeInstanceOf(TransientFailure);
      expect(failure).toMatchObject({ code: "rate-limited", retryAfterMs: 7_000 });
    }
  });
});

test.each([
  [undefined, 0],
  ["", 0],
  ["0", 0],
  ["7", 7_000],
  ["007", 7_000],
  ["120", 120_000],
  ["2099", 2_099_000],
  ["1.5", 0],
  ["7 s", 0],
  ["s 7", 0],
  ["+7", 0],
  ["-7", 0],
  ["-3000", 0],
  ["-99999", 0],
  ["later 2099", 0],
  [`after ${httpDate(60)}`, 0],
  [`${httpDate(60)} (or so)`, 0],
  ["Tue, 99 Xyz 2099 00:00:00 GMT", 0],
  ["1e3", 0],
  ["7, 7", 0],
  ["Infinity", 0],
  [httpDate(0), 0],
  [httpDate(1), 1_000],
  [httpDate(-1), 0],
  [httpDate(3_600), 3_600_000],
])("A Retry-After of %j asks for %d ms.", (header, waitMs) => {
  expect(parseRetryAfterMs(header, START_MS)).toBe(waitMs);
});

function httpDate(secondsAhead: number): string {
  return new Date(START_MS + secondsAhead * 1000).toUTCString();
}
