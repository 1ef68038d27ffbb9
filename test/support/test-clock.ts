/**
 * The clock that tests hand to the code in `lambda/`: it stands still until a test moves it or the
 * code sleeps, and keeps what was asked of it.
 */
import type { Clock } from "../../lambda/clock.ts";

/** What one call of `timeout` asked for. */
export interface RequestedTimeout {
  readonly durationMs: number;
  /** Lets the time be up. */
  readonly abort: () => void;
}

/** A clock that a test moves. Nothing aborts by itself, and no sleep takes real time. */
export class TestClock implements Clock {
  /** Milliseconds since the epoch. */
  nowMs: number;
  /** The durations slept or begun to, in order. */
  readonly sleepsMs: number[] = [];
  /** Every signal handed out, in order. */
  readonly timeouts: RequestedTimeout[] = [];
  /** Called as each sleep begins; a test aborts the sleeper here. */
  onSleep: () => void = () => {};

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  elapsed(): number {
    return this.nowMs;
  }

  /** Moves the clock by the duration at once, or rejects where the signal is aborted. */
  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    this.sleepsMs.push(durationMs);
    this.onSleep();
    signal.throwIfAborted();
    this.nowMs += durationMs;
  }

  timeout(durationMs: number): AbortSignal {
    const controller = new AbortController();
    const abort = () => controller.abort(new DOMException("The time is up.", "TimeoutError"));
    this.timeouts.push({ durationMs, abort });
    return controller.signal;
  }
}

/** A clock whose timeouts are up once as much was slept as they last. */
export function sleepingClock(nowMs: number): TestClock {
  const clock = new TestClock(nowMs);
  clock.onSleep = () => {
    const sleptMs = clock.sleepsMs.reduce((sum, ms) => sum + ms);
    for (const { durationMs, abort } of clock.timeouts) if (sleptMs >= durationMs) abort();
  };
  return clock;
}
