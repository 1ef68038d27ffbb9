import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import {
  ACCOUNT,
  BASIC,
  CLIENT,
  newToken,
  postToken,
  type RequestParts,
  rightBody,
} from "./post-token.ts";

const START_SECONDS = Date.UTC(2026, 0, 1, 12) / 1000;

let dintero: DinteroStandIn;

beforeAll(async () => {
  const now = () => START_SECONDS * 1000 + 999;
  dintero = await DinteroStandIn.start({ now, lifetimeSeconds: 14_400 });
  dintero.setCredentials(ACCOUNT, CLIENT);
});
afterAll(() => dintero.close());

test("A valid request gets a Bearer token and its lifetime, and nothing more.", async () => {
  const response = await postToken(dintero.origin);
  expect(response.statusCode).toBe(200);
  expect(response.headers["content-type"]).toBe("application/json");
  expect(await json(response)).toEqual({
    access_token: dintero.requests.at(-1)?.token,
    token_type: "Bearer",
    expires_in: 14_400,
  });
});

test("A token is a JWT of the client and account, dated by the given clock.", async () => {
  const token = await newToken(dintero.origin);
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: "RS256", typ: "JWT" });
  expect(decodeJwt(token)).toEqual({
    iss: "https://api.dintero.com",
    aud: `https://api.dintero.com/v1/accounts/${ACCOUNT}`,
    sub: CLIENT.client_id,
    iat: START_SECONDS,
    exp: START_SECONDS + 14_400,
    jti: expect.any(String),
  });
  expect(await newToken(dintero.origin)).not.toBe(token);
});

test.each(["T123", "P123", "P12345678"])("The account id %s is well formed.", async (accountId) => {
  dintero.setCredentials(accountId, CLIENT);
  expect(await newToken(dintero.origin, accountId)).toMatch(/^eyJ/);
});

const TOKEN_PATH = `/v1/accounts/${ACCOUNT}/auth/token`;

test.each<[number, string, RequestParts]>([
  [404, "another path", { path: "/" }],
  [404, "a path that goes on", { path: `${TOKEN_PATH}/` }],
  [404, "a query", { path: `${TOKEN_PATH}?scope=all` }],
  [404, "an account id without its letter", { accountId: "12345678" }],
  [404, "an account id of 4 digits", { accountId: "T1234" }],
  [404, "another method", { method: "PUT" }],
  [401, "no credentials", { headers: { authorization: "" } }],
  [401, "another scheme", { headers: { authorization: BASIC.replace("Basic", "Bearer") } }],
  [401, "a wrong secret", { headers: { authorization: basic("ecom-123:x7") } }],
  [401, "a wrong id", { headers: { authorization: basic(`x:${CLIENT.client_secret}`) } }],
  [401, "an account without a client", { accountId: "P999" }],
  [401, "no credentials and a bad body", { headers: { authorization: "" }, body: "{" }],
  [400, "a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }],
  [400, "half a body", { body: rightBody().slice(0, -1) }],
  [400, "a list", { body: `[${rightBody()}]` }],
  [400, "no audience", { body: '{"grant_type":"client_credentials"}' }],
  [400, "another grant_type", { body: rightBody().replace("client_credentials", "password") }],
  [400, "a field that is not declared", { body: rightBody().replace("{", '{"scope":"",') }],
  [403, "another account's audience", { body: rightBody("T87654321") }],
  [403, "another host's audience", { body: rightBody().replace("api.", "checkout.") }],
])("Status %d is the answer to %s, in Dintero's error shape.", async (status, _, parts) => {
  const response = await postToken(dintero.origin, parts);
  expect(response.statusCode).toBe(status);
  expect(await json(response)).toEqual({
    error: { code: expect.stringMatching(/^[A-Z ]+$/), message: expect.stringMatching(/./) },
  });
  expect(dintero.requests.at(-1)).not.toHaveProperty("token");
});

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
