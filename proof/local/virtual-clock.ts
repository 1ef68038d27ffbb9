/**
 * The one clock of a local run: stand-ins, function and people all read it, and it can be moved
 * forward, so that a day passes in seconds.
 */
export class VirtualClock {
  /** How far it is ahead of the system's clock. */
  offsetMs = 0;

  /** Milliseconds since the epoch. */
  readonly now = (): number => Date.now() + this.offsetMs;

  advance(durationMs: number): void {
    this.offsetMs += durationMs;
  }
}
