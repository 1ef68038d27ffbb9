/** Measures a function in a process of its own, from loading it on. Called by `measure-load`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { functionEnvironment } from "./function-environment.ts";
import type { Sample } from "./take-turns.ts";

const CHILD = fileURLToPath(new URL("./fresh-child.mjs", import.meta.url));

export interface FreshRun {
  /** `file:` URL of the module that exports `handler`. */
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it is called with once it is loaded. */
  readonly event?: unknown;
}

/**
 * @returns `loadMs` and `loadCpuMs`, `rssMiB` and `heapMiB` (after a collection) once loaded;
 * `loadAndCheckMs` and `loadAndCheckCpuMs` with the check, which is none without an event.
 * @throws when the function cannot be loaded, or fails.
 */
export async function runFresh({ url, environment, event }: FreshRun): Promise<Sample> {
  const child = spawn(
    process.execPath,
    ["--expose-gc", CHILD, url, ...(event === undefined ? [] : [JSON.stringify(event)])],
    {
      env: functionEnvironment(environment),
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  );
  const pipe = child.stdio[3];
  if (!pipe || !("read" in pipe)) throw new Error("The measured process has no pipe.");
  const [report, [status]] = await Promise.all([text(pipe), once(child, "close")]);
  if (status !== 0) throw new Error(`The measured process ended with status ${status}.`);
  return JSON.parse(report);
}
