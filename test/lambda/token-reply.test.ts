import { describe, expect, test } from "@jest/globals";
import { isDinteroError, MAX_REPLY_BYTES, readTokenReply } from "../../lambda/token-reply.ts";
import { BODY_CANARY, TOKEN_CANARY } from "../support/canaries.ts";
import { failureOf, httpReply, START_MS } from "./token-request.ts";

const START_SECONDS = START_MS / 1000;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

describe("A token reply is accepted", () => {
  test("with the token as it came, from the moment of the request on.", async () => {
    expect(await read(reply({}))).toEqual({
      accessToken: TOKEN_CANARY,
      issuedAtMs: START_MS,
      expiresAtMs: START_MS + DAY_SECONDS * 1000,
    });
  });

  test.each(["Bearer", "bearer", "BEARER"])("with the token type %s.", async (token_type) => {
    expect(await read(reply({ token_type }))).toMatchObject({ accessToken: TOKEN_CANARY });
  });

  test.each(["!", "~", "a", "!a~"])("with the token %s.", async (access_token) => {
    expect(await read(reply({ access_token }))).toMatchObject({ accessToken: access_token });
  });

  test.each([
    ["1", 1],
    ["2.0", 2],
    ["604799", WEEK_SECONDS - 1],
    ["604800", WEEK_SECONDS],
    ["604801", WEEK_SECONDS],
    ["1e308", WEEK_SECONDS],
  ])("with expires_in %s as a life of %d s.", async (expiresIn, lifeSeconds) => {
    expect(await lifeSecondsOf(withExpiresIn(expiresIn))).toBe(lifeSeconds);
  });
});

describe("A token reply is refused", () => {
  test.each([
    ["not JSON", `{"access_token":"${TOKEN_CANARY}"`, "it is not JSON"],
    ["a page", `<html>${BODY_CANARY}</html>`, "it is not JSON"],
    ["empty", "", "it is not JSON"],
    ["an array", `[${reply({})}]`, "it is a JSON array instead of an object"],
    ["a string", JSON.stringify(TOKEN_CANARY), "it is not a JSON object"],
    ["null", "null", "it is not a JSON object"],
    ["a number", "86400", "it is not a JSON object"],
    [
      "an empty object",
      "{}",
      "access_token is missing; token_type is missing; expires_in is missing",
    ],
  ])("where its body is %s.", async (_, body, faults) => {
    expect(await refusal(body)).toBe(faults);
  });

  const NOT_PRINTABLE = "access_token has blanks or characters that are not printable";
  test.each([
    [undefined, "access_token is missing"],
    [null, "access_token is not a string"],
    [1234567890123, "access_token is not a string"],
    [[TOKEN_CANARY], "access_token is not a string"],
    ["", "access_token is empty"],
    [" ", NOT_PRINTABLE],
    [`${TOKEN_CANARY}\n`, NOT_PRINTABLE],
    [`\n${TOKEN_CANARY}`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}\r\nx: y`, NOT_PRINTABLE],
    [`${TOKEN_CANARY} `, NOT_PRINTABLE],
    [` ${TOKEN_CANARY}`, NOT_PRINTABLE],
    [`${TOKEN_CANARY} ${TOKEN_CANARY}`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}\t`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}\u0000`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}\u001f`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}\u007f`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}\u0080`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}\u00a0`, NOT_PRINTABLE],
    [`${TOKEN_CANARY}é`, NOT_PRINTABLE],
    [`🔑${TOKEN_CANARY}`, NOT_PRINTABLE],
  ])("where access_token is %j.", async (access_token, faults) => {
    expect(await refusal(reply({ access_token }))).toBe(faults);
  });

  test("where access_token is not UTF-8.", async () => {
    const body = Buffer.from(reply({ access_token: `${TOKEN_CANARY}\u00ff` }), "latin1");
    expect(await refusal(body)).toBe(NOT_PRINTABLE);
  });

  test.each([
    [undefined, "token_type is missing"],
    [null, "token_type is not a string"],
    [7, "token_type is not a string"],
    ["", "token_type is not Bearer"],
    ["mac", "token_type is not Bearer"],
    ["Bearer ", "token_type is not Bearer"],
  ])("where token_type is %j.", async (token_type, faults) => {
    expect(await refusal(reply({ token_type }))).toBe(faults);
  });

  test.each([
    ["null", "expires_in is not a number"],
    ['"86400"', "expires_in is not a number"],
    ["[86400]", "expires_in is not a number"],
    ["0", "expires_in is not positive"],
    ["-1", "expires_in is not positive"],
    ["1.5", "expires_in is not a whole number"],
    ["0.9", "expires_in is not a whole number"],
    ["1e400", "expires_in is not a whole number"],
  ])("where expires_in is %s.", async (expiresIn, faults) => {
    expect(await refusal(withExpiresIn(expiresIn))).toBe(faults);
  });

  test("where expires_in is missing.", async () => {
    expect(await refusal(reply({ expires_in: undefined }))).toBe("expires_in is missing");
  });

  test("with every field that is wrong.", async () => {
    const body = reply({ access_token: "", token_type: "mac", expires_in: 0 });
    expect(await refusal(body)).toBe(
      "access_token is empty; token_type is not Bearer; expires_in is not positive",
    );
  });
});

describe("The exp of a JWT", () => {
  test.each([
    ["earlier than expires_in counts", START_SECONDS + 60, 60],
    ["a fraction of a second earlier counts", START_SECONDS + DAY_SECONDS - 0.5, 86_399.5],
    ["one second after the request counts", START_SECONDS + 1, 1],
    ["equal to expires_in changes nothing", START_SECONDS + DAY_SECONDS, DAY_SECONDS],
    ["later than expires_in is ignored", START_SECONDS + DAY_SECONDS + 1, DAY_SECONDS],
    ["beyond all dates is ignored", 1e308, DAY_SECONDS],
    ["that is missing is ignored", undefined, DAY_SECONDS],
    ["that is a string is ignored", `${START_SECONDS + 60}`, DAY_SECONDS],
    ["that is a list is ignored", [START_SECONDS + 60], DAY_SECONDS],
    ["that is null is ignored", null, DAY_SECONDS],
  ])("%s.", async (_, exp, lifeSeconds) => {
    expect(await lifeSecondsOf(reply({ access_token: jwt(JSON.stringify({ exp })) }))).toBe(
      lifeSeconds,
    );
  });

  test("does not lengthen a life over 7 days.", async () => {
    const access_token = jwt(JSON.stringify({ exp: START_SECONDS + 9 * DAY_SECONDS }));
    const body = reply({ access_token, expires_in: 10 * DAY_SECONDS });
    expect(await lifeSecondsOf(body)).toBe(WEEK_SECONDS);
  });

  test.each([
    ["is not JSON", jwt("exp")],
    ["is a list", jwt(`[{"exp":${START_SECONDS + 60}}]`)],
    ["is null", jwt("null")],
    ["is empty", "a..b"],
    ["is not base64url", "a.*.b"],
    [
      "has two parts",
      jwt(`{"exp":${START_SECONDS + 60}}`)
        .split(".")
        .slice(0, 2)
        .join("."),
    ],
    ["is encrypted", `${jwt(`{"exp":${START_SECONDS + 60}}`)}.c.d`],
  ])("is ignored where the token %s.", async (_, access_token) => {
    expect(await lifeSecondsOf(reply({ access_token }))).toBe(DAY_SECONDS);
  });

  test.each([
    ["at the moment of the request", START_SECONDS],
    ["one second before", START_SECONDS - 1],
    ["at the epoch", 0],
    ["before the epoch", -1],
  ])("%s makes the reply unusable.", async (_, exp) => {
    const body = reply({ access_token: jwt(JSON.stringify({ exp })) });
    expect(await refusal(body)).toBe("its token has expired already");
  });
});

describe("An error in Dintero's shape", () => {
  test.each([
    ['{"error":{"message":"Access forbidden"}}', true],
    ['{"error":{"message":"","code":"FORBIDDEN","errors":[]},"mfa_token":"x"}', true],
    ["", false],
    ["<html></html>", false],
    ["null", false],
    ["[]", false],
    ["{}", false],
    ['{"error":"invalid_client"}', false],
    ['{"error":null}', false],
    ['{"error":[]}', false],
    ['{"error":{}}', false],
    ['{"error":{"code":"FORBIDDEN"}}', false],
    ['{"error":{"message":7}}', false],
    ['[{"error":{"message":"x"}}]', false],
    ['{"message":"x"}', false],
  ])("%s: %s", async (body, expected) => {
    expect(await isDinteroError(httpReply(body))).toBe(expected);
  });

  test("is not looked for in a reply without a body.", async () => {
    expect(await isDinteroError(httpReply())).toBe(false);
  });

  test.each([
    [MAX_REPLY_BYTES, true],
    [MAX_REPLY_BYTES + 1, false],
  ])("in %d bytes: %s", async (bytes, expected) => {
    const body = '{"error":{"message":"x"}}'.padEnd(bytes);
    expect(await isDinteroError(httpReply(body))).toBe(expected);
  });
});

describe("A reply with the Content-Encoding", () => {
  const told = "it has a Content-Encoding, and none was asked for";

  test.each(["", ",", "identity", "Identity, identity"])("%j is read.", async (coding) => {
    const headers = { "content-encoding": coding };
    expect(await read(reply({}), headers)).toMatchObject({ accessToken: TOKEN_CANARY });
    expect(await isDinteroError(httpReply('{"error":{"message":"x"}}', headers))).toBe(true);
  });

  test.each(["gzip", "identity, br", "x-identity", "identity;q=1"])(
    "%j is refused unread, though its body may be good.",
    async (coding) => {
      const headers = { "content-encoding": coding };
      const response = httpReply(reply({}), headers);
      const { code, message } = await failureOf(readTokenReply(response, START_MS, REQUEST));
      expect([code, message]).toEqual(["bad-reply", expect.stringContaining(told)]);
      expect(response.destroyed).toBe(true);
      expect(await isDinteroError(httpReply('{"error":{"message":"x"}}', headers))).toBe(false);
    },
  );
});

const REQUEST = "The reply for T12345678";

function read(body: string | Uint8Array, headers?: Record<string, string>) {
  return readTokenReply(httpReply(body, headers), START_MS, REQUEST);
}

async function lifeSecondsOf(body: string): Promise<number> {
  return ((await read(body)).expiresAtMs - START_MS) / 1000;
}

/** What a body is refused for, out of a message whose other parts are always the same. */
async function refusal(body: string | Uint8Array): Promise<string> {
  const { code, message } = await failureOf(read(body));
  const [start, end] = [
    `${REQUEST} cannot be used: `,
    ". The next check asks again; if it lasts, ask Dintero's support.",
  ];
  expect([code, message.startsWith(start), message.endsWith(end)]).toEqual([
    "bad-reply",
    true,
    true,
  ]);
  return message.slice(start.length, -end.length);
}

/** A right reply with fields replaced, or left out where `undefined`. */
function reply(fields: Record<string, unknown>): string {
  const right = { access_token: TOKEN_CANARY, token_type: "Bearer", expires_in: DAY_SECONDS };
  return JSON.stringify({ ...right, ...fields });
}

/** As text, since JSON knows numbers that `JSON.stringify` does not write. */
function withExpiresIn(number: string): string {
  return reply({ expires_in: "@" }).replace('"@"', number);
}

function jwt(payload: string): string {
  const encode = (text: string) => Buffer.from(text).toString("base64url");
  return `${encode('{"alg":"RS256"}')}.${encode(payload)}.c2lnbmF0dXJl`;
}
