/**
 * What this program is compared with: a function that renews every token at fixed times, needed or
 * not, and leaves a failure to its next run. Same Dintero, secrets, readers and faults as in `World`.
 * An alarm is on from a failed run to the next good one, at once.
 */
import { isAccountError } from "../../lambda/errors.ts";
import { accountIdsOf } from "../account-ids.ts";
import { MINUTE_MS } from "../durations.ts";
import type { AlarmState } from "./alarm-evaluation.ts";
import { DinteroModel } from "./dintero-model.ts";
import { faultsOf, type Incident } from "./incidents.ts";
import { createRandom, type Random } from "./random.ts";
import { Readers } from "./readers.ts";
import { SecretsModel } from "./secrets-model.ts";
import { VirtualTime } from "./virtual-time.ts";
import { WEATHER } from "./weather.ts";
import { START_MS, type WorldOptions } from "./world.ts";

type FixedScheduleOptions = WorldOptions & { readonly everyMs: number };

export class FixedSchedule {
  readonly time = new VirtualTime(START_MS);
  readonly dintero: DinteroModel;
  readonly readers: Readers;
  readonly alarms: { readonly changes: { atMs: number; alarm: string; state: AlarmState }[] } = {
    changes: [],
  };
  readonly #secrets: SecretsModel;
  readonly #accountIds: readonly string[];
  readonly #random: Random;
  readonly #options: FixedScheduleOptions;

  constructor(options: FixedScheduleOptions) {
    const { seed, accounts, incidents, lifetimeSeconds, weather } = options;
    const { time } = this;
    this.#options = options;
    this.#random = createRandom(seed);
    const isFaulty = faultsOf(incidents, time);
    this.#secrets = new SecretsModel(isFaulty);
    this.#accountIds = accountIdsOf(accounts);
    this.dintero = new DinteroModel({
      time,
      random: this.#random,
      isFaulty,
      lifetimeSeconds,
      faultRate: weather ? WEATHER.dinteroFault : 0,
    });
    this.readers = new Readers({ time, issued: (value) => this.dintero.issued(value) });
    for (const accountId of this.#accountIds) this.#secrets.store(accountId, "good");
    for (const incident of incidents) time.at(incident.fromMs, () => this.#begin(incident));
    this.#schedule(START_MS);
  }

  /** @param durationMs - since the start. */
  async run(durationMs: number): Promise<void> {
    await this.time.runUntil(START_MS + durationMs);
  }

  get #isAlarmOn(): boolean {
    return this.alarms.changes.at(-1)?.state === "ALARM";
  }

  /** Only the incidents that the experiments compare. */
  #begin({ kind }: Incident): void {
    for (const accountId of this.#accountIds) {
      if (kind === "secret-replaced") this.#secrets.store(accountId, "good");
      if (kind === "secret-emptied") this.#secrets.store(accountId, "none");
      if (kind === "token-edited") this.readers.onTokenChange(accountId, "edited by hand");
      if (kind === "token-deleted") this.readers.onTokenChange(accountId, undefined);
    }
  }

  /** The same scheduler as in `World`: late by up to a minute, and sometimes a run is lost. */
  #schedule(atMs: number): void {
    this.time.at(atMs, () => {
      const { weather, everyMs } = this.#options;
      const isLost = weather && this.#random.chance(WEATHER.crash);
      const lateMs = this.#random.between(0, MINUTE_MS);
      if (!isLost) this.time.at(atMs + lateMs, () => void this.#renewAll());
      this.#schedule(atMs + everyMs);
    });
  }

  async #renewAll(): Promise<void> {
    const renewed = await Promise.all(this.#accountIds.map((accountId) => this.#renew(accountId)));
    const isOn = renewed.includes(false);
    if (isOn === this.#isAlarmOn) return;
    const state = isOn ? "ALARM" : "OK";
    this.alarms.changes.push({ atMs: this.time.now(), alarm: "failed-run", state });
  }

  async #renew(accountId: string): Promise<boolean> {
    try {
      const signal = new AbortController().signal;
      const credentials = await this.#secrets.source.read(accountId, signal);
      const token = await this.dintero.endpoint.requestToken(accountId, credentials, signal, 0);
      this.readers.onTokenChange(accountId, token.accessToken);
      return true;
    } catch (error) {
      if (!isAccountError(error)) throw error;
      return false;
    }
  }
}
