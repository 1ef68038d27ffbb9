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
import { type AlarmState, evaluateAlarm, evaluationRange } from "./alarm-evaluation.ts";

const PERIOD_MS = ALARM_PERIOD_SECONDS * 1000;

export interface AlarmChange {
  readonly atMs: number;
  readonly alarm: AlarmDefinition["name"];
  readonly state: AlarmState;
}

interface Sample {
  readonly atMs: number;
  readonly arrivesAtMs: number;
  readonly value: number;
}

export class AlarmModel {
  readonly changes: AlarmChange[] = [];
  readonly #createdAtMs: number;
  readonly #alarms: readonly AlarmDefinition[];
  readonly #states = new Map<AlarmDefinition["name"], AlarmState>();
  /** By metric, in the order of `atMs`; what no alarm looks back to is dropped. */
  readonly #samples = new Map<string, Sample[]>();

  constructor(createdAtMs: number, alarms: readonly AlarmDefinition[] = ALARMS) {
    this.#createdAtMs = createdAtMs;
    this.#alarms = alarms;
  }

  record(metricName: string, value: number, atMs: number, delayMs: number): void {
    const samples = this.#samples.get(metricName) ?? [];
    samples.push({ atMs, arrivesAtMs: atMs + delayMs, value });
    this.#samples.set(metricName, samples);
  }

  /** Whether any alarm is in ALARM. */
  get isAnyOn(): boolean {
    return [...this.#states.values()].includes("ALARM");
  }

  /** CloudWatch does this every minute. */
  evaluate(nowMs: number): void {
    for (const alarm of this.#alarms) {
      if (nowMs - this.#createdAtMs < (alarm.warmUpMinutes ?? 0) * MINUTE_MS) continue;
      const current = this.#states.get(alarm.name) ?? "INSUFFICIENT_DATA";
      const state = evaluateAlarm(alarm, this.#values(alarm, nowMs), current);
      if (state === current) continue;
      this.#states.set(alarm.name, state);
      this.changes.push({ atMs: nowMs, alarm: alarm.name, state });
    }
  }

  /** The alarm's metric by period, the latest complete one first. */
  #values(alarm: AlarmDefinition, nowMs: number): (number | undefined)[] {
    const end = Math.floor(nowMs / PERIOD_MS) * PERIOD_MS;
    const range = evaluationRange(alarm);
    const samples = this.#samples.get(alarm.metricName) ?? [];
    while (samples[0] && samples[0].atMs < end - (range + 4) * PERIOD_MS) samples.shift();
    const values = Array<number | undefined>(range).fill(undefined);
    for (const { atMs, arrivesAtMs, value } of samples) {
      const index = Math.floor((end - 1 - atMs) / PERIOD_MS);
      if (atMs >= end || index >= range || arrivesAtMs > nowMs) continue;
      const before = values[index];
      values[index] =
        before === undefined
          ? value
          : alarm.statistic === "Sum"
            ? before + value
            : Math.min(before, value);
    }
    return values;
  }
}
