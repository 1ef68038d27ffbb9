/** How far a long run is, for somebody who watches: on stderr, where that is a terminal. */
export class Progress {
  #started = 0;
  #done = 0;

  async track<T>(result: Promise<T>): Promise<T> {
    this.#started += 1;
    const value = await result;
    this.#done += 1;
    if (process.stderr.isTTY) {
      const isLast = this.#done === this.#started;
      process.stderr.write(
        isLast ? "\r\u001b[K" : `\r${this.#done} of ${this.#started} parts done`,
      );
    }
    return value;
  }
}
