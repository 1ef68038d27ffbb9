/**
 * One stack and all around it, on virtual time: the schedule, Lambda, AWS, Dintero, people, readers
 * and alarms. What makes a check is the deployed code; the rest are models, each of which says what
 * it follows.
 */
import { ALARMS, type AlarmDefinition } from "../../infra/alarm-definitions.ts";
import { type CheckMetric, metricsOfAccount, metricsOfCheck } from "../../lambda/check-metrics.ts";
import { FUNCTION_TIMEOUT_SECONDS, METRICS } from "../../lambda/contract.ts";
import { RotationError } from "../../lambda/errors.ts";
import { type AccountReport, reconcile } from "../../lambda/reconcile.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { accountIdsOf } from "../account-ids.ts";
import { MINUTE_MS } from "../durations.ts";
import { AlarmModel } from "./alarm-model.ts";
import { DinteroModel } from "./dintero-model.ts";
import { faultsOf, type Incident, type IsFaulty } from "./incidents.ts";
import { type Held, PromiseWatch } from "./promise-watch.ts";
import { createRandom, type Random } from "./random.ts";
import { Readers } from "./readers.ts";
import { SecretsModel } from "./secrets-model.ts";
import { type Instance, StoreModel } from "./store-model.ts";
import { VirtualTime } from "./virtual-time.ts";

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

/** The parts of the program that a world runs. */
export interface WorldParts {
  readonly reconcile: typeof reconcile;
  readonly metricsOfAccount: typeof metricsOfAccount;
  readonly metricsOfCheck: typeof metricsOfCheck;
  readonly alarms: readonly AlarmDefinition[];
}

const INTERVAL_MS = CHECK_INTERVAL_MINUTES * MINUTE_MS;

/** The start of every run: a midnight. */
export const START_MS = Date.UTC(2026, 0, 1);

/** The rates of passing faults in a healthy month. Estimates, on the bad side. */
export const WEATHER = {
  doubledEvent: 1 / 1_000,
  throttled: 1 / 5_000,
  crash: 1 / 5_000,
  dinteroFault: 1 / 200,
  staleRead: 1 / 10,
};

type RunningInstance = Instance & { isDone?: boolean };

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
  readonly #parts: WorldParts;
  #keyId = "key-1";
  #keyOffAtMs = START_MS;

  constructor(options: WorldOptions) {
    const { seed, accounts, incidents, lifetimeSeconds, weather } = options;
    const { time } = this;
    const random = createRandom(seed);
    const isFaulty = faultsOf(incidents, time);
    this.#options = options;
    this.#parts = {
      ...{ reconcile, metricsOfAccount, metricsOfCheck, alarms: ALARMS },
      ...options.parts,
    };
    this.#random = random;
    this.#isFaulty = isFaulty;
    this.accountIds = accountIdsOf(accounts);
    this.alarms = new AlarmModel({
      createdAtMs: START_MS,
      alarms: this.#parts.alarms,
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
    this.time.at(this.time.now() + 2_000, () => this.#invoke([accountId], false));
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
          this.time.at(atMs + lateMs, () => this.#invoke(this.accountIds, true));
        }
      }
      this.#schedule(atMs + INTERVAL_MS);
    });
  }

  /** CloudWatch looks at its alarms every minute. */
  #watch(atMs: number): void {
    this.time.at(atMs, () => {
      this.alarms.evaluate(atMs);
      this.promise.judge(atMs, this.alarms, (accountId) => this.#held(accountId, atMs));
      this.#watch(atMs + MINUTE_MS);
    });
  }

  /**
   * Follows Lambda's asynchronous invocation as the stack sets it up: throttled events wait up to an
   * interval, nothing that failed is repeated.
   */
  #invoke(accountIds: readonly string[], isFull: boolean): void {
    const { weather } = this.#options;
    if (weather && this.#random.chance(WEATHER.throttled)) {
      const waitMs = this.#random.between(MINUTE_MS, 2 * INTERVAL_MS);
      if (waitMs <= INTERVAL_MS) {
        this.time.at(this.time.now() + waitMs, () => this.#start(accountIds, isFull));
      }
      return;
    }
    this.#start(accountIds, isFull);
  }

  #start(accountIds: readonly string[], isFull: boolean): void {
    if (this.#isFaulty("function-broken")) {
      this.#record("Errors", 1);
      return;
    }
    const instance: RunningInstance = { isDead: false };
    if (this.#isFaulty("check-hangs")) {
      const endsAtMs = this.time.now() + FUNCTION_TIMEOUT_SECONDS * 1000;
      this.time.at(endsAtMs, () => this.#record("Errors", 1));
      return;
    }
    if (this.#options.weather && this.#random.chance(WEATHER.crash)) {
      this.time.at(this.time.now() + this.#random.between(0, 3_000), () => {
        if (instance.isDone) return;
        instance.isDead = true;
        this.#record("Errors", 1);
      });
    }
    void this.#check(instance, accountIds, isFull);
  }

  async #check(
    instance: RunningInstance,
    accountIds: readonly string[],
    isFull: boolean,
  ): Promise<void> {
    try {
      const report = await this.#parts.reconcile(
        { accountIds, force: false },
        {
          clock: this.time,
          credentials: this.secrets.source,
          tokenEndpoint: this.dintero.endpoint,
          tokenStore: this.store.forInstance(instance),
          keyId: this.#keyId,
          encryptionKey: { state: async () => this.#keyState() },
          onReport: (report) => {
            if (!instance.isDead) this.#onReport(report);
          },
        },
      );
      if (instance.isDead) return;
      instance.isDone = true;
      this.#record("Errors", 0);
      this.#send(this.#parts.metricsOfCheck(report, isFull));
    } catch {
      instance.isDone = true;
      this.#record("Errors", 1);
    }
  }

  #onReport(report: AccountReport): void {
    const { accountId, outcome } = report.result;
    const isSeen = report.lifeRemainingPercent !== undefined;
    this.promise.onTurn(accountId, { isGood: outcome !== "failed", isSeen }, this.time.now());
    this.#send(this.#parts.metricsOfAccount(report), accountId);
  }

  #keyState(): string {
    if (this.#isFaulty("key-unknown")) {
      throw new RotationError("store-failed", "KMS does not report the key's state.");
    }
    return this.#isFaulty("key-off") ? "Disabled" : "Enabled";
  }

  #held(accountId: string, nowMs: number): Held {
    if (this.#isFaulty("key-off"))
      return { percentLeft: 0, lostAtMs: this.#keyOffAtMs, isKeyOff: true };
    const { token, atMs = START_MS } = this.readers.held(accountId) ?? {};
    if (!token) return { percentLeft: 0, lostAtMs: atMs };
    const lifetimeMs = token.expiresAtMs - token.issuedAtMs;
    return { percentLeft: (100 * (token.expiresAtMs - nowMs)) / lifetimeMs };
  }

  #send(metrics: readonly CheckMetric[], accountId?: string): void {
    for (const { name, value } of metrics) this.#record(name, value, accountId);
  }

  /** Logs are flushed and turned into metrics within a minute or so; `AWS/Lambda`'s come likewise. */
  #record(metricName: string, value: number, accountId?: string): void {
    const isOwn = Object.values<string>(METRICS).includes(metricName);
    const lateMs = isOwn && this.#isFaulty("metrics-late") ? 10 * MINUTE_MS : 0;
    const delayMs = this.#random.between(5_000, 90_000) + lateMs;
    this.alarms.record(metricName, value, { atMs: this.time.now(), delayMs, accountId });
  }
}
