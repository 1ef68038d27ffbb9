/**
 * What each sample that uses a library has to do, whatever its language. Played by
 * `run-samples.ts`, each case in a new process of the sample.
 */
import assert from "node:assert/strict";
import { tokenParameterName } from "../../lambda/contract.ts";
import { OTHER_REGION, writeAmbientFiles } from "./ambient-files.ts";
import type { SampleProcess } from "./sample-process.ts";
import { ACCOUNT_ID, type SampleWorld } from "./sample-world.ts";

/** The samples that use a library. */
export const LIBRARY_SAMPLES: readonly string[] = [
  "sdk.ts",
  "powertools.ts",
  "boto3_sample.py",
  "powertools_sample.py",
];

/** Those for services that call Dintero all the time. */
const BUSY_SAMPLES: readonly string[] = ["sdk.ts", "boto3_sample.py"];

export interface LibraryCase {
  readonly title: string;
  /** Before the sample is loaded. */
  readonly prepare?: (world: SampleWorld) => Promise<void>;
  readonly play: (sample: SampleProcess, world: SampleWorld) => Promise<void>;
}

const PATH = "/v1/sessions/T12345678.session";
const GOOD = { status: 200, body: { id: "T12345678.session" } };
const READ = { Name: tokenParameterName(ACCOUNT_ID), WithDecryption: true };

/** How many calls make a crowd. */
const CROWD = 20;

const CASES: readonly LibraryCase[] = [
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
    title: "minds no netrc, and no Region but the stack's",
    async prepare(world) {
      await writeAmbientFiles(world.home);
      world.ambient = { ...OTHER_REGION };
    },
    async play(sample, world) {
      const token = await world.renewToken();
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.deepEqual(world.checkout.tokensSeen, [token]);
    },
  },
  {
    title: "calls the origin that it is given",
    async prepare(world) {
      world.ambient = {
        DINTERO_ORIGIN: "http://127.0.0.1:9",
        SAMPLE_ORIGIN: world.checkout.origin,
      };
    },
    async play(sample, world) {
      await world.renewToken();
      assert.deepEqual(await sample.call(PATH), GOOD);
    },
  },
  {
    title: "reads again after a 401 though somebody set the clock back",
    async play(sample, world) {
      await world.renewToken();
      world.checkout.accepted.clear();
      assert.equal((await sample.call(PATH)).status, 401);
      // As far as AWS puts up with it.
      world.clock.setBackMs = 4 * 60_000;
      world.clock.offsetMs = 15_000;
      const second = await world.renewToken();
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.equal(world.checkout.tokensSeen.at(-1), second);
    },
  },
  {
    title: "has success after its machine was suspended for longer than the token lived",
    async play(sample, world) {
      await world.renewToken();
      await sample.call(PATH);
      world.clock.offsetMs = 25 * 3_600_000;
      world.clock.suspendedMs = world.clock.offsetMs;
      world.checkout.accepted.clear();
      const second = await world.renewToken();
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.equal(world.checkout.tokensSeen.at(-1), second);
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
      const first = await world.renewToken();
      await sample.call(PATH);
      const second = await world.renewToken();
      world.checkout.accepted.clear();
      const { status } = await sample.call(PATH);
      assert.equal(status, 401);
      assert.deepEqual(world.checkout.tokensSeen, [first, first, second]);
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "does not send the token again that Dintero has just refused",
    async play(sample, world) {
      const token = await world.renewToken();
      await sample.call(PATH);
      world.checkout.accepted.clear();
      const { status } = await sample.call(PATH);
      assert.equal(status, 401);
      assert.deepEqual(world.checkout.tokensSeen, [token, token]);
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "does not wait for a Parameter Store that is silent",
    async play(sample, world) {
      await world.renewToken();
      world.aws.addFault({ operation: "GetParameter", times: 1, effect: { hang: true } });
      assert.deepEqual(await sample.call(PATH), GOOD);
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
      world.clock.offsetMs = 11_000;
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

const BUSY_CASES: readonly LibraryCase[] = [
  {
    title: "shares one read among all calls that need it",
    async play(sample, world) {
      await world.renewToken();
      assert.deepEqual(await sample.callAtOnce(PATH, CROWD), Array(CROWD).fill(GOOD));
      assert.deepEqual(world.tokenReads, [READ]);
      world.clock.offsetMs = 305_000;
      assert.deepEqual(await sample.callAtOnce(PATH, CROWD), Array(CROWD).fill(GOOD));
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "shares the failure of that read too, and reads again after 10 s",
    async play(sample, world) {
      const replies = await sample.callAtOnce(PATH, CROWD);
      assert.ok(replies.every(({ error }) => error?.includes("No Dintero token")));
      await world.renewToken();
      world.clock.offsetMs = 9_000;
      assert.notDeepEqual(await sample.call(PATH), GOOD);
      assert.deepEqual(world.tokenReads, [READ]);
      world.clock.offsetMs = 11_000;
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "shares one read among all calls that are refused, and sends each again",
    async play(sample, world) {
      await world.renewToken();
      await sample.call(PATH);
      world.checkout.accepted.clear();
      await world.renewToken();
      assert.deepEqual(await sample.callAtOnce(PATH, CROWD), Array(CROWD).fill(GOOD));
      assert.deepEqual(world.tokenReads, [READ, READ]);
    },
  },
  {
    title: "reads once in 10 s while Dintero refuses what it reads",
    async play(sample, world) {
      await world.renewToken();
      await sample.call(PATH);
      world.checkout.accepted.clear();
      const statuses = new Set<number | undefined>();
      for (const [offsetMs, reads] of [
        [0, 2],
        [9_000, 2],
        [11_000, 3],
        [20_000, 3],
        [22_000, 4],
      ] as const) {
        world.clock.offsetMs = offsetMs;
        for (const { status } of await sample.callAtOnce(PATH, CROWD)) statuses.add(status);
        assert.equal(world.tokenReads.length, reads);
      }
      assert.deepEqual(statuses, new Set([401]));
    },
  },
  {
    title: "goes on with the token that it holds while reads fail, and tries again after 10 s",
    async play(sample, world) {
      const first = await world.renewToken();
      await sample.call(PATH);
      // As where the key is disabled; no SDK repeats such a request by itself.
      const mend = world.aws.addFault({
        operation: "GetParameter",
        effect: { error: "InvalidKeyId" },
      });
      for (const [offsetMs, reads] of [
        [305_000, 2],
        [314_000, 2],
        [316_000, 3],
      ] as const) {
        world.clock.offsetMs = offsetMs;
        assert.deepEqual(await sample.call(PATH), GOOD);
        assert.equal(world.tokenReads.length, reads);
      }
      mend();
      const second = await world.renewToken();
      world.clock.offsetMs = 327_000;
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.deepEqual(world.checkout.tokensSeen, [first, first, first, first, second]);
    },
  },
  {
    title: "gives up a read that nothing answers, and does not read again at once",
    async play(sample, world) {
      await world.renewToken();
      await sample.call(PATH);
      world.aws.addFault({ operation: "GetParameter", effect: { hang: true } });
      world.clock.offsetMs = 305_000;
      assert.deepEqual(await sample.call(PATH), GOOD);
      const reads = world.tokenReads.length;
      assert.deepEqual(await sample.call(PATH), GOOD);
      assert.equal(world.tokenReads.length, reads);
    },
  },
  {
    title:
      "lets one call wait for the next read, and the others go on with the token that it holds",
    async play(sample, world) {
      const first = await world.renewToken();
      await sample.call(PATH);
      const second = await world.renewToken();
      world.aws.addFault({ operation: "GetParameter", times: 1, effect: { hang: true } });
      world.clock.offsetMs = 305_000;
      assert.deepEqual(await sample.callAtOnce(PATH, 3), [GOOD, GOOD, GOOD]);
      assert.deepEqual(world.checkout.tokensSeen, [first, first, first, second]);
    },
  },
];

/** What the sample of that name has to do. */
export function casesOf(sample: string): readonly LibraryCase[] {
  return BUSY_SAMPLES.includes(sample) ? [...CASES, ...BUSY_CASES] : CASES;
}
