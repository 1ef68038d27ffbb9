/** Services that read tokens and cache them for some minutes. */
import type { IssuedToken } from "../../lambda/token-reply.ts";
import { MINUTE_MS } from "../durations.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** As `docs/consuming.md` advises; the formula of `docs/reliability.md` counts it. */
export const READER_CACHE_MS = 5 * MINUTE_MS;

export interface BadSpell {
  readonly accountId: string;
  /** When the first reader may have held a token that did not work. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What readers get from a moment on. */
export interface TokenChange {
  readonly accountId: string;
  readonly atMs: number;
  /** Absent if there is nothing, or no token of Dintero's. */
  readonly token?: IssuedToken;
}

export interface ReadersOptions {
  readonly time: VirtualTime;
  /** `undefined` for what is no token of Dintero's. */
  readonly issued: (value: string) => IssuedToken | undefined;
}

export class Readers {
  readonly #options: ReadersOptions;
  readonly #held = new Map<string, TokenChange>();
  readonly spells: BadSpell[] = [];
  readonly changes: TokenChange[] = [];

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  /** The store holds another value, or none. */
  onTokenChange(accountId: string, value: string | undefined): void {
    this.#close(accountId);
    const token = value === undefined ? undefined : this.#options.issued(value);
    const atMs = this.#options.time.now();
    const change: TokenChange = { accountId, atMs, ...(token && { token }) };
    this.#held.set(accountId, change);
    this.changes.push(change);
  }

  /** What readers of the account get now; `undefined` if there never was anything. */
  held(accountId: string): TokenChange | undefined {
    return this.#held.get(accountId);
  }

  /** Ends the count at the end of a run. */
  close(): void {
    for (const accountId of this.#held.keys()) this.#close(accountId);
  }

  /** What a reader keeps may be one cache older than what the store holds. */
  #close(accountId: string): void {
    const expiresAtMs = this.#held.get(accountId)?.token?.expiresAtMs;
    const toMs = this.#options.time.now() + READER_CACHE_MS;
    if (expiresAtMs === undefined || expiresAtMs >= toMs) return;
    this.spells.push({ accountId, fromMs: expiresAtMs, toMs });
  }
}
