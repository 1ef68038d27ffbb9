/** Whether a process keeps more and more of what it is given. Asked by `hostile-replies` after each reply. */

/** By when a process has grown to its size: after some 500 replies, as measured. */
export const WARM_UP_CASES = 500;
/** Much more than 64 KiB of a few replies at once, and too little for many that are kept. */
export const MAX_GROWTH_BYTES = 128 * 1024 * 1024;

export class MemoryWatch {
  readonly #residentBytes: () => number;
  #cases = 0;
  #maxBytes = Number.POSITIVE_INFINITY;

  /** @param residentBytes - the memory of the process that is in use. */
  constructor(residentBytes: () => number) {
    this.#residentBytes = residentBytes;
  }

  /** Whether more is in use after one more case than the bound allows. */
  hasGrown(): boolean {
    this.#cases += 1;
    const bytes = this.#residentBytes();
    if (this.#cases === WARM_UP_CASES) this.#maxBytes = bytes + MAX_GROWTH_BYTES;
    return bytes > this.#maxBytes;
  }
}
