/**
 * The models around real checks, moved by a story that fast-check makes up: faults that last, edits,
 * and checks that overlap, crash between any two operations and read what is stale. Closer than a `World`, which leaves overlaps and crashes to chance.
 */
import fc from "fast-check";
import { type AccountReport, reconcile } from "../../lambda/reconcile.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { MINUTE_MS } from "../../proof/durations.ts";
import { DinteroModel } from "../../proof/simulation/dintero-model.ts";
import { faultsOf, type Incident } from "../../proof/simulation/incidents.ts";
import { createRandom } from "../../proof/simulation/random.ts";
import { SecretsModel } from "../../proof/simulation/secrets-model.ts";
import { type Instance, StoreModel } from "../../proof/simulation/store-model.ts";
import { VirtualTime } from "../../proof/simulation/virtual-time.ts";
import { START_MS } from "../../proof/simulation/world.ts";

/** What a person writes over a token. */
export const EDITED = "edited by hand";

const STORY_MS = 12 * 60 * MINUTE_MS;
export const ACCOUNT_IDS = accountIdsOf(3);
const ACTS = [
  "secret-replaced",
  "secret-wrong",
  "secret-emptied",
  "token-edited",
  "token-deleted",
  "token-recreated",
  "key-replaced",
] as const;
const FAULTS = [
  "dintero-down",
  "dintero-rate-limits",
  "dintero-rejects",
  "dintero-same-token",
  "dintero-lifetime-4h",
  "ssm-down",
  "permission-read-lost",
  "permission-secret-lost",
  "permission-write-lost",
] as const;

const anyMomentMs = fc.integer({ min: 0, max: STORY_MS });
const anyStep = fc.oneof(
  fc.record({
    kind: fc.constant("checks" as const),
    atMs: anyMomentMs,
    /** When each begins after the first, and after how many operations it dies. */
    checks: fc.array(
      fc.record({
        delayMs: fc.integer({ min: 0, max: 5_000 }),
        diesAfter: fc.option(fc.integer({ min: 0, max: 10 }), { nil: Number.POSITIVE_INFINITY }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({
    kind: fc.constantFrom(...ACTS),
    atMs: anyMomentMs,
    accountId: fc.constantFrom(...ACCOUNT_IDS),
  }),
);
const anyFault = fc
  .tuple(fc.constantFrom(...FAULTS), anyMomentMs, anyMomentMs)
  .map(([kind, fromMs, lastsMs]) => ({ kind, fromMs: START_MS + fromMs, lastsMs }));

export const anyStory = fc.record({
  seed: fc.nat(),
  steps: fc.array(anyStep, { maxLength: 25 }),
  faults: fc.array(anyFault, { maxLength: 4 }),
});
type Story = typeof anyStory extends fc.Arbitrary<infer Value> ? Value : never;

export class Stage {
  readonly time = new VirtualTime(START_MS);
  readonly changes: { readonly accountId: string; readonly value: string | undefined }[] = [];
  /** The account that Dintero issued each token for. */
  readonly issued = new Map<string, string>();
  readonly dintero: DinteroModel;
  readonly secrets: SecretsModel;
  readonly store: StoreModel;
  readonly #story: Story;
  /** Accounts whose secret a person broke. */
  readonly #broken = new Set<string>();
  #keyNumber = 1;

  constructor(story: Story) {
    const { time } = this;
    const random = createRandom(story.seed);
    const storyEndMs = START_MS + STORY_MS;
    const incidents: Incident[] = story.faults.map(({ kind, fromMs, lastsMs }) => ({
      kind,
      fromMs,
      toMs: Math.min(fromMs + lastsMs, storyEndMs),
    }));
    const isFaulty = faultsOf(incidents, time);
    this.#story = story;
    this.dintero = new DinteroModel({
      time,
      random,
      isFaulty,
      lifetimeSeconds: 86_400,
      faultRate: 0,
    });
    this.secrets = new SecretsModel(isFaulty);
    this.store = new StoreModel({
      time,
      // Every second operation takes some time, so that checks do overtake each other.
      random: { ...random, chance: () => random.chance(0.5) },
      isFaulty,
      staleRate: 0.5,
      onTokenChange: (accountId, value) => this.changes.push({ accountId, value }),
    });
    for (const accountId of ACCOUNT_IDS) this.secrets.store(accountId, "good");
  }

  async playStory(): Promise<void> {
    for (const step of this.#story.steps) {
      this.time.at(START_MS + step.atMs, () => {
        if (step.kind !== "checks") return this.#act(step.kind, step.accountId);
        for (const { delayMs, diesAfter } of step.checks) {
          this.time.at(this.time.now() + delayMs, () => void this.#check(diesAfter));
        }
      });
    }
    // What was written last has to be old enough, or a check could be between its two writes.
    await this.time.runUntil(START_MS + STORY_MS + 5 * MINUTE_MS);
  }

  /** Faults end with the story; what people broke, they fix. */
  fix(accountIds: Iterable<string> = this.#broken): void {
    for (const accountId of accountIds) this.secrets.store(accountId, "good");
  }

  /** A good check, and the five minutes until the next. */
  async check(): Promise<readonly AccountReport[]> {
    const reports = new Promise<readonly AccountReport[]>((resolve) => {
      this.time.at(this.time.now(), () => resolve(this.#check(Number.POSITIVE_INFINITY)));
    });
    await this.time.runUntil(this.time.now() + 5 * MINUTE_MS);
    return reports;
  }

  /** What a reader gets. */
  heldToken(accountId: string): string | undefined {
    return this.changes.findLast((it) => it.accountId === accountId)?.value;
  }

  #act(kind: (typeof ACTS)[number], accountId: string): void {
    if (kind === "secret-replaced") this.#storeSecret(accountId, "good");
    if (kind === "secret-wrong") this.#storeSecret(accountId, "wrong");
    if (kind === "secret-emptied") this.#storeSecret(accountId, "none");
    if (kind === "token-deleted" || kind === "token-recreated") {
      this.store.edit(accountId, undefined);
    }
    // Made again, its versions begin anew, and may fit the status by number.
    if (kind === "token-edited" || kind === "token-recreated") this.store.edit(accountId, EDITED);
    if (kind === "key-replaced") this.#keyNumber += 1;
  }

  #storeSecret(accountId: string, content: "good" | "wrong" | "none"): void {
    this.secrets.store(accountId, content);
    if (content === "good") this.#broken.delete(accountId);
    else this.#broken.add(accountId);
  }

  async #check(diesAfter: number): Promise<readonly AccountReport[]> {
    let operations = 0;
    const instance: Instance = {
      // Asked before each operation of the store, the two writes of one renewal included.
      get isDead() {
        operations += 1;
        return operations > diesAfter;
      },
    };
    const keyId = `key-${this.#keyNumber}`;
    const report = await reconcile(
      { accountIds: ACCOUNT_IDS, force: false },
      {
        clock: this.time,
        credentials: this.secrets.source,
        tokenEndpoint: {
          requestToken: async (accountId, ...rest) => {
            const token = await this.dintero.endpoint.requestToken(accountId, ...rest);
            this.issued.set(token.accessToken, accountId);
            return token;
          },
        },
        tokenStore: this.store.forInstance(instance),
        encryptionKey: { state: async () => "Enabled" },
        keyId,
        onReport: () => undefined,
      },
    );
    return report.accounts;
  }
}
