import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  ATTEMPT_TIMEOUT_MS,
  MAX_ATTEMPTS,
  MAX_RETRY_AFTER_MS,
  tokenRetryDelayMs,
} from "../../lambda/dintero.ts";
import type { DinteroEffect } from "../../proof/local/dintero/dintero-fault.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { expectMessage } from "../support/expect-message.ts";
import { TestClock } from "../support/test-clock.ts";
import {
  ACCOUNT_ID,
  CREDENTIALS,
  failedRequest,
  failureOf,
  postWithCallAtHead,
  requestToken,
  START_MS,
} from "./token-request.ts";

const LIMIT_SECONDS = MAX_RETRY_AFTER_MS / 1000;
const JUST_BELOW_1 = 1 - Number.EPSILON / 2;

let dintero: DinteroStandIn;
let clock: TestClock;

beforeEach(async () => {
  clock = new TestClock(START_MS);
  dintero = await DinteroStandIn.start({ now: () => clock.nowMs, lifetimeSeconds: 60 });
  dintero.setCredentials(ACCOUNT_ID, CREDENTIALS);
});
afterEach(() => dintero.close());

describe("Between the attempts", () => {
  test.each([
    [0, [0, 0]],
    [0.5, [500, 1_000]],
    [JUST_BELOW_1, [1_000 * JUST_BELOW_1, 2_000 * JUST_BELOW_1]],
  ])("the wait has full jitter and doubles: random %d waits %j.", async (random, sleepsMs) => {
    fault({ status: 500 });
    await failedRequest(dintero.origin, { clock, random: () => random });
    expect(clock.sleepsMs).toEqual(sleepsMs);
  });

  test("each wait has its own random number.", async () => {
    const draws = [0.25, 0.75];
    fault({ status: 500 });
    await failedRequest(dintero.origin, { clock, random: () => draws.shift() ?? Number.NaN });
    expect(clock.sleepsMs).toEqual([250, 1_500]);
  });

  test("each attempt has its own time-out.", async () => {
    fault({ status: 500 });
    await failedRequest(dintero.origin, { clock });
    expect(clock.timeouts.map(({ durationMs }) => durationMs)).toEqual(
      Array(MAX_ATTEMPTS).fill(ATTEMPT_TIMEOUT_MS),
    );
  });

  test("there is no wait after a final failure.", async () => {
    fault({ status: 400, headers: { "retry-after": "1" } });
    await failedRequest(dintero.origin, { clock });
    expect(clock.sleepsMs).toEqual([]);
  });
});

describe.each([408, 429, 500, 503])("After status %d, a Retry-After", (status) => {
  test.each([
    ["0", [500, 1_000]],
    ["1", [1_000, 1_000]],
    ["2", [2_000, 2_000]],
    [`${LIMIT_SECONDS}`, [MAX_RETRY_AFTER_MS, MAX_RETRY_AFTER_MS]],
    [httpDate(LIMIT_SECONDS), [MAX_RETRY_AFTER_MS, 1_000]],
    [httpDate(-10), [500, 1_000]],
    ["-5", [500, 1_000]],
    ["soon", [500, 1_000]],
  ])("of %s waits %j.", async (retryAfter, sleepsMs) => {
    fault({ status, headers: { "retry-after": retryAfter } });
    await failedRequest(dintero.origin, { clock, random: () => 0.5 });
    expect(clock.sleepsMs).toEqual(sleepsMs);
    expect(dintero.requests).toHaveLength(3);
  });

  test.each([
    `${LIMIT_SECONDS + 1}`,
    "86400",
    "99999999999999999999",
    "9".repeat(400),
    httpDate(LIMIT_SECONDS + 1),
  ])("of %s ends the attempts, because no check may wait that long.", async (retryAfter) => {
    fault({ status, headers: { "retry-after": retryAfter } });
    const { code } = await failedRequest(dintero.origin, { clock });
    expect(code).toBe(status === 429 ? "rate-limited" : "unavailable");
    expect(clock.sleepsMs).toEqual([]);
    expect(dintero.requests).toHaveLength(1);
  });
});

describe.each([429, 503])("A Retry-After of an hour, with status %d,", (status) => {
  const HOUR_MS = 3_600_000;
  const pauses = new Map<string, number>();
  const ask = (patientUntilMs: number) =>
    failedRequest(dintero.origin, { clock, pauses, patientUntilMs });
  beforeEach(async () => {
    pauses.clear();
    fault({ status, headers: { "retry-after": "3600" } });
    await ask(0);
    dintero.requests.length = 0;
  });

  test("is honoured by later checks, as long as the token allows it.", async () => {
    clock.nowMs += HOUR_MS - 1;
    const { code, message } = await failureOf(
      requestToken(dintero.origin, { clock, pauses, patientUntilMs: START_MS + 9 * HOUR_MS }),
    );
    expect(code).toBe("rate-limited");
    expectMessage(message, { names: [ACCOUNT_ID, new Date(START_MS + HOUR_MS).toISOString()] });
    expect(dintero.requests).toEqual([]);
    clock.nowMs += 1;
    await ask(START_MS + 9 * HOUR_MS);
    expect(dintero.requests).toHaveLength(1);
  });

  test("is not honoured when the token is needed sooner, nor for another account.", async () => {
    clock.nowMs += 60_000;
    await ask(0);
    await ask(clock.nowMs);
    expect(dintero.requests).toHaveLength(2);
    const other = { accountId: "P123", clock, pauses, patientUntilMs: START_MS + 9 * HOUR_MS };
    await failureOf(requestToken(dintero.origin, other));
    expect(dintero.requests).toHaveLength(3);
  });

  test("that never ends is honoured until the token is at risk.", async () => {
    fault({ status, headers: { "retry-after": "9".repeat(400) } });
    pauses.set(ACCOUNT_ID, Number.POSITIVE_INFINITY);
    const patientUntilMs = START_MS + HOUR_MS;
    const { message } = await failureOf(
      requestToken(dintero.origin, { clock, pauses, patientUntilMs }),
    );
    expectMessage(message, { names: [new Date(patientUntilMs).toISOString()] });
  });
});

test("A Retry-After that is a date counts from the moment of the answer.", async () => {
  fault({ status: 503, headers: { "retry-after": httpDate(LIMIT_SECONDS + 1) } });
  const advance = postWithCallAtHead(() => {
    clock.nowMs += 4_000;
  });
  await failedRequest(dintero.origin, { clock, post: advance });
  // The second answer comes 4 s after the date.
  expect(clock.sleepsMs).toEqual([MAX_RETRY_AFTER_MS + 1_000 - 4_000, 0]);
});

test.each([
  [1, 0, 0.5, 500],
  [2, 0, 0.5, 1_000],
  [3, 0, 0.5, 2_000],
  [1, 499, 0.5, 500],
  [1, 501, 0.5, 501],
  [1, MAX_RETRY_AFTER_MS, 0, MAX_RETRY_AFTER_MS],
  [1, MAX_RETRY_AFTER_MS + 1, 0, undefined],
  [1, Number.POSITIVE_INFINITY, 0, undefined],
])(
  "After attempt %d, a Retry-After of %d ms and random %d wait %j ms.",
  (attempt, retryAfterMs, random, delayMs) => {
    expect(tokenRetryDelayMs(attempt, retryAfterMs, () => random)).toBe(delayMs);
  },
);

describe("A fault that ends by itself", () => {
  const EFFECTS: DinteroEffect[] = [
    { status: 408 },
    { status: 429 },
    { status: 500 },
    { status: 503, headers: { "retry-after": "2" } },
    { cut: "headers" },
    { cut: "body" },
  ];

  test.each(EFFECTS)("after one attempt is not noticed: %j.", async (effect) => {
    dintero.addFault({ effect, times: 1 });
    const token = await requestToken(dintero.origin, { clock, random: () => 0.5 });
    expect(dintero.requests).toHaveLength(2);
    expect(token).toEqual(tokenOfRequest(1));
    expect(clock.sleepsMs).toHaveLength(1);
  });

  test.each(EFFECTS)("after two attempts is not noticed: %j.", async (effect) => {
    dintero.addFault({ effect, times: 2 });
    const token = await requestToken(dintero.origin, { clock, random: () => 0.5 });
    expect(dintero.requests).toHaveLength(3);
    expect(token).toEqual(tokenOfRequest(2));
    expect(clock.sleepsMs).toHaveLength(2);
  });

  test.each(EFFECTS)("after three attempts is a failure: %j.", async (effect) => {
    dintero.addFault({ effect, times: 3 });
    await failedRequest(dintero.origin, { clock });
    expect(dintero.requests).toHaveLength(3);
  });

  /** The token of the attempt that succeeded, dated by the moment before that attempt. */
  function tokenOfRequest(index: number) {
    const waitedMs = clock.sleepsMs.reduce((sum, sleepMs) => sum + sleepMs, 0);
    const issuedAtMs = START_MS + waitedMs;
    return {
      accessToken: dintero.requests[index]?.token,
      issuedAtMs,
      // The stand-in's JWT is dated in whole seconds, and its `exp` counts where it is earlier.
      expiresAtMs: issuedAtMs - (issuedAtMs % 1000) + 60_000,
    };
  }
});

describe("The last failure is the one that is reported", () => {
  test.each([
    [429, 400, "request-rejected", 2],
    [500, 401, "credentials-rejected", 2],
    [500, 201, "bad-reply", 2],
    [500, 429, "rate-limited", 3],
    [429, 500, "unavailable", 3],
  ])("of status %d and then %d: %s.", async (first, then, code, attempts) => {
    dintero.addFault({ effect: { status: first }, times: 1 });
    fault({ status: then });
    expect(await failedRequest(dintero.origin, { clock })).toMatchObject({ code });
    expect(dintero.requests).toHaveLength(attempts);
  });
});

describe("An account whose time is up", () => {
  // Of the account, and not of an attempt, which is told in milliseconds.
  const USED_UP = { without: [" ms", "("] };

  test("before the request makes no request.", async () => {
    const failure = await failedRequest(dintero.origin, { clock, signal: AbortSignal.abort() });
    expect(failure.code).toBe("unavailable");
    expectMessage(failure.message, USED_UP);
    expect(dintero.requests).toEqual([]);
    expect(clock.sleepsMs).toEqual([]);
    expect(clock.timeouts).toHaveLength(1);
  });

  test("during an attempt ends it, and no other attempt follows.", async () => {
    const account = new AbortController();
    fault({ hang: "body" });
    const failure = await failedRequest(dintero.origin, {
      clock,
      post: postWithCallAtHead(() => account.abort()),
      signal: account.signal,
    });
    expect(failure.code).toBe("unavailable");
    expectMessage(failure.message, USED_UP);
    expect(dintero.requests).toHaveLength(1);
    expect(clock.sleepsMs).toEqual([]);
  });

  test.each([
    [{ status: 429 }, "rate-limited", "429"],
    [{ status: 503 }, "unavailable", "503"],
    [{ cut: "headers" }, "unavailable", "ECONNRESET"],
  ] satisfies [DinteroEffect, string, string][])(
    "during a wait fails with the error before the wait: %j.",
    async (effect, code, named) => {
      const account = new AbortController();
      clock.onSleep = () => account.abort();
      fault(effect);
      const failure = await failedRequest(dintero.origin, { clock, signal: account.signal });
      expect(failure.code).toBe(code);
      expectMessage(failure.message, { names: [named] });
      expect(dintero.requests).toHaveLength(1);
    },
  );
});

function httpDate(secondsAhead: number): string {
  return new Date(START_MS + secondsAhead * 1000).toUTCString();
}

function fault(effect: DinteroEffect): void {
  dintero.addFault({ effect });
}
