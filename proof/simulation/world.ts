/**
 * One stack and all around it, on virtual time: the schedule, Lambda, AWS, Dintero, people, readers
 * and alarms. What makes a check is the deployed code; the rest are models, each of which says what
 * it follows.
 */
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { accountIdsOf } from "../account-ids.ts";
import { MINUTE_MS } from "../durations.ts";
import { AlarmModel } from "./alarm-model.ts";
import { DinteroModel } from "./dintero-model.ts";
import { DEPLOYED, FunctionModel, type WorldParts } from "./function-model.ts";
import { faultsOf, type Incident, type IsFaulty } from "./incidents.ts";
import { type Held, PromiseWatch } from "./promise-watch.ts";
import { createRandom, type Random } from "./random.ts";
import { Readers } from "./readers.ts";
import { SecretsModel } from "./secrets-model.ts";
import { StoreModel } from "./store-model.ts";
import { VirtualTime } from "./virtual-time.ts";
import { WEATHER } from "./weather.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly accounts: number;
  readonly lifetimeSeconds: number;
  readonly incidents: readonly Incident[];
  /** Passing faults as they happen in a healthy month; `false` for none at all. */
  readonly weather: boolean;
  /** The share of scheduled checks that never begin, beside the weather's. Default 0. */
  readonly lostChecks?: number;
  /** Periods that CloudWatch looks at beyond those of an alarm. */
  readonly furtherPeriods?: number;
  /** Replaces what is deployed: to observe it, and to show what a fault in it would do. */
  readonly parts?: Partial<WorldParts>;
}

const INTERVAL_MS = CHECK_INTERVAL_MINUTES * MINUTE_MS;

/** The start of every run: a midnight. */
export const START_MS = Date.UTC(2026, 0, 1);

export class World {
  readonly time = new VirtualTime(START_MS);
  readonly alarms: AlarmModel;
  readonly dintero: DinteroModel;
  readonly secrets: SecretsModel;
  readonly store: StoreModel;
  readonly readers: Readers;
  readonly promise = new PromiseWatch();
  accountIds: readonly string[];
  readonly #random: Random;
  readonly #isFaulty: IsFaulty;
  readonly #options: WorldOptions;
  readonly #function: FunctionModel;
  #keyId = "key-1";
  #keyOffAtMs = START_MS;

  constructor(options: WorldOptions) {
    const { seed, accounts, incidents, lifetimeSeconds, weather } = options;
    const { time } = this;
    const random = createRandom(seed);
    const isFaulty = faultsOf(incidents, time);
    this.#options = options;
    const parts = { ...DEPLOYED, ...options.parts };
    this.#random = random;
    this.#isFaulty = isFaulty;
    this.accountIds = accountIdsOf(accounts);
    this.alarms = new AlarmModel({
      createdAtMs: START_MS,
      alarms: parts.alarms,
      accountIds: this.accountIds,
      furtherPeriods: options.furtherPeriods,
    });
    this.dintero = new DinteroModel({
      time,
      random,
      isFaulty,
      lifetimeSeconds,
      faultRate: weather ? WEATHER.dinteroFault : 0,
    });
    this.secrets = new SecretsModel(isFaulty);
    this.readers = new Readers({ time, issued: (value) => this.dintero.issued(value) });
    this.store = new StoreModel({
      time,
      random,
      isFaulty,
      staleRate: weather ? WEATHER.staleRead : 0,
      onTokenChange: (accountId, value) => this.readers.onTokenChange(accountId, value),
    });
    this.#function = new FunctionModel({
      ...{ time, random, isFaulty, weather, parts, keyId: () => this.#keyId },
      alarms: this.alarms,
      promise: this.promise,
      tokenStore: (instance) => this.store.forInstance(instance),
      credentials: this.secrets.source,
      tokenEndpoint: this.dintero.endpoint,
    });
    for (const accountId of this.accountIds) {
      this.secrets.store(accountId, "good");
      this.promise.addAccount(accountId, START_MS);
    }
    for (const incident of incidents) time.at(incident.fromMs, () => this.#begin(incident));
    this.#schedule(START_MS);
    this.#watch(START_MS + MINUTE_MS);
  }

  /** @param durationMs - since the start. */
  async run(durationMs: number): Promise<void> {
    await this.time.runUntil(START_MS + durationMs);
  }

  #begin({ kind, accountIds = this.accountIds }: Incident): void {
    for (const accountId of accountIds) {
      if (kind === "account-removed") this.#remove(accountId);
      if (kind === "account-added") this.#add(accountId);
      if (kind === "secret-replaced") this.#storeSecret(accountId, "good");
      if (kind === "secret-wrong") this.#storeSecret(accountId, "wrong");
      if (kind === "secret-emptied") this.secrets.store(accountId, "none");
      if (kind === "token-edited") this.store.edit(accountId, "edited by hand");
      if (kind === "token-deleted") this.store.edit(accountId, undefined);
    }
    if (kind === "key-replaced") this.#keyId = "key-2";
    if (kind === "key-off") this.#keyOffAtMs = this.time.now();
  }

  #remove(accountId: string): void {
    this.accountIds = this.accountIds.filter((it) => it !== accountId);
    this.alarms.removeAccount(accountId);
    this.promise.removeAccount(accountId);
  }

  /** Without credentials. */
  #add(accountId: string): void {
    this.accountIds = [...this.accountIds, accountId];
    this.alarms.addAccount(accountId);
    this.promise.addAccount(accountId, this.time.now());
  }

  #storeSecret(accountId: string, content: "good" | "wrong"): void {
    this.secrets.store(accountId, content);
    // The event of the changed secret: within seconds, at least once.
    this.time.at(this.time.now() + 2_000, () => this.#function.invoke([accountId], false));
  }

  /** Follows EventBridge Scheduler: to the minute, within its 60 seconds, at least once. */
  #schedule(atMs: number): void {
    this.time.at(atMs, () => {
      if (!this.#isFaulty("schedule-disabled")) {
        const { weather, lostChecks = 0 } = this.#options;
        const fires = weather && this.#random.chance(WEATHER.doubledEvent) ? 2 : 1;
        for (let fire = 0; fire < fires; fire += 1) {
          const lateMs = this.#random.between(0, MINUTE_MS);
          if (lostChecks > 0 && this.#random.chance(lostChecks)) continue;
          this.time.at(atMs + lateMs, () => this.#function.invoke(this.accountIds, true));
        }
      }
      this.#schedule(atMs + INTERVAL_MS);
    });
  }

  /** CloudWatch looks at its alarms every minute. */
  #watch(atMs: number): void {
    const look = () => {
      this.alarms.evaluate(atMs);
      this.promise.judge(atMs, this.alarms, (accountId) => this.#held(accountId, atMs));
      this.#watch(atMs + MINUTE_MS);
    };
    this.time.at(atMs, look, true);
  }

  #held(accountId: string, nowMs: number): Held {
    if (this.#isFaulty("key-off"))
      return { percentLeft: 0, lostAtMs: this.#keyOffAtMs, isKeyOff: true };
    const { token, atMs = START_MS } = this.readers.held(accountId) ?? {};
    if (!token) return { percentLeft: 0, lostAtMs: atMs };
    const lifetimeMs = token.expiresAtMs - token.issuedAtMs;
    return { percentLeft: (100 * (token.expiresAtMs - nowMs)) / lifetimeMs };
  }
}
