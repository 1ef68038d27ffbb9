/** What holds for any sequence of faults, edits and overlapping checks. The seed is fixed. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { RotationError } from "../../lambda/errors.ts";
import { ACCOUNT_TIMEOUT_MS, CONCURRENCY, reconcile } from "../../lambda/reconcile.ts";
import { tokenFingerprint } from "../../lambda/token-fingerprint.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { DinteroModel } from "../../proof/simulation/dintero-model.ts";
import { createRandom } from "../../proof/simulation/random.ts";
import { SecretsModel } from "../../proof/simulation/secrets-model.ts";
import { StoreModel } from "../../proof/simulation/store-model.ts";
import { VirtualTime } from "../../proof/simulation/virtual-time.ts";
import { START_MS } from "../../proof/simulation/world.ts";
import { ACCOUNT_IDS, anyStory, EDITED, Stage } from "./stage.ts";

const RUNS = { seed: 20_260_101, numRuns: 400 } as const;

describe("For any sequence of faults, edits and overlapping checks", () => {
  test("the store holds only what Dintero issued for that account, or what a person wrote", () =>
    fc.assert(
      fc.asyncProperty(anyStory, async (story) => {
        const stage = new Stage(story);
        await stage.playStory();
        for (const { accountId, value } of stage.changes) {
          if (value === undefined || value === EDITED) continue;
          expect(stage.issued.get(value)).toBe(accountId);
        }
      }),
      RUNS,
    ));

  test("the next good check leaves each account with a working token and its own status", () =>
    fc.assert(
      fc.asyncProperty(anyStory, async (story) => {
        const stage = new Stage(story);
        await stage.playStory();
        stage.fix();
        for (const { result, tokenFingerprint: reported } of await stage.check()) {
          const { accountId } = result;
          expect(["fresh", "renewed"]).toContain(result.outcome);
          expect(stage.store.agrees(accountId)).toBe(true);
          const token = stage.heldToken(accountId);
          expect(tokenFingerprint(token ?? "none")).toBe(reported);
          // Virtual time knows parts of a millisecond, a status does not.
          const expiresAtMs = Math.floor(stage.dintero.issued(token ?? "none")?.expiresAtMs ?? 0);
          expect(new Date(expiresAtMs).toISOString()).toBe(result.expiresAt);
        }
      }),
      RUNS,
    ));

  test("a check after a good one finds nothing due, sends no request and writes nothing", () =>
    fc.assert(
      fc.asyncProperty(anyStory, async (story) => {
        const stage = new Stage(story);
        await stage.playStory();
        // With new credentials everywhere, so that no token comes of age before the next check.
        stage.fix(ACCOUNT_IDS);
        await stage.check();
        const before = [stage.dintero.requests, stage.changes.length];
        const reports = await stage.check();
        expect(reports.map(({ result }) => result.outcome)).toEqual(reports.map(() => "fresh"));
        expect([stage.dintero.requests, stage.changes.length]).toEqual(before);
      }),
      RUNS,
    ));
});

describe("For any accounts whose requests hang", () => {
  test("no other account waits longer than five accounts at a time need", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async (hanging) => {
        const endedAfterMs = await playHanging(hanging);
        const hangs = hanging.filter((it) => it).length;
        for (const [index, ms] of endedAfterMs.entries()) {
          const before = hanging.slice(0, index).filter((it) => it).length;
          const waitedMs = Math.floor(before / CONCURRENCY) * ACCOUNT_TIMEOUT_MS;
          expect(ms).toBe(waitedMs + (hanging[index] ? ACCOUNT_TIMEOUT_MS : 0));
        }
        expect(Math.max(...endedAfterMs)).toBe(Math.ceil(hangs / CONCURRENCY) * ACCOUNT_TIMEOUT_MS);
      }),
      RUNS,
    ));
});

/** One check of new accounts; after how long each one's turn was over, in milliseconds. */
async function playHanging(hanging: readonly boolean[]): Promise<number[]> {
  const time = new VirtualTime(START_MS);
  const random = createRandom(1);
  const lifetimeSeconds = 86_400;
  const isFaulty = () => false;
  const dintero = new DinteroModel({ time, random, isFaulty, lifetimeSeconds, faultRate: 0 });
  const secrets = new SecretsModel(isFaulty);
  const store = new StoreModel({
    time,
    // No operation takes long.
    random: { ...random, chance: () => false },
    isFaulty,
    staleRate: 0,
    onTokenChange: () => undefined,
  });
  const accountIds = accountIdsOf(hanging.length);
  for (const accountId of accountIds) secrets.store(accountId, "good");
  const endedAfterMs = new Map<string, number>();
  const check = () =>
    reconcile(
      { accountIds, force: false },
      {
        clock: time,
        credentials: secrets.source,
        tokenEndpoint: {
          requestToken: async (accountId, credentials, signal, ...rest) => {
            if (!hanging[accountIds.indexOf(accountId)]) {
              return dintero.endpoint.requestToken(accountId, credentials, signal, ...rest);
            }
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
            throw new RotationError("unavailable", "No answer.");
          },
        },
        tokenStore: store.forInstance({ isDead: false }),
        encryptionKey: { state: async () => "Enabled" },
        keyId: "key",
        onReport: ({ result }) => endedAfterMs.set(result.accountId, time.now() - START_MS),
      },
    );
  const checked = new Promise((resolve) => {
    time.at(START_MS, () => resolve(check()));
  });
  await time.runUntil(START_MS + 10 * ACCOUNT_TIMEOUT_MS);
  await checked;
  return accountIds.map((accountId) => endedAfterMs.get(accountId) ?? Number.NaN);
}
