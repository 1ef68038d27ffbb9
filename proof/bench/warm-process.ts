/** A function that stays loaded, in a process of its own. Used by the measurements of checks. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { functionEnvironment } from "./function-environment.ts";
import type { Sample } from "./take-turns.ts";

const CHILD = fileURLToPath(new URL("./warm-child.mjs", import.meta.url));

export class WarmProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  /**
   * @param url - `file:` URL of the module that exports `handler`.
   * @throws when it cannot be loaded.
   */
  static async start(
    url: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<WarmProcess> {
    const child = fork(CHILD, [url], {
      execArgv: [],
      env: functionEnvironment(environment),
      // What the function logs is written, as it is in Lambda, and thrown away.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await messageOf(child);
    return new WarmProcess(child);
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /**
   * Makes checks one after the other.
   * @returns `checkMs` and `checkCpuMs`, the mean of one, and `peakMiB` of the process so far.
   * @throws when one fails.
   */
  async makeChecks(event: unknown, count: number): Promise<Sample> {
    this.#child.send({ event, count });
    return messageOf(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, "exit");
  }
}

/** The next message; its form is the child's to keep. */
async function messageOf(child: ChildProcess): Promise<Sample> {
  const stopped = new AbortController();
  try {
    return await Promise.race([
      once(child, "message", { signal: stopped.signal }).then(([message]) => message),
      once(child, "exit", { signal: stopped.signal }).then(([status]) => {
        throw new Error(`The measured process ended with status ${status}.`);
      }),
    ]);
  } finally {
    stopped.abort();
  }
}
