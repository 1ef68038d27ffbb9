/**
 * Runs the built bundle as Lambda would: loaded once, with an environment of its own, one event at
 * a time.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { devNull } from "node:os";
import type { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import type { CheckResult } from "../../lambda/contract.ts";

export interface LambdaRequest {
  readonly event: unknown;
  readonly requestId: string;
  readonly offsetMs: number;
  readonly endOfOutput: string;
}

/** What Lambda gives back: the result, or the error that the handler threw. */
export type LambdaReply =
  | { readonly result: CheckResult; readonly error?: never }
  | { readonly result?: never; readonly error: LambdaError };

export interface LambdaError {
  readonly errorType: string;
  readonly errorMessage: string;
}

export type Invocation = LambdaReply & {
  /** All that was written to stdout and stderr, which Lambda sends to the log group. */
  readonly output: string;
};

export interface LambdaRuntimeOptions {
  /** `file:` URL of the built bundle. */
  readonly bundleUrl: string;
  /** Nothing else of this process's environment is passed on. */
  readonly environment: Readonly<Record<string, string>>;
}

export class LambdaRuntime {
  readonly #worker: Worker;
  /** Rejects when the thread ends. */
  readonly #ended: Promise<never>;
  readonly #stdout: Output;
  readonly #stderr: Output;

  constructor({ bundleUrl, environment }: LambdaRuntimeOptions) {
    this.#worker = new Worker(new URL("./lambda-worker.ts", import.meta.url), {
      workerData: { bundleUrl },
      env: {
        // No file of this machine's user may change what the SDK does.
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        AWS_LAMBDA_LOG_FORMAT: "JSON",
        ...environment,
      },
      stdout: true,
      stderr: true,
    });
    this.#ended = once(this.#worker, "exit").then(() => {
      throw new Error("The function was stopped.");
    });
    // Only a caller who waits for a reply gets it; without one it is no failure.
    this.#ended.catch(() => undefined);
    this.#stdout = new Output(this.#worker.stdout);
    this.#stderr = new Output(this.#worker.stderr);
  }

  /**
   * Sends one event, and waits for the reply.
   * @param offsetMs - how far the function's clock is ahead of the system's.
   * @param requestId - the function's `awsRequestId`, which its log lines carry.
   * @throws what the bundle throws while it is loaded; that the function was stopped in the middle.
   */
  async invoke(
    event: unknown,
    offsetMs = 0,
    requestId: string = randomUUID(),
  ): Promise<Invocation> {
    const endOfOutput = `END ${requestId}\n`;
    const request: LambdaRequest = { event, requestId, offsetMs, endOfOutput };
    this.#worker.postMessage(request);
    const replied: Promise<LambdaReply[]> = once(this.#worker, "message");
    const [[reply], stdout, stderr] = await Promise.race([
      Promise.all([
        replied,
        this.#stdout.takeUntil(endOfOutput),
        this.#stderr.takeUntil(endOfOutput),
      ]),
      this.#ended,
    ]);
    if (!reply) throw new Error("The function's thread gave no reply.");
    return { ...reply, output: stdout + stderr };
  }

  /** Ends the thread at once, whatever it is doing. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** What a stream has brought, to be taken part by part. */
class Output {
  readonly #stream: Readable;
  #text = "";

  constructor(stream: Readable) {
    this.#stream = stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      this.#text += chunk;
    });
  }

  async takeUntil(end: string): Promise<string> {
    while (!this.#text.includes(end)) await once(this.#stream, "data");
    const [taken = "", ...rest] = this.#text.split(end);
    this.#text = rest.join(end);
    return taken;
  }
}
