/**
 * CloudWatch: metrics that come in late, and the stack's alarms, looked at every minute. The alarms
 * are those of `infra/alarm-definitions.ts`.
 */
import {
  ALARM_PERIOD_SECONDS,
  ALARMS,
  type AlarmDefinition,
} from "../../infra/alarm-definitions.ts";
import { MINUTE_MS } from "../durations.ts";
import { type AlarmState, evaluateAlarm, FURTHER_PERIODS } from "./alarm-evaluation.ts";

const PERIOD_MS = ALARM_PERIOD_SECONDS * 1000;

/** A message: CloudWatch notifies only when a state changes. */
export interface AlarmChange {
  readonly atMs: number;
  readonly alarm: AlarmDefinition["kind"];
  /** Of an account's own alarm. */
  readonly accountId?: string | undefined;
  readonly state: AlarmState;
}

export interface AlarmModelOptions {
  readonly createdAtMs: number;
  readonly alarms?: readonly AlarmDefinition[] | undefined;
  readonly accountIds: readonly string[];
  /** Periods that CloudWatch looks at beyond those of an alarm. */
  readonly furtherPeriods?: number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly arrivesAtMs: number;
  readonly value: number;
}

interface Alarm {
  readonly definition: AlarmDefinition;
  readonly accountId: string | undefined;
  state: AlarmState;
}

export class AlarmModel {
  readonly changes: AlarmChange[] = [];
  readonly #createdAtMs: number;
  readonly #definitions: readonly AlarmDefinition[];
  readonly #furtherPeriods: number;
  #alarms: readonly Alarm[] = [];
  /** By metric and account, in the order of `atMs`; what no alarm looks back to is dropped. */
  readonly #samples = new Map<string, Sample[]>();

  constructor({ createdAtMs, alarms, accountIds, furtherPeriods }: AlarmModelOptions) {
    this.#createdAtMs = createdAtMs;
    this.#definitions = alarms ?? ALARMS;
    this.#furtherPeriods = furtherPeriods ?? FURTHER_PERIODS;
    for (const definition of this.#definitions.filter((it) => !it.isPerAccount)) {
      this.#create(definition, undefined);
    }
    for (const accountId of accountIds) this.addAccount(accountId);
  }

  addAccount(accountId: string): void {
    for (const definition of this.#definitions.filter((it) => it.isPerAccount)) {
      this.#create(definition, accountId);
    }
  }

  /** Deletes its alarms: one in ALARM ends without a message. */
  removeAccount(accountId: string): void {
    this.#alarms = this.#alarms.filter((alarm) => alarm.accountId !== accountId);
  }

  /** @param accountId - if the metric is the account's own. */
  record(
    metricName: string,
    value: number,
    { atMs, delayMs, accountId }: { atMs: number; delayMs: number; accountId?: string | undefined },
  ): void {
    const key = keyOf(metricName, accountId);
    const samples = this.#samples.get(key) ?? [];
    samples.push({ atMs, arrivesAtMs: atMs + delayMs, value });
    this.#samples.set(key, samples);
  }

  /** Whether an alarm that is about the account, its own or one of the stack's, is in ALARM. */
  isInAlarm(accountId?: string): boolean {
    return this.#alarms.some(
      (alarm) =>
        alarm.state === "ALARM" &&
        (alarm.accountId === undefined || accountId === undefined || alarm.accountId === accountId),
    );
  }

  isInStackAlarm(kind: AlarmDefinition["kind"]): boolean {
    return this.#alarms.some(
      ({ state, definition }) => state === "ALARM" && definition.kind === kind,
    );
  }

  isInOwnAlarm(accountId: string): boolean {
    return this.#alarms.some((it) => it.state === "ALARM" && it.accountId === accountId);
  }

  /** CloudWatch does this every minute. */
  evaluate(nowMs: number): void {
    for (const alarm of this.#alarms) {
      const { definition, accountId } = alarm;
      if (nowMs - this.#createdAtMs < (definition.warmUpMinutes ?? 0) * MINUTE_MS) continue;
      const state = evaluateAlarm(definition.metric, this.#values(alarm, nowMs), alarm.state);
      if (state === alarm.state) continue;
      alarm.state = state;
      this.changes.push({
        ...{ atMs: nowMs, alarm: definition.kind, state },
        ...(accountId !== undefined && { accountId }),
      });
    }
  }

  #create(definition: AlarmDefinition, accountId: string | undefined): void {
    this.#alarms = [...this.#alarms, { definition, accountId, state: "INSUFFICIENT_DATA" }];
  }

  /** The alarm's metric by period, the latest complete one first. */
  #values({ definition, accountId }: Alarm, nowMs: number): (number | undefined)[] {
    const { metricName, evaluationPeriods, statistic } = definition.metric;
    const end = Math.floor(nowMs / PERIOD_MS) * PERIOD_MS;
    const range = evaluationPeriods + this.#furtherPeriods;
    const samples = this.#samples.get(keyOf(metricName, accountId)) ?? [];
    while (samples[0] && samples[0].atMs < end - (range + 4) * PERIOD_MS) samples.shift();
    const values = Array<number | undefined>(range).fill(undefined);
    for (const { atMs, arrivesAtMs, value } of samples) {
      const index = Math.floor((end - 1 - atMs) / PERIOD_MS);
      if (atMs >= end || index >= range || arrivesAtMs > nowMs) continue;
      const before = values[index];
      values[index] =
        before === undefined
          ? value
          : statistic === "Sum"
            ? before + value
            : Math.min(before, value);
    }
    return values;
  }
}

function keyOf(metricName: string, accountId: string | undefined): string {
  return `${metricName} ${accountId ?? ""}`;
}
