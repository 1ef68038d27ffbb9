/**
 * Worker threads that run experiments side by side. What an experiment gives depends on its options
 * alone, so neither the number of workers nor their order changes a report.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ExperimentName, ExperimentOptions, ExperimentResult } from "./experiments.ts";

const WORKER_URL = new URL("./crew-worker.ts", import.meta.url);

export class Crew {
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];

  constructor(size: number) {
    this.#workers = Array.from({ length: size }, () => new Worker(WORKER_URL));
    this.#idle = [...this.#workers];
  }

  /** @throws what the experiment throws. */
  async run<Name extends ExperimentName>(
    name: Name,
    options: ExperimentOptions<Name>,
  ): Promise<ExperimentResult<Name>> {
    const worker =
      this.#idle.pop() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)));
    const replied = once(worker, "message");
    worker.postMessage({ name, options });
    const [result] = await replied;
    const next = this.#waiting.shift();
    if (next) next(worker);
    else this.#idle.push(worker);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
