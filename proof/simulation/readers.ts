/** Services that read tokens and cache them for some minutes. */
import { MINUTE_MS } from "../durations.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** As `docs/consuming.md` advises; the formula of `docs/reliability.md` counts it. */
export const READER_CACHE_MS = 5 * MINUTE_MS;

export interface BadSpell {
  readonly accountId: string;
  /** When the first reader may have held a token that did not work. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether an alarm was on by then. */
  readonly wasAlarmOn: boolean;
}

/** What readers get from a moment on. */
export interface TokenChange {
  readonly accountId: string;
  readonly atMs: number;
  /** Absent if there is nothing, or no token of Dintero's. */
  readonly expiresAtMs?: number;
}

export interface ReadersOptions {
  readonly time: VirtualTime;
  /** When Dintero stops taking a token; `undefined` for what is no token. */
  readonly expiryMs: (value: string) => number | undefined;
  readonly isAlarmOn: () => boolean;
}

interface Held {
  readonly value: string | undefined;
  alarmOnAtExpiry?: boolean;
}

export class Readers {
  readonly #options: ReadersOptions;
  readonly #held = new Map<string, Held>();
  readonly spells: BadSpell[] = [];
  readonly changes: TokenChange[] = [];

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  /** The store holds another value, or none. */
  onTokenChange(accountId: string, value: string | undefined): void {
    this.#close(accountId);
    const { time, expiryMs, isAlarmOn } = this.#options;
    const held: Held = { value };
    this.#held.set(accountId, held);
    const expiresAtMs = value === undefined ? undefined : expiryMs(value);
    this.changes.push({
      accountId,
      atMs: time.now(),
      ...(expiresAtMs !== undefined && { expiresAtMs }),
    });
    if (expiresAtMs === undefined) return;
    time.at(expiresAtMs, () => {
      held.alarmOnAtExpiry = isAlarmOn();
    });
  }

  /** Ends the count at the end of a run. */
  close(): void {
    for (const accountId of this.#held.keys()) this.#close(accountId);
  }

  /** What a reader keeps may be one cache older than what the store holds. */
  #close(accountId: string): void {
    const held = this.#held.get(accountId);
    if (held?.value === undefined) return;
    const expiresAtMs = this.#options.expiryMs(held.value);
    const toMs = this.#options.time.now() + READER_CACHE_MS;
    if (expiresAtMs === undefined || expiresAtMs >= toMs) return;
    const wasAlarmOn = held.alarmOnAtExpiry ?? this.#options.isAlarmOn();
    this.spells.push({ accountId, fromMs: expiresAtMs, toMs, wasAlarmOn });
  }
}
