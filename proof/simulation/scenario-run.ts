/** The faults of a scenario file, put to every contender. Run by `experiments`. */
import type { AlarmState } from "./alarm-evaluation.ts";
import { type Compared, compare, createRun, HOUR_MS, type Run } from "./contenders.ts";
import { expiredMs } from "./everyday-experiments.ts";
import { leftMs } from "./outage-experiments.ts";
import { START_MS, type WorldOptions } from "./world.ts";

export interface ScenarioOutcome {
  readonly requests: number;
  /** In order; those of the start, which only say that all is well, left out. */
  readonly alarms: readonly ScenarioAlarm[];
  /** How long readers may have held an expired token, all accounts together. */
  readonly expiredMs: number;
  /** Times that this happened, and nobody had been told. */
  readonly untold: number;
  /** How long there was no token of Dintero's to be read, all accounts together. */
  readonly withoutTokenMs: number;
}

export interface ScenarioAlarm {
  readonly afterMs: number;
  readonly alarm: string;
  readonly state: AlarmState;
  /** Of the stored token with the least. */
  readonly leftMs: number;
}

/** Only what the scenario says goes wrong. */
export function playScenario({
  days,
  ...options
}: Omit<WorldOptions, "weather"> & { readonly days: number }): Promise<Compared<ScenarioOutcome>> {
  return compare(async (contender) => {
    const run = createRun(contender, { ...options, weather: false });
    const endMs = days * 24 * HOUR_MS;
    await run.run(endMs);
    run.readers.close();
    return {
      requests: run.dintero.requests,
      alarms: alarmsOf(run),
      expiredMs: expiredMs(run),
      untold: run.readers.spells.filter(({ wasTold }) => !wasTold).length,
      withoutTokenMs: withoutTokenMs(run, START_MS + endMs),
    };
  });
}

function alarmsOf(run: Run): ScenarioAlarm[] {
  const wasOn = new Set<string>();
  return run.alarms.changes.flatMap(({ atMs, alarm, state }) => {
    if (state === "ALARM") wasOn.add(alarm);
    else if (!wasOn.has(alarm)) return [];
    return [{ afterMs: atMs - START_MS, alarm, state, leftMs: leftMs(run, atMs) }];
  });
}

function withoutTokenMs({ readers }: Run, endMs: number): number {
  const since = new Map<string, number>();
  let sum = 0;
  for (const { accountId, atMs, expiresAtMs } of readers.changes) {
    const fromMs = since.get(accountId);
    if (expiresAtMs === undefined) since.set(accountId, fromMs ?? atMs);
    else if (fromMs !== undefined) {
      sum += atMs - fromMs;
      since.delete(accountId);
    }
  }
  for (const fromMs of since.values()) sum += endMs - fromMs;
  return sum;
}
