/**
 * What each sample that uses a library has to do, whatever its language. Played by
 * `run-samples.ts`, each case in a new process of the sample.
 */
import assert from "node:assert/strict";
import { tokenParameterName } from "../../lambda/contract.ts";
import type { SampleProcess } from "./sample-process.ts";
import { ACCOUNT_ID, type SampleWorld } from "./sample-world.ts";

/** The samples that they are for. */
export const LIBRARY_SAMPLES: readonly string[] = [
  "powertools.ts",
  "sdk.ts",
  "powertools_sample.py",
  "boto3_sample.py",
];

export interface LibraryCase {
  readonly title: string;
  readonly play: (sample: SampleProcess, world: SampleWorld) => Promise<void>;
}

const PATH = "/v1/sessions/T12345678.session";
const GOOD = { status: 200, body: { id: "T12345678.session" } };
const READ = { Name: tokenParameterName(ACCOUNT_ID), WithDecryption: true };

export const LIBRARY_CASES: readonly LibraryCase[] = [
  {
    title: "calls Dintero with the stored token",
    async play(sample, world) {
      const token = await world.renewToken();
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.deepEqual(world.checkout.tokensSeen, [token]);
      assert.deepEqual(world.tokenReads, [READ]);
    },
  },
  {
    title: "reads it again after 5 minutes, and not before",
    async play(sample, world) {
      const first = await world.renewToken();
      await sample.call(PATH);
      const second = await world.renewToken();
      world.clock.offsetMs = 295_000;
      await sample.call(PATH);
      assert.equal(world.tokenReads.length, 1);
      world.clock.offsetMs = 305_000;
      await sample.call(PATH);
      assert.deepEqual(world.checkout.tokensSeen, [first, first, second]);
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "after a 401 reads once more and tries once more, and keeps what it read",
    async play(sample, world) {
      const first = await world.renewToken();
      await sample.call(PATH);
      world.checkout.accepted.clear();
      const second = await world.renewToken();
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.deepEqual(world.checkout.tokensSeen, [first, first, second, second]);
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "gives up after the second 401",
    async play(sample, world) {
      const token = await world.renewToken();
      world.checkout.accepted.clear();
      const { status } = await sample.call(PATH);
      assert.equal(status, 401);
      assert.deepEqual(world.checkout.tokensSeen, [token, token]);
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "passes on other answers of Dintero's as they are",
    async play(sample, world) {
      await world.renewToken();
      const { status } = await sample.call("/v1/unknown");
      assert.equal(status, 404);
      assert.deepEqual([world.checkout.tokensSeen.length, world.tokenReads.length], [1, 1]);
    },
  },
  {
    title: "tells of a missing parameter by its name, and works once it is there",
    async play(sample, world) {
      const { error } = await sample.call(PATH);
      assert.match(
        error ?? "",
        /: No Dintero token at \/dintero\/T12345678\/access-token: no cred/,
      );
      assert.deepEqual([world.checkout.tokensSeen.length, world.tokenReads.length], [0, 1]);
      await world.renewToken();
      assert.deepEqual(await sample.call(PATH), GOOD);
    },
  },
  {
    title: "does not call a token missing that it may not read",
    async play(sample, world) {
      await world.renewToken();
      world.aws.addFault({
        operation: "GetParameter",
        effect: { error: "AccessDeniedException", message: "not authorized to perform it" },
      });
      const { error } = await sample.call(PATH);
      assert.match(error ?? "", /not authorized to perform it/);
      assert.doesNotMatch(error ?? "", /No Dintero token/);
      assert.equal(world.checkout.tokensSeen.length, 0);
    },
  },
];
