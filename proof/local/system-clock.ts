/** Moves the clock that a process or thread sees as the system's, for code that has no other. */

const SystemDate = globalThis.Date;
let offsetMs = 0;

/** From now on, the system's clock is ahead by so many milliseconds; only where this is called. */
export function moveSystemClock(aheadMs: number): void {
  offsetMs = aheadMs;
  globalThis.Date = MovedDate;
}

const MovedDate = new Proxy(SystemDate, {
  construct: (target, args) =>
    args.length === 0 ? new target(target.now() + offsetMs) : Reflect.construct(target, args),
  get: (target, key) =>
    key === "now" ? () => target.now() + offsetMs : Reflect.get(target, key, target),
});
