/**
 * Virtual time: events in order, and a clock that jumps from one to the next. Everything in the
 * simulation waits on it, so that months pass in seconds and the same seed gives the same run.
 */
import TinyQueue from "tinyqueue";
import type { Clock } from "../../lambda/clock.ts";

interface TimedEvent {
  readonly atMs: number;
  /** Settles what falls on the same millisecond. */
  readonly order: number;
  readonly run: () => void;
  readonly isQuiet: boolean;
}

/** As of `AbortSignal.timeout`. One for all, because creating one is slow and most are never used. */
const TIMED_OUT = new DOMException("The operation was aborted due to timeout", "TimeoutError");

export class VirtualTime implements Clock {
  #nowMs: number;
  #made = 0;
  readonly #events = new TinyQueue<TimedEvent>([], (a, b) => a.atMs - b.atMs || a.order - b.order);

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly elapsed = this.now;

  /**
   * Runs something at a moment, or now if that has passed already.
   * @param isQuiet - it settles no promise, so that nothing has to be waited for.
   */
  at(atMs: number, run: () => void, isQuiet = false): void {
    this.#made += 1;
    this.#events.push({ atMs: Math.max(atMs, this.#nowMs), order: this.#made, run, isQuiet });
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.at(this.#nowMs + durationMs, resolve);
    });
  }

  timeout(durationMs: number): AbortSignal {
    const controller = new AbortController();
    this.at(this.#nowMs + durationMs, () => controller.abort(TIMED_OUT));
    return controller.signal;
  }

  /** Lets everything happen up to a moment, that one included. */
  async runUntil(endMs: number): Promise<void> {
    for (let next = this.#events.peek(); next && next.atMs <= endMs; next = this.#events.peek()) {
      this.#events.pop();
      this.#nowMs = next.atMs;
      next.run();
      // Whatever the event unblocked runs before time advances: Node does this when no settled promise has
      // anything left to do. With `setImmediate` a run takes a fifth longer.
      if (!next.isQuiet) await new Promise<void>((resolve) => process.nextTick(resolve));
    }
    this.#nowMs = endMs;
  }
}
