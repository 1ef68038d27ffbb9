import { text } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import {
  createTokenEndpoint,
  type TokenEndpoint,
  type TokenEndpointDependencies,
} from "../../lambda/dintero.ts";
import { RotationError } from "../../lambda/errors.ts";
import { post } from "../../lambda/post.ts";
import type { IssuedToken } from "../../lambda/token-reply.ts";
import { runHostileReplies } from "./hostile-replies.ts";
import "../support/node-errors.ts";

const SEED = 5;

describe("Hostile replies", () => {
  test("neither write, leak nor hang, and sound ones have the one right outcome", async () => {
    const report = await runHostileReplies({ cases: 300, seed: SEED });
    expect(report.violations).toEqual([]);
    expect(Object.keys(report.refused)).toEqual(
      expect.arrayContaining(["bad-reply", "unavailable"]),
    );
    expect(report.accepted).toBeGreaterThan(30);
    const refused = Object.values(report.refused).reduce((sum, count) => sum + count, 0);
    expect(refused + report.accepted).toBe(300);
  }, 60_000);

  test("are the same for the same seed, others for another, and counted as they are done", async () => {
    const done: number[] = [];
    const first = await runHostileReplies({
      cases: 25,
      seed: 8,
      onCase: (count) => done.push(count),
    });
    const again = await runHostileReplies({ cases: 25, seed: 8 });
    const other = await runHostileReplies({ cases: 25, seed: 9 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(first));
    expect(done).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
  }, 60_000);
});

describe("A client is caught that", () => {
  const broken: readonly [string, BrokenClient, string][] = [
    ["takes any token", takeAnyToken, "write of what the rules refuse"],
    ["believes in a longer life", lengthen, "expiry later than the reply says"],
    ["refuses good replies", refuseAll, "bad-reply where accepted is right"],
    ["quotes the reply", quote, "leak"],
    ["throws another error", throwOther, "outcome unexpected"],
    ["asks again after a bad reply", askAgain, "asked again after a bad reply"],
    ["asks too often", askOften, "more requests than allowed"],
    ["waits as long as it is told to", waitLong, "long wait"],
  ];

  test.each(broken)(
    "%s",
    async (_, requestToken, kind) => {
      const report = await runHostileReplies({
        cases: 40,
        seed: SEED,
        createEndpoint: (dependencies) => ({
          requestToken: (...request) => requestToken(dependencies, request),
        }),
      });
      expect(report.violations.map((violation) => violation.kind)).toContain(kind);
    },
    60_000,
  );
});

type RequestArguments = Parameters<TokenEndpoint["requestToken"]>;
type BrokenClient = (
  dependencies: TokenEndpointDependencies,
  request: RequestArguments,
) => Promise<IssuedToken>;

async function takeAnyToken({ origin, clock }: TokenEndpointDependencies): Promise<IssuedToken> {
  const reply = await replyOf(origin);
  const accessToken = /"access_token":"([^"]*)"/.exec(reply)?.[1];
  if (accessToken === undefined) throw new RotationError("bad-reply", "There is no token.");
  const issuedAtMs = clock.now();
  return { accessToken, issuedAtMs, expiresAtMs: issuedAtMs + 1000 };
}

async function lengthen(
  dependencies: TokenEndpointDependencies,
  request: RequestArguments,
): Promise<IssuedToken> {
  const token = await createTokenEndpoint(dependencies).requestToken(...request);
  return { ...token, expiresAtMs: token.expiresAtMs + 1 };
}

async function refuseAll(): Promise<IssuedToken> {
  throw new RotationError("bad-reply", "It cannot be used.");
}

async function quote({ origin }: TokenEndpointDependencies): Promise<IssuedToken> {
  throw new RotationError(
    "bad-reply",
    `It cannot be used: ${(await replyOf(origin)).slice(0, 200)}`,
  );
}

async function throwOther(): Promise<IssuedToken> {
  throw new TypeError("It cannot be read.");
}

async function askAgain(
  dependencies: TokenEndpointDependencies,
  request: RequestArguments,
): Promise<IssuedToken> {
  const endpoint = createTokenEndpoint(dependencies);
  return endpoint.requestToken(...request).catch(() => endpoint.requestToken(...request));
}

async function askOften(
  dependencies: TokenEndpointDependencies,
  request: RequestArguments,
): Promise<IssuedToken> {
  for (let times = 0; times < 4; times += 1) await replyOf(dependencies.origin);
  return createTokenEndpoint(dependencies).requestToken(...request);
}

async function waitLong(
  { clock }: TokenEndpointDependencies,
  [, , signal]: RequestArguments,
): Promise<IssuedToken> {
  await clock.sleep(10_001, signal);
  throw new RotationError("unavailable", "It waited in vain.");
}

/** The reply's text as far as it can be had; these clients need not meet silence well. */
async function replyOf(origin: string): Promise<string> {
  const signal = AbortSignal.timeout(200);
  return post(new URL(origin), { headers: {}, body: "", signal })
    .then(text)
    .catch(() => "");
}
