/**
 * Lambda: runs the deployed check when it is invoked, and passes on its metrics. The check is the
 * deployed code; how it is invoked, crashes and is timed follows the stack's settings.
 */
import { ALARMS, type AlarmDefinition } from "../../infra/alarm-definitions.ts";
import { type CheckMetric, metricsOfAccount, metricsOfCheck } from "../../lambda/check-metrics.ts";
import { FUNCTION_TIMEOUT_SECONDS, METRICS } from "../../lambda/contract.ts";
import type { CredentialsSource } from "../../lambda/credentials.ts";
import type { TokenEndpoint } from "../../lambda/dintero.ts";
import { RotationError } from "../../lambda/errors.ts";
import { type AccountReport, reconcile } from "../../lambda/reconcile.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import type { TokenStore } from "../../lambda/token-store.ts";
import { MINUTE_MS } from "../durations.ts";
import type { AlarmModel } from "./alarm-model.ts";
import type { IsFaulty } from "./incidents.ts";
import type { PromiseWatch } from "./promise-watch.ts";
import type { Random } from "./random.ts";
import type { Instance } from "./store-model.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { WEATHER } from "./weather.ts";

/** The parts of the program that a world runs. */
export interface WorldParts {
  readonly reconcile: typeof reconcile;
  readonly metricsOfAccount: typeof metricsOfAccount;
  readonly metricsOfCheck: typeof metricsOfCheck;
  readonly alarms: readonly AlarmDefinition[];
}

export const DEPLOYED: WorldParts = { reconcile, metricsOfAccount, metricsOfCheck, alarms: ALARMS };

export interface FunctionModelOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly isFaulty: IsFaulty;
  /** Whether there are the passing faults of a healthy month. */
  readonly weather: boolean;
  readonly parts: WorldParts;
  readonly keyId: () => string;
  readonly alarms: AlarmModel;
  readonly promise: PromiseWatch;
  readonly tokenStore: (instance: Instance) => TokenStore;
  readonly credentials: CredentialsSource;
  readonly tokenEndpoint: TokenEndpoint;
}

const INTERVAL_MS = CHECK_INTERVAL_MINUTES * MINUTE_MS;

type RunningInstance = Instance & { isDone?: boolean };

export class FunctionModel {
  readonly #options: FunctionModelOptions;

  constructor(options: FunctionModelOptions) {
    this.#options = options;
  }

  /**
   * Follows Lambda's asynchronous invocation as the stack sets it up: throttled events wait up to an
   * interval, nothing that failed is repeated.
   */
  invoke(accountIds: readonly string[], isFull: boolean): void {
    const { weather } = this.#options;
    if (weather && this.#options.random.chance(WEATHER.throttled)) {
      const waitMs = this.#options.random.between(MINUTE_MS, 2 * INTERVAL_MS);
      if (waitMs <= INTERVAL_MS) {
        this.#options.time.at(this.#options.time.now() + waitMs, () =>
          this.#start(accountIds, isFull),
        );
      }
      return;
    }
    this.#start(accountIds, isFull);
  }

  #start(accountIds: readonly string[], isFull: boolean): void {
    if (this.#options.isFaulty("function-broken")) {
      this.#record("Errors", 1);
      return;
    }
    const instance: RunningInstance = { isDead: false };
    if (this.#options.isFaulty("check-hangs")) {
      const endsAtMs = this.#options.time.now() + FUNCTION_TIMEOUT_SECONDS * 1000;
      this.#options.time.at(endsAtMs, () => this.#record("Errors", 1));
      return;
    }
    if (this.#options.weather && this.#options.random.chance(WEATHER.crash)) {
      this.#options.time.at(
        this.#options.time.now() + this.#options.random.between(0, 3_000),
        () => {
          if (instance.isDone) return;
          instance.isDead = true;
          this.#record("Errors", 1);
        },
      );
    }
    void this.#check(instance, accountIds, isFull);
  }

  async #check(
    instance: RunningInstance,
    accountIds: readonly string[],
    isFull: boolean,
  ): Promise<void> {
    try {
      const report = await this.#options.parts.reconcile(
        { accountIds, force: false },
        {
          clock: this.#options.time,
          credentials: this.#options.credentials,
          tokenEndpoint: this.#options.tokenEndpoint,
          tokenStore: this.#options.tokenStore(instance),
          keyId: this.#options.keyId(),
          encryptionKey: { state: async () => this.#keyState() },
          onReport: (report) => {
            if (!instance.isDead) this.#onReport(report);
          },
        },
      );
      if (instance.isDead) return;
      instance.isDone = true;
      this.#record("Errors", 0);
      this.#send(this.#options.parts.metricsOfCheck(report, isFull));
    } catch {
      instance.isDone = true;
      this.#record("Errors", 1);
    }
  }

  #onReport(report: AccountReport): void {
    const { accountId, outcome } = report.result;
    const isSeen = report.lifeRemainingPercent !== undefined;
    this.#options.promise.onTurn(
      accountId,
      { isGood: outcome !== "failed", isSeen },
      this.#options.time.now(),
    );
    this.#send(this.#options.parts.metricsOfAccount(report), accountId);
  }

  #keyState(): string {
    if (this.#options.isFaulty("key-unknown")) {
      throw new RotationError("store-failed", "KMS does not report the key's state.");
    }
    return this.#options.isFaulty("key-off") ? "Disabled" : "Enabled";
  }

  #send(metrics: readonly CheckMetric[], accountId?: string): void {
    for (const { name, value } of metrics) this.#record(name, value, accountId);
  }

  /** Logs are flushed and turned into metrics within a minute or so; `AWS/Lambda`'s come likewise. */
  #record(metricName: string, value: number, accountId?: string): void {
    const isOwn = Object.values<string>(METRICS).includes(metricName);
    const lateMs = isOwn && this.#options.isFaulty("metrics-late") ? 10 * MINUTE_MS : 0;
    const delayMs = this.#options.random.between(5_000, 90_000) + lateMs;
    this.#options.alarms.record(metricName, value, {
      atMs: this.#options.time.now(),
      delayMs,
      accountId,
    });
  }
}
