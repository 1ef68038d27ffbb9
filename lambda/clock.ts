/**
 * The clock that everything below the handler gets, so that tests and the simulation can pass another
 * one.
 */
import { setTimeout } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some fixed moment, for intervals. It does not change if the clock is set. */
  elapsed(): number;
  /** Resolves after `durationMs`, or rejects as soon as `signal` aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after `durationMs`. */
  timeout(durationMs: number): AbortSignal;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (durationMs, signal) => setTimeout(durationMs, undefined, { signal }),
  timeout: (durationMs) => AbortSignal.timeout(durationMs),
};
