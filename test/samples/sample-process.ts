/**
 * A process that has loaded one sample and calls Dintero with it on demand: `drive-sample.ts` or
 * `drive_sample.py`.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ACCOUNT_ID, type SampleWorld } from "./sample-world.ts";

/** What the sample gave back, or the error that it threw. */
export interface SampleReply {
  readonly status?: number;
  readonly body?: unknown;
  readonly error?: string;
}

/** A sample that never gives up is ended. */
const LIFE_MS = 30_000;

export class SampleProcess {
  /** All that the process has written, its replies included. */
  output = "";
  readonly #world: SampleWorld;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  readonly #lines: AsyncIterator<string>;

  /** `command` is what loads a sample whose path and account follow. */
  constructor(command: readonly string[], samplePath: string, world: SampleWorld) {
    const [program = "", ...args] = command;
    this.#world = world;
    this.#child = spawn(program, [...args, samplePath, ACCOUNT_ID], {
      env: world.environment,
      timeout: LIFE_MS,
      killSignal: "SIGKILL",
    });
    this.#closed = once(this.#child, "close");
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.output += text;
      });
    }
  }

  /** Calls Dintero with the sample. @throws when the process has ended. */
  async call(path: string): Promise<SampleReply> {
    const [reply = {}] = await this.callAtOnce(path, 1);
    return reply;
  }

  /** The same call so many times at once. @throws when the process has ended. */
  async callAtOnce(path: string, times: number): Promise<readonly SampleReply[]> {
    const request = { path, times, ...this.#world.clock };
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the sample's process has ended: ${this.output}`);
    return JSON.parse(value);
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
  }
}
