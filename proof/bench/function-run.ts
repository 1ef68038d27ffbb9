/** Runs a function in a process of its own, and measures it from loading it on. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface FunctionRunOptions {
  /** `file:` URL of the module that exports `handler`. */
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly event?: object;
  /** How many checks it makes once it is loaded. */
  readonly checks: number;
}

export interface FunctionRun {
  readonly loadMs: number;
  /** With loading; absent without checks, as are the next two. */
  readonly firstCheckMs?: number;
  /** Processor time of both. */
  readonly firstCheckCpuMs?: number;
  /** Of the process at the end. */
  readonly peakMiB: number;
  /** Node's own modules, as Node lists them. */
  readonly atStart: readonly string[];
  /** In addition. */
  readonly byFirstCheck?: readonly string[];
}

/** @throws if the function cannot be loaded, or a check fails. */
export async function runFunction(options: FunctionRunOptions): Promise<FunctionRun> {
  const { url, environment, event = {}, checks } = options;
  const script = join(import.meta.dirname, "function-run-child.mjs");
  const child = spawn(
    process.execPath,
    ["--expose-gc", script, url, JSON.stringify(event), String(checks)],
    {
      // As in Lambda, where no file of a user changes what the SDK does.
      env: {
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        AWS_LAMBDA_LOG_FORMAT: "JSON",
        ...environment,
      },
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  );
  const pipe = child.stdio[3];
  if (!pipe || !("read" in pipe)) throw new Error("The measured process has no pipe.");
  const [report, [status]] = await Promise.all([text(pipe), once(child, "close")]);
  if (status !== 0) throw new Error(`The measured process ended with status ${status}.`);
  return JSON.parse(report);
}
