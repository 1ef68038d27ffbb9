/** What outages of Dintero do to each contender. */
import { CHECK_INTERVAL_MINUTES, RENEW_AT_THIRDS_LEFT } from "../../lambda/renewal-policy.ts";
import { HOUR_MS, MINUTE_MS } from "../durations.ts";
import {
  type Compared,
  type Contender,
  compare,
  createRun,
  cycleMs,
  retryMs,
} from "./contenders.ts";
import { createRandom } from "./random.ts";
import { READER_CACHE_MS } from "./readers.ts";
import { START_MS, type WorldOptions } from "./world.ts";

const CHECK_MS = CHECK_INTERVAL_MINUTES * MINUTE_MS;

/** How many moments of a rhythm an outage is made to begin at, at most. */
const MAX_PHASES = 288;

/** The last phases, around the moment when something falls due, are the hardest: each so often. */
const HARD_PHASES = 3;
const HARD_PHASE_RUNS = 40;

const ALARM_RUNS = 40;

/**
 * The outage that no reader notices, by design: what is left of a lifetime when it is renewed, less
 * the check that just missed the beginning, the one that just missed the end, and a reader's cache.
 */
export function formulaMinutes(lifetimeSeconds: number): number {
  const leftMs = (lifetimeSeconds * 1000 * RENEW_AT_THIRDS_LEFT) / 3;
  return (leftMs - 2 * CHECK_MS - READER_CACHE_MS) / MINUTE_MS;
}

export interface OutageOptions {
  readonly seed: number;
  readonly lifetimeSeconds: number;
}

/**
 * Minutes of the longest outage after which no reader held an expired token, whenever it began.
 * Without other faults, as the formula knows of none.
 */
export function longestOutages(options: OutageOptions): Promise<Compared<number>> {
  return compare((contender) => longestOutage(contender, options));
}

async function longestOutage(
  contender: Contender,
  { seed, lifetimeSeconds }: OutageOptions,
): Promise<number> {
  let longest = lifetimeSeconds / 60;
  const random = createRandom(seed);
  for (const [index, phaseMs] of phases(cycleMs(contender, lifetimeSeconds)).entries()) {
    const beginsAfterMs = phaseMs + random.between(0, MINUTE_MS);
    // Another seed for each, so that the schedule is late in other ways too.
    const options = { seed: seed + index, lifetimeSeconds };
    const survives = (minutes: number) => isSurvived(contender, options, beginsAfterMs, minutes);
    if (await survives(longest)) continue;
    let [good, bad] = [0, longest];
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2);
      if (await survives(middle)) good = middle;
      else bad = middle;
    }
    longest = good;
  }
  return longest;
}

/**
 * Beginnings around each check of a rhythm, and of two checks more: the worst is the one just before
 * a check that would have renewed. The hardest come first, so that little is left to be found.
 */
function phases(cycle: number): number[] {
  const all = Math.floor(cycle / CHECK_MS) + 2;
  const step = Math.ceil(all / MAX_PHASES);
  const every = Array.from(
    { length: Math.ceil(all / step) },
    (_, index) => (all - index * step) * CHECK_MS,
  );
  const hard = Array.from(
    { length: HARD_PHASES * HARD_PHASE_RUNS },
    (_, index) => (all - (index % HARD_PHASES)) * CHECK_MS,
  );
  return [...hard, ...every];
}

async function isSurvived(
  contender: Contender,
  options: OutageOptions,
  beginsAfterMs: number,
  minutes: number,
): Promise<boolean> {
  const endsAfterMs = beginsAfterMs + minutes * MINUTE_MS;
  const outage = outageOf(beginsAfterMs, endsAfterMs);
  const run = createRun(contender, { ...options, ...outage, weather: false });
  await run.run(endsAfterMs + retryMs(contender) + 2 * MINUTE_MS);
  run.readers.close();
  return run.readers.spells.length === 0;
}

/** The first alarm of an outage. */
export interface FirstAlarm {
  /** Absent if no alarm fired before the outage ended. */
  readonly alarm?: string;
  /** Of the stored token by then; 0 without an alarm. */
  readonly leftMs: number;
}

/** For outages of a whole lifetime, which nothing survives, with passing faults as in a healthy month. */
export function firstAlarms(options: OutageOptions): Promise<Compared<readonly FirstAlarm[]>> {
  return compare(async (contender) => {
    const alarms: FirstAlarm[] = [];
    const random = createRandom(options.seed);
    for (let index = 0; index < ALARM_RUNS; index += 1) {
      const beginsAfterMs = HOUR_MS + random.next() * cycleMs(contender, options.lifetimeSeconds);
      const ofRun = { ...options, seed: options.seed + index };
      alarms.push(await firstAlarm(contender, ofRun, beginsAfterMs));
    }
    return alarms;
  });
}

async function firstAlarm(
  contender: Contender,
  options: OutageOptions,
  beginsAfterMs: number,
): Promise<FirstAlarm> {
  const endsAfterMs = beginsAfterMs + options.lifetimeSeconds * 1000;
  const outage = outageOf(beginsAfterMs, endsAfterMs);
  const run = createRun(contender, { ...options, ...outage, weather: true });
  await run.run(endsAfterMs);
  const fired = run.alarms.changes.find(
    ({ atMs, state }) => state === "ALARM" && atMs >= START_MS + beginsAfterMs,
  );
  if (!fired) return { leftMs: 0 };
  const stored = run.readers.changes.findLast(({ atMs }) => atMs <= fired.atMs);
  return {
    alarm: fired.alarm,
    leftMs: Math.max(0, (stored?.token?.expiresAtMs ?? 0) - fired.atMs),
  };
}

function outageOf(
  beginsAfterMs: number,
  endsAfterMs: number,
): Pick<WorldOptions, "accounts" | "incidents"> {
  const [fromMs, toMs] = [START_MS + beginsAfterMs, START_MS + endsAfterMs];
  return { accounts: 1, incidents: [{ kind: "dintero-down", fromMs, toMs }] };
}
