import { describe, expect, test } from "@jest/globals";
import { readTokenReply } from "../../lambda/token-reply.ts";
import { BODY_CANARY, TOKEN_CANARY } from "../support/canaries.ts";
import { expectMessage, expectPart, expectWordsPerCause } from "../support/expect-message.ts";
import { failureOf, httpReply, START_MS } from "./token-request.ts";

const START_SECONDS = START_MS / 1000;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

describe("A token reply is accepted", () => {
  test("with the token unchanged, from the moment of the request on.", async () => {
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
  ])("with expires_in %s as a lifetime of %d s.", async (expiresIn, lifeSeconds) => {
    expect(await lifeSecondsOf(withExpiresIn(expiresIn))).toBe(lifeSeconds);
  });
});

describe("A token reply is refused", () => {
  /** What a field's value is, and what the reply is refused for. */
  const BODIES: [string, body: string, fault: string][] = [
    ["not JSON", `{"access_token":"${TOKEN_CANARY}"`, "no JSON"],
    ["a page", `<html>${BODY_CANARY}</html>`, "no JSON"],
    ["empty", "", "no JSON"],
    ["an array", `[${reply({})}]`, "array"],
    ["a string", JSON.stringify(TOKEN_CANARY), "no object"],
    ["null", "null", "no object"],
    ["a number", "86400", "no object"],
  ];
  const TOKENS: [token: unknown, fault: string][] = [
    [undefined, "missing"],
    [null, "no string"],
    [1234567890123, "no string"],
    [[TOKEN_CANARY], "no string"],
    ["", "empty"],
    ...[
      " ",
      `${TOKEN_CANARY}\n`,
      `\n${TOKEN_CANARY}`,
      `${TOKEN_CANARY}\r\nx: y`,
      `${TOKEN_CANARY} `,
      ` ${TOKEN_CANARY}`,
      `${TOKEN_CANARY} ${TOKEN_CANARY}`,
      `${TOKEN_CANARY}\t`,
      `${TOKEN_CANARY}\u0000`,
      `${TOKEN_CANARY}\u001f`,
      `${TOKEN_CANARY}\u007f`,
      `${TOKEN_CANARY}\u0080`,
      `${TOKEN_CANARY}\u00a0`,
      `${TOKEN_CANARY}é`,
      `🔑${TOKEN_CANARY}`,
    ].map((token): [string, string] => [token, "not printable"]),
  ];
  const TYPES: [type: unknown, fault: string][] = [
    [undefined, "missing"],
    [null, "no string"],
    [7, "no string"],
    ["", "not Bearer"],
    ["mac", "not Bearer"],
    ["Bearer ", "not Bearer"],
  ];
  const LIVES: [number: string, fault: string][] = [
    ["null", "no number"],
    ['"86400"', "no number"],
    ["[86400]", "no number"],
    ["0", "not positive"],
    ["-1", "not positive"],
    ["1.5", "not whole"],
    ["0.9", "not whole"],
    ["1e400", "not whole"],
  ];

  test.each(BODIES)("if its body is %s.", async (_, body) => {
    expectPart(await refusal(body), { names: ["JSON"], without: FIELDS });
  });

  test.each(TOKENS)("if access_token is %j.", async (access_token) => {
    expectPart(await refusal(reply({ access_token })), only("access_token"));
  });

  test("if access_token is not UTF-8.", async () => {
    const body = Buffer.from(reply({ access_token: `${TOKEN_CANARY}\u00ff` }), "latin1");
    expect(await refusal(body)).toBe(await refusal(reply({ access_token: " " })));
  });

  test.each(TYPES)("if token_type is %j.", async (token_type) => {
    expectPart(await refusal(reply({ token_type })), only("token_type"));
  });

  test.each(LIVES)("if expires_in is %s.", async (expiresIn) => {
    expectPart(await refusal(withExpiresIn(expiresIn)), only("expires_in"));
  });

  test("if expires_in is missing.", async () => {
    expectPart(await refusal(reply({ expires_in: undefined })), only("expires_in"));
  });

  test("with every field that is wrong.", async () => {
    const body = reply({ access_token: "", token_type: "mac", expires_in: 0 });
    expectPart(await refusal(body), { names: FIELDS });
    expectPart(await refusal("{}"), { names: FIELDS });
  });

  test("with the same words for the same fault, and other words for another fault.", async () => {
    const rows: [fault: string, body: string][] = [
      ...BODIES.map(([, body, fault]): [string, string] => [fault, body]),
      ...TOKENS.map(([access_token, fault]): [string, string] => [fault, reply({ access_token })]),
      ...TYPES.map(([token_type, fault]): [string, string] => [fault, reply({ token_type })]),
      ...LIVES.map(([number, fault]): [string, string] => [fault, withExpiresIn(number)]),
      ["missing", reply({ expires_in: undefined })],
      ["expired", reply({ access_token: jwt('{"exp":0}') })],
    ];
    const said = rows.map(async ([fault, body]): Promise<[string, string]> => {
      return [fault, (await refusal(body)).replace(new RegExp(FIELDS.join("|")), "FIELD")];
    });
    expectWordsPerCause(await Promise.all(said));
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

  test("does not extend a lifetime over 7 days.", async () => {
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
  ])("is ignored if the token %s.", async (_, access_token) => {
    expect(await lifeSecondsOf(reply({ access_token }))).toBe(DAY_SECONDS);
  });

  test.each([
    ["at the moment of the request", START_SECONDS],
    ["one second before", START_SECONDS - 1],
    ["at the epoch", 0],
    ["before the epoch", -1],
  ])("%s makes the reply unusable.", async (_, exp) => {
    const body = reply({ access_token: jwt(JSON.stringify({ exp })) });
    expectPart(await refusal(body), { without: FIELDS });
  });
});

const REQUEST = "The reply for T12345678";

function read(body: string | Uint8Array) {
  return readTokenReply(httpReply(body), START_MS, REQUEST);
}

async function lifeSecondsOf(body: string): Promise<number> {
  return ((await read(body)).expiresAtMs - START_MS) / 1000;
}

/** What a body is refused for: the part of the message between two that are always the same. */
async function refusal(body: string | Uint8Array): Promise<string> {
  const { code, message } = await failureOf(read(body));
  expect(code).toBe("bad-reply");
  expectMessage(message, { names: [REQUEST] });
  const [, fault = ""] = /: (.+?)\. /.exec(message) ?? [];
  return fault;
}

const FIELDS = ["access_token", "token_type", "expires_in"];

/** Names this field, and none of the others. */
function only(field: string) {
  return { names: [field], without: FIELDS.filter((other) => other !== field) };
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
