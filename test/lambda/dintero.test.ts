import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { PROJECT_VERSION } from "../../lambda/contract.ts";
import { ATTEMPT_TIMEOUT_MS, MAX_ATTEMPTS } from "../../lambda/dintero.ts";
import type { DinteroEffect } from "../../proof/local/dintero/dintero-fault.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { BODY_CANARY, TOKEN_CANARY } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import { TestClock } from "../support/test-clock.ts";
import {
  ACCOUNT_ID,
  BASIC,
  CREDENTIALS,
  failedRequest,
  requestToken,
  START_MS,
} from "./token-request.ts";

const PARTNER_ID = "P123";

let dintero: DinteroStandIn;

beforeEach(async () => {
  dintero = await DinteroStandIn.start({ now: () => START_MS, lifetimeSeconds: 14_400 });
  dintero.setCredentials(ACCOUNT_ID, CREDENTIALS);
  dintero.setCredentials(PARTNER_ID, CREDENTIALS);
});
afterEach(() => dintero.close());

describe("The request", () => {
  test.each([ACCOUNT_ID, PARTNER_ID])("for %s is as Dintero documents it.", async (accountId) => {
    await requestToken(dintero.origin, { accountId });

    expect(dintero.requests).toMatchObject([
      {
        method: "POST",
        path: `/v1/accounts/${accountId}/auth/token`,
        // The host that Dintero names in every audience, whatever the origin is.
        body: `{"grant_type":"client_credentials","audience":"https://api.dintero.com/v1/accounts/${accountId}"}`,
        headers: {
          host: new URL(dintero.origin).host,
          authorization: `Basic ${BASIC}`,
          "content-type": "application/json",
          accept: "application/json",
          "accept-encoding": "identity",
          "user-agent": `dintero-token-rotation/${PROJECT_VERSION}`,
          "dintero-system-name": "aws-lambda",
          "dintero-system-version": "nodejs24.x",
          "dintero-system-plugin-name": "dintero-token-rotation",
          "dintero-system-plugin-version": PROJECT_VERSION,
        },
      },
    ]);
  });

  test("gives the token, and its lifetime counts from the moment before the request left.", async () => {
    const clock = new TestClock(START_MS);
    fault({
      reply: (reply) => {
        clock.nowMs += 60_000;
        return reply;
      },
    });

    expect(await requestToken(dintero.origin, { clock })).toEqual({
      accessToken: dintero.requests[0]?.token,
      issuedAtMs: START_MS,
      expiresAtMs: START_MS + 14_400_000,
    });
    expect(clock.sleepsMs).toEqual([]);
    expect(clock.timeouts).toMatchObject([{ durationMs: ATTEMPT_TIMEOUT_MS }]);
  });
});

test.each([301, 302, 303, 307, 308])(
  "A redirect with status %d is not followed.",
  async (status) => {
    const target = await DinteroStandIn.start({ now: () => START_MS });
    try {
      target.setCredentials(ACCOUNT_ID, CREDENTIALS);
      const location = `${target.origin}/v1/accounts/${ACCOUNT_ID}/auth/token`;
      fault({ status, headers: { location }, body: BODY_CANARY });

      const { code, message } = await failedRequest(dintero.origin);

      expect(code).toBe("bad-reply");
      expectMessage(message, { names: [`${status}`, "DINTERO_API_ORIGIN"] });
      expect(dintero.requests).toHaveLength(1);
      expect(target.requests).toEqual([]);
    } finally {
      await target.close();
    }
  },
);

describe("A status other than 200", () => {
  // What the reader is to look at, if it has a name.
  const CHECK_ORIGIN = ["200", "DINTERO_API_ORIGIN"];

  test.each([
    [201, "bad-reply", 1, CHECK_ORIGIN],
    [202, "bad-reply", 1, CHECK_ORIGIN],
    [204, "bad-reply", 1, CHECK_ORIGIN],
    [206, "bad-reply", 1, CHECK_ORIGIN],
    [300, "bad-reply", 1, CHECK_ORIGIN],
    [304, "bad-reply", 1, CHECK_ORIGIN],
    [399, "bad-reply", 1, CHECK_ORIGIN],
    [400, "request-rejected", 1, []],
    [401, "credentials-rejected", 1, []],
    [403, "credentials-rejected", 1, []],
    [404, "request-rejected", 1, []],
    [408, "unavailable", MAX_ATTEMPTS, []],
    [421, "request-rejected", 1, []],
    [425, "unavailable", MAX_ATTEMPTS, []],
    [429, "rate-limited", MAX_ATTEMPTS, []],
    [499, "request-rejected", 1, []],
    [500, "unavailable", MAX_ATTEMPTS, []],
    [502, "unavailable", MAX_ATTEMPTS, []],
    [503, "unavailable", MAX_ATTEMPTS, []],
    [504, "unavailable", MAX_ATTEMPTS, []],
    [599, "unavailable", MAX_ATTEMPTS, []],
  ])("%d in Dintero's form is %s after %d attempts.", async (status, code, attempts, names) => {
    // A right reply but for its status, with all that must not be repeated.
    const body = { access_token: TOKEN_CANARY, token_type: "Bearer", expires_in: 60 };
    fault({ status, body: JSON.stringify({ ...body, error: { message: BODY_CANARY } }) });

    const failure = await failedRequest(dintero.origin);

    expect(failure.code).toBe(code);
    expectMessage(failure.message, { names: [`${status}`, ...names] });
    expect(dintero.requests).toHaveLength(attempts);
  });

  test("in another form does not count as Dintero's answer, and there is one attempt.", async () => {
    fault({ status: 404, body: "default backend - 404" });
    expect(await failedRequest(dintero.origin)).toMatchObject({ code: "unavailable" });
    expect(dintero.requests).toHaveLength(1);
  });
});

test("Credentials that Dintero does not know are rejected at the first attempt.", async () => {
  dintero.setCredentials(ACCOUNT_ID, { ...CREDENTIALS, client_secret: "another" });
  expect(await failedRequest(dintero.origin)).toMatchObject({ code: "credentials-rejected" });
  expect(dintero.requests).toHaveLength(1);
});

test("After an unusable reply there is no other attempt, and its fault is reported.", async () => {
  fault({ reply: () => ({ access_token: TOKEN_CANARY, token_type: "mac", expires_in: 60 }) });
  const { code, message } = await failedRequest(dintero.origin);
  expect(code).toBe("bad-reply");
  expectMessage(message, { names: ["token_type"], without: ["access_token", "expires_in"] });
  expect(dintero.requests).toHaveLength(1);
});

test.each([
  ["an HTML page", `<html>${BODY_CANARY}</html>`],
  ["half of a reply", `{"access_token":"${TOKEN_CANARY}`],
  ["nothing", ""],
])("A reply with %s is refused.", async (_, body) => {
  fault({ body });
  const { code, message } = await failedRequest(dintero.origin);
  expect(code).toBe("bad-reply");
  expectMessage(message, { names: ["JSON"] });
  expect(dintero.requests).toHaveLength(1);
});

function fault(effect: DinteroEffect): void {
  dintero.addFault({ effect });
}
