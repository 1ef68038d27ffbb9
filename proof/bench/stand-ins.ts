/**
 * AWS and Dintero in a process of their own, so that their work is not measured as the function's.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./stand-ins-process.ts", import.meta.url));

export class StandIns implements AsyncDisposable {
  /** Of a function that is to use them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;

  static async start(accountIds: readonly string[]): Promise<StandIns> {
    const child = fork(CHILD, accountIds);
    const [environment] = await once(child, "message");
    return new StandIns(child, environment);
  }

  private constructor(child: ChildProcess, environment: Readonly<Record<string, string>>) {
    this.#child = child;
    this.environment = environment;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, "exit");
  }
}
