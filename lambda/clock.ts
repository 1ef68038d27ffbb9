/**
 * Time as it is handed to everything below the handler, so that tests and the simulation can hand
 * in another.
 */
import { setTimeout } from "node:timers/promises";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since any one moment, for intervals: whoever sets the clock does not move it. */
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
