import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { createTokenEndpoint } from "../../lambda/dintero.ts";
import { RotationError } from "../../lambda/errors.ts";
import { anyHostileReply } from "./hostile-reply.ts";
import { renewAgainst } from "./renew-against.ts";
import { violationsOf } from "./safety-judge.ts";

const SEED = 5;
const REPLIES = 300;

test("No reply is stored wrongly, quoted, followed, or read without a limit of size and time.", async () => {
  let stored = 0;
  await fc.assert(
    fc.asyncProperty(anyHostileReply, async (reply) => {
      const observed = await renewAgainst(reply);
      expect(violationsOf(reply, observed)).toEqual([]);
      stored += observed.writes.length;
    }),
    { seed: SEED, numRuns: REPLIES },
  );
  // A client that stores nothing would be as safe, and so would replies that are all broken.
  expect(stored).toBeGreaterThan(REPLIES / 10);
  expect(stored).toBeLessThan(REPLIES / 2);
}, 120_000);

type CreateEndpoint = typeof createTokenEndpoint;

const takesAnyStatus: CreateEndpoint = ({ post, ...others }) =>
  createTokenEndpoint({
    ...others,
    post: async (...request) => Object.assign(await post(...request), { statusCode: 200 }),
  });

const followsRedirects: CreateEndpoint = ({ post, ...others }) =>
  createTokenEndpoint({
    ...others,
    post: async (url, request) => {
      const reply = await post(url, request);
      const { location } = reply.headers;
      return location === undefined ? reply : post(new URL(location, url), request);
    },
  });

/** It also reads all of each body first. */
const quotesBodies: CreateEndpoint = ({ post, ...others }) => {
  let body = "";
  const endpoint = createTokenEndpoint({
    ...others,
    post: async (...request) => {
      const reply = await post(...request);
      const { statusCode, headers } = reply;
      body = await text(reply);
      return Object.assign(Readable.from([Buffer.from(body)]), { statusCode, headers });
    },
  });
  return {
    requestToken: (...request) =>
      endpoint.requestToken(...request).catch(() => {
        throw new RotationError("bad-reply", `It cannot be used: ${body.slice(0, 100)}`);
      }),
  };
};

test.each<[string, CreateEndpoint, string[]]>([
  ["takes any status", takesAnyStatus, ["stored what it must not"]],
  ["follows redirects", followsRedirects, ["made another request"]],
  ["quotes bodies, all of which it reads", quotesBodies, ["quoted a secret", "read too much"]],
])("A client that %s is caught.", async (_, createEndpoint, expected) => {
  const violations: string[] = [];
  for (const reply of fc.sample(anyHostileReply, { seed: SEED, numRuns: REPLIES })) {
    violations.push(...violationsOf(reply, await renewAgainst(reply, createEndpoint)));
  }
  expect(violations).toEqual(expect.arrayContaining(expected));
});
