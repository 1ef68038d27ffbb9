import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import { ACCOUNT, basic, CREDENTIALS, postToken, rightBody } from "./post-token.ts";

const { client_id, client_secret } = CREDENTIALS;
const audience = `https://api.dintero.com/v1/accounts/${ACCOUNT}`;

let dintero: DinteroStandIn;

beforeAll(async () => {
  dintero = await DinteroStandIn.start({ now: () => 0 });
  dintero.setCredentials(ACCOUNT, CREDENTIALS);
});
afterAll(() => dintero.close());

test("A right request is answered 200 with a Bearer token and its life, and nothing more.", async () => {
  const response = await postToken(dintero.origin);

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toEqual({
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    token_type: "Bearer",
    expires_in: 86_400,
  });
});

describe("path and method", () => {
  test.each([
    ["another path", "/v1/accounts"],
    ["the root", "/"],
    ["a path that goes on", `/v1/accounts/${ACCOUNT}/auth/token/`],
    ["another version", `/v2/accounts/${ACCOUNT}/auth/token`],
    ["another case", `/v1/accounts/${ACCOUNT}/auth/Token`],
    ["no account", "/v1/accounts//auth/token"],
  ])("%s is answered 404", async (_name, path) => {
    await expectRefusal(postToken(dintero.origin, { path }), 404, "NOT FOUND");
  });

  test.each(["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "%s is answered 405 with the method that is allowed",
    async (method) => {
      const response = await expectRefusal(
        postToken(dintero.origin, { method }),
        405,
        "METHOD NOT ALLOWED",
      );
      expect(response.headers.get("allow")).toBe("POST");
    },
  );

  test("HEAD is answered 405 without a body.", async () => {
    const response = await postToken(dintero.origin, { method: "HEAD" });
    expect(response.status).toBe(405);
    expect(await response.text()).toBe("");
  });

  test.each(["T123", "P123", "T12345678", "P12345678"])(
    "The account id %s is well formed.",
    async (accountId) => {
      dintero.setCredentials(accountId, CREDENTIALS);
      expect((await postToken(dintero.origin, { accountId })).status).toBe(200);
    },
  );

  test.each([
    "12345678",
    "t12345678",
    "X12345678",
    "TT12345678",
    "T12",
    "T1234",
    "T1234567",
    "T123456789",
    "T1234567a",
    "T1234567%38",
    "T12345678%0A",
  ])(
    "The malformed account id %s is answered 400, whatever credentials it has.",
    async (accountId) => {
      dintero.setCredentials(accountId, CREDENTIALS);
      await expectRefusal(postToken(dintero.origin, { accountId }), 400, "BAD REQUEST");
    },
  );

  test("A query parameter is answered 400.", async () => {
    const path = `/v1/accounts/${ACCOUNT}/auth/token?scope=all`;
    await expectRefusal(postToken(dintero.origin, { path }), 400, "BAD REQUEST");
  });
});

describe("credentials", () => {
  test.each([
    ["missing", undefined],
    ["of another scheme", "Bearer abc"],
    ["a scheme without credentials", "Basic"],
    ["not base64", "Basic !!!"],
    ["base64 without its padding", basic(`${client_id}:${client_secret}`).replace(/=+$/, "")],
    ["base64url", basic(`${client_id}:${client_secret}`).replaceAll("/", "_").replaceAll("+", "-")],
    ["base64 with a blank in it", basic(`${client_id}:${client_secret}`).replace("==", " ==")],
    ["not UTF-8", basic(Buffer.from(`${client_id}:${client_secret}`, "latin1"))],
    ["without a colon", basic(client_id)],
    ["with a wrong id", basic(`ecom-124:${client_secret}`)],
    ["with an id in another case", basic(`Ecom-123:${client_secret}`)],
    ["with a wrong secret", basic(`${client_id}:${client_secret.slice(0, -1)}`)],
    ["with a longer secret", basic(`${client_id}:${client_secret}x`)],
    ["with a line feed at the end", basic(`${client_id}:${client_secret}\n`)],
    ["with a byte order mark", basic(`\u{FEFF}${client_id}:${client_secret}`)],
    ["percent-encoded", basic(`${client_id}:${encodeURIComponent(client_secret)}`)],
    ["with an empty secret", basic(`${client_id}:`)],
  ])("Credentials %s are answered 401 with a challenge.", async (_name, authorization) => {
    const response = await expectRefusal(
      postToken(dintero.origin, { headers: { authorization } }),
      401,
      "UNAUTHORIZED",
    );
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="Dintero"');
  });

  test("The sample pair exercises what base64 and its padding can get wrong.", () => {
    expect(basic(`${client_id}:${client_secret}`)).toMatch(/[+/].*==$/);
  });

  test("An account without credentials is answered 401.", async () => {
    await expectRefusal(postToken(dintero.origin, { accountId: "P999" }), 401, "UNAUTHORIZED");
  });

  test("The credentials of one account do not open another.", async () => {
    dintero.setCredentials("P888", { client_id: "other", client_secret: "other" });
    await expectRefusal(postToken(dintero.origin, { accountId: "P888" }), 401, "UNAUTHORIZED");
  });

  test("New credentials replace the old ones at once.", async () => {
    dintero.setCredentials("P777", CREDENTIALS);
    dintero.setCredentials("P777", { client_id, client_secret: "rotated" });
    const rotated = { authorization: basic(`${client_id}:rotated`) };
    expect((await postToken(dintero.origin, { accountId: "P777" })).status).toBe(401);
    expect((await postToken(dintero.origin, { accountId: "P777", headers: rotated })).status).toBe(
      200,
    );
  });

  test("The pair is split at its first colon: an id with a colon never matches.", async () => {
    dintero.setCredentials("P666", { client_id: "a:b", client_secret: "c" });
    const headers = { authorization: basic("a:b:c") };
    expect((await postToken(dintero.origin, { accountId: "P666", headers })).status).toBe(401);
    dintero.setCredentials("P666", { client_id: "a", client_secret: "b:c" });
    expect((await postToken(dintero.origin, { accountId: "P666", headers })).status).toBe(200);
  });

  test("A pair without a colon does not match, whatever the credentials are.", async () => {
    dintero.setCredentials("P555", { client_id: "ab", client_secret: "abc" });
    const headers = { authorization: basic("abc") };
    await expectRefusal(
      postToken(dintero.origin, { accountId: "P555", headers }),
      401,
      "UNAUTHORIZED",
    );
  });

  test("The scheme is read in any case.", async () => {
    const authorization = basic(`${client_id}:${client_secret}`).replace("Basic", "bAsIc");
    expect((await postToken(dintero.origin, { headers: { authorization } })).status).toBe(200);
  });

  test("Credentials are checked before the body.", async () => {
    const bad = { headers: { authorization: undefined }, body: "{" };
    await expectRefusal(postToken(dintero.origin, bad), 401, "UNAUTHORIZED");
  });
});

describe("content type and body", () => {
  test.each(["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])(
    "The content type %s is taken.",
    async (contentType) => {
      const headers = { "content-type": contentType };
      expect((await postToken(dintero.origin, { headers })).status).toBe(200);
    },
  );

  test.each([
    undefined,
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonl",
    "application/vnd.api+json",
    "application/json, text/plain",
    "application/json; charset=latin1",
  ])("The content type %s is answered 400.", async (contentType) => {
    const headers = { "content-type": contentType };
    await expectRefusal(postToken(dintero.origin, { headers }), 400, "BAD REQUEST");
  });

  test.each<[string, string | Uint8Array]>([
    ["nothing", ""],
    ["half a JSON text", rightBody().slice(0, -1)],
    ["a form", "grant_type=client_credentials"],
    ["null", "null"],
    ["a string", '"client_credentials"'],
    ["an array", `[${rightBody()}]`],
    ["a byte order mark first", `\u{FEFF}${rightBody()}`],
    ["UTF-16", Buffer.from(rightBody(), "utf16le")],
    ["a byte that is not UTF-8", Buffer.from(rightBody().replace("T1", "\xff"), "latin1")],
    ["no grant_type", JSON.stringify({ audience })],
    ["another grant_type", JSON.stringify({ grant_type: "password", audience })],
    [
      "a grant_type in another case",
      JSON.stringify({ grant_type: "Client_Credentials", audience }),
    ],
    ["no audience", JSON.stringify({ grant_type: "client_credentials" })],
    [
      "an audience that is a list",
      JSON.stringify({ grant_type: "client_credentials", audience: [audience] }),
    ],
    [
      "a field that is not declared",
      JSON.stringify({ grant_type: "client_credentials", audience, scope: "" }),
    ],
  ])("A body that is or has %s is answered 400.", async (_name, body) => {
    await expectRefusal(postToken(dintero.origin, { body }), 400, "BAD REQUEST");
  });

  test.each(["null", "7", '"text"', "[]"])(
    "The body %s is told that it is no object.",
    async (body) => {
      expect(await (await postToken(dintero.origin, { body })).json()).toMatchObject({
        error: { message: "Body must be a JSON object" },
      });
    },
  );

  test.each([
    "https://api.dintero.com/v1/accounts/T87654321",
    "https://checkout.dintero.com/v1/accounts/T12345678",
    "https://api.dintero.com/v1/accounts/T12345678/",
    "http://api.dintero.com/v1/accounts/T12345678",
    "",
  ])("The audience %j is no grant of the client: 403.", async (wrong) => {
    const body = JSON.stringify({ grant_type: "client_credentials", audience: wrong });
    await expectRefusal(postToken(dintero.origin, { body }), 403, "FORBIDDEN");
  });
});

/** Asserts status and Dintero's error shape, and that no token was handed out. */
async function expectRefusal(
  pending: Promise<Response>,
  status: number,
  code: string,
): Promise<Response> {
  const response = await pending;
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toEqual({
    error: { code, message: expect.stringMatching(/./) },
  });
  expect(dintero.requests.at(-1)).toMatchObject({ status });
  expect(dintero.requests.at(-1)?.token).toBeUndefined();
  return response;
}
