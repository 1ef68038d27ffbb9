/** What each contender does from day to day: healthy months, first tokens, manual changes. */
import { HOUR_MS } from "../durations.ts";
import { type Compared, compare, createRun, type Run } from "./contenders.ts";
import type { Incident } from "./incidents.ts";
import type { OutageOptions } from "./outage-experiments.ts";
import { createRandom } from "./random.ts";
import { START_MS } from "./world.ts";

const DAY_MS = 24 * HOUR_MS;
const FIRST_TOKENS = 40;
const EDITS_OF_A_KIND = 20;

export interface HealthyMonth {
  /** Each one is a false one. */
  readonly alarms: readonly string[];
  readonly requests: number;
  /** How long readers may have held an expired token, all accounts together. */
  readonly expiredMs: number;
}

/**
 * Nothing but the passing faults of every month. Alarms of the first hour do not count: if the very
 * first request meets a passing fault there is no token, which is rightly an alarm.
 */
export function healthyMonths({
  days,
  ...options
}: OutageOptions & { readonly accounts: number; readonly days: number }): Promise<
  Compared<HealthyMonth>
> {
  return compare(async (contender) => {
    const run = createRun(contender, { ...options, incidents: [], weather: true });
    await run.run(days * DAY_MS);
    run.readers.close();
    return {
      alarms: run.alarms.changes.flatMap(({ atMs, state, alarm }) =>
        state === "ALARM" && atMs >= START_MS + HOUR_MS ? [alarm] : [],
      ),
      requests: run.dintero.requests,
      expiredMs: run.readers.spells.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
    };
  });
}

/** Milliseconds from storing credentials, at some moment of a day, to storing a token. */
export function firstTokens(options: OutageOptions): Promise<Compared<readonly number[]>> {
  return compare(async (contender) => {
    const times: number[] = [];
    const random = createRandom(options.seed);
    for (let index = 0; index < FIRST_TOKENS; index += 1) {
      const storedAtMs = START_MS + HOUR_MS + random.next() * DAY_MS;
      const run = createRun(contender, {
        ...options,
        seed: options.seed + index,
        accounts: 1,
        weather: true,
        incidents: [
          { kind: "secret-emptied", fromMs: START_MS },
          { kind: "secret-replaced", fromMs: storedAtMs },
        ],
      });
      await run.run(storedAtMs - START_MS + 4 * DAY_MS);
      times.push(msToToken(run, storedAtMs));
    }
    return times;
  });
}

function msToToken({ readers }: Run, fromMs: number): number {
  const stored = readers.changes.find(({ atMs, token }) => atMs > fromMs && token);
  return (stored?.atMs ?? Number.POSITIVE_INFINITY) - fromMs;
}

const EDITS = ["token-edited", "token-deleted"] as const;

/** Milliseconds from each kind of edit to the next token. */
export type HealTimes = Readonly<Record<(typeof EDITS)[number], readonly number[]>>;

/** Edits of tokens at some moment of a day, each after the previous one has been healed. */
export function handEdits(options: OutageOptions): Promise<Compared<HealTimes>> {
  const random = createRandom(options.seed);
  const incidents: Incident[] = Array.from({ length: 2 * EDITS_OF_A_KIND }, (_, index) => ({
    kind: index % 2 === 0 ? EDITS[0] : EDITS[1],
    fromMs: START_MS + HOUR_MS + index * 2 * DAY_MS + random.next() * (DAY_MS - HOUR_MS),
  }));
  return compare(async (contender) => {
    const run = createRun(contender, { ...options, accounts: 1, weather: true, incidents });
    await run.run((4 * EDITS_OF_A_KIND + 2) * DAY_MS);
    const times = (kind: Incident["kind"]) =>
      incidents.filter((edit) => edit.kind === kind).map(({ fromMs }) => msToToken(run, fromMs));
    return { "token-edited": times(EDITS[0]), "token-deleted": times(EDITS[1]) };
  });
}
