/**
 * The stack's alarms beside a local run: evaluated every minute by the model of CloudWatch that the
 * simulation uses, on the metrics that the function printed.
 */

import { MINUTE_MS } from "../durations.ts";
import { type AlarmChange, AlarmModel } from "../simulation/alarm-model.ts";
import type { Invocation } from "./lambda-runtime.ts";
import { printedMetrics } from "./printed-metrics.ts";

/** About as long as CloudWatch takes until a metric of a log can be evaluated. */
const METRIC_DELAY_MS = MINUTE_MS;

export class AlarmWatch {
  readonly #model: AlarmModel;
  readonly #firing = new Set<string>();
  #evaluatedAtMs: number;

  constructor({ accountIds, nowMs }: { readonly accountIds: readonly string[]; nowMs: number }) {
    this.#model = new AlarmModel({ createdAtMs: nowMs, accountIds });
    this.#evaluatedAtMs = nowMs;
  }

  /** Takes the metrics that the function printed, and the one that Lambda itself sends. */
  record({ output, error }: Pick<Invocation, "output" | "error">, atMs: number): void {
    const errors = { name: "Errors", value: error ? 1 : 0, accountId: undefined };
    for (const { name, value, accountId } of [...printedMetrics(output), errors]) {
      this.#model.record(name, value, { atMs, delayMs: METRIC_DELAY_MS, accountId });
    }
  }

  /** The alarms that fired meanwhile, and those that returned to OK from that. */
  advanceTo(nowMs: number): AlarmChange[] {
    const known = this.#model.changes.length;
    for (; this.#evaluatedAtMs + MINUTE_MS <= nowMs; this.#evaluatedAtMs += MINUTE_MS) {
      this.#model.evaluate(this.#evaluatedAtMs + MINUTE_MS);
    }
    // An alarm's first data sends an OK as well, which belongs to no trouble.
    return this.#model.changes.slice(known).filter(({ alarm, accountId, state }) => {
      const name = `${alarm} ${accountId}`;
      if (state === "ALARM") this.#firing.add(name);
      return state === "ALARM" || (state === "OK" && this.#firing.delete(name));
    });
  }
}
