import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { generateKeyPair, jwtVerify } from "jose";
import { accessTokenPublicKey } from "../../../../proof/local/dintero/access-token.ts";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import { ACCOUNT, CREDENTIALS, postToken } from "./post-token.ts";

const START_MS = Date.UTC(2026, 0, 1, 12, 0, 0, 999);
const START_SECONDS = Date.UTC(2026, 0, 1, 12) / 1000;

let dintero: DinteroStandIn;
let nowMs = START_MS;

beforeAll(async () => {
  dintero = await DinteroStandIn.start({ now: () => nowMs, lifetimeSeconds: 14_400 });
  dintero.setCredentials(ACCOUNT, CREDENTIALS);
});
afterAll(() => dintero.close());

test("A token is an RS256 JWT of the account and client, dated by the clock handed in.", async () => {
  nowMs = START_MS;
  const { payload, protectedHeader } = await verified(await newToken());

  expect(protectedHeader).toEqual({ alg: "RS256", typ: "JWT", kid: expect.stringMatching(/./) });
  expect(payload).toEqual({
    iss: "https://api.dintero.com",
    aud: `https://api.dintero.com/v1/accounts/${ACCOUNT}`,
    sub: CREDENTIALS.client_id,
    iat: START_SECONDS,
    exp: START_SECONDS + 14_400,
    jti: expect.stringMatching(/./),
  });
});

test("Two tokens of the same instant differ, under the same key.", async () => {
  const [first, second] = await Promise.all([newToken(), newToken()]);
  expect(first).not.toBe(second);
  expect((await verified(first)).protectedHeader).toEqual((await verified(second)).protectedHeader);
});

test("A token is not signed by just any key.", async () => {
  const { publicKey } = await generateKeyPair("RS256");
  await expect(jwtVerify(await newToken(), publicKey)).rejects.toMatchObject({
    code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  });
});

test("A changed clock and a changed lifetime hold from the next token on.", async () => {
  nowMs = START_MS + 60_000;
  dintero.lifetimeSeconds = 600;
  const response = await postToken(dintero.origin);
  expect(await response.clone().json()).toMatchObject({ expires_in: 600 });
  const { payload } = await verified(await tokenOf(response));
  expect(payload).toMatchObject({ iat: START_SECONDS + 60, exp: START_SECONDS + 660 });
});

async function newToken(): Promise<string> {
  return tokenOf(await postToken(dintero.origin));
}

async function tokenOf(response: Response): Promise<string> {
  const body: unknown = await response.json();
  expect(body).toMatchObject({ access_token: expect.stringMatching(/./) });
  return String(Object(body).access_token);
}

async function verified(token: string) {
  return jwtVerify(token, await accessTokenPublicKey(), { currentDate: new Date(nowMs) });
}
