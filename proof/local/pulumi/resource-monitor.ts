/**
 * Runs a Pulumi program as the CLI does, but against engine and provider on loopback that only
 * record: the program in a process of its own, under Pulumi's real language runtime. For tests of
 * the entry point; components are tested faster with `FakeEngine`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import {
  type LogMessage,
  RecordingMonitor,
  type RegisteredResource,
  type WireProperties,
} from "./recording-monitor.ts";

export interface ProgramOptions {
  /** The project's root, which holds `Pulumi.yaml` and `node_modules`. */
  readonly directory: string;
  /** As in `Pulumi.yaml`: a folder or a file. */
  readonly main: string;
  readonly project: string;
  readonly stack: string;
  /** By key, such as `aws:region`, of this project where the key names none; lists as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Ids, ARNs and generated names are then unknown. */
  readonly preview?: boolean;
  /** What functions of providers return, by token, such as `aws:index/getRegion:getRegion`. */
  readonly invokes?: Readonly<Record<string, WireProperties>>;
  readonly versionFault?: string;
  /** As in `Pulumi.yaml`: Pulumi loads TypeScript itself, and checks its types. */
  readonly typescript?: boolean;
  /** The Node to run it on; this process's own by default. */
  readonly nodePath?: string;
}

export interface ProgramRun {
  /** The exit code; 0 is success, 32 a failure that `logs` describe. */
  readonly status: number;
  /** Sorted by URN, because the order of registration may differ from run to run. */
  readonly resources: readonly RegisteredResource[];
  /** Of the stack, plain; `pulumi.runtime.unknownValue` for what a preview does not know. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly stdout: string;
  readonly stderr: string;
  /** What the CLI would print as diagnostics. */
  readonly logs: readonly LogMessage[];
}

/** @throws when Node cannot be started, or the program does not end within a minute. */
export async function runProgram(options: ProgramOptions): Promise<ProgramRun> {
  const { project, stack, preview = false, invokes = {}, versionFault } = options;
  const monitor = new RecordingMonitor({ project, stack, preview, invokes, versionFault });
  try {
    const address = await monitor.listen();
    const { nodePath = process.execPath, directory } = options;
    const child = spawn(nodePath, await languageHostArguments(options, address), {
      cwd: directory,
      env: languageHostEnvironment(options),
      stdio: ["ignore", "pipe", "pipe"],
      // Not `timeout`, whose timer outlives a process that cannot be started.
      signal: AbortSignal.timeout(60_000),
      killSignal: "SIGKILL",
    });
    const [stdout, stderr, [status, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    if (status === null) throw new Error(`the program was ended by ${signal}: ${stdout}${stderr}`);
    const resources = [...monitor.resources.values()].toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
    const { outputs, logs } = monitor;
    return { status, resources, outputs, stdout, stderr, logs };
  } finally {
    monitor.close();
  }
}

/**
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go,
 * `constructArguments`.
 */
async function languageHostArguments(
  { directory, main, project, stack, preview }: ProgramOptions,
  address: string,
): Promise<string[]> {
  const path = join(directory, main);
  const isFolder = (await stat(path)).isDirectory();
  return [
    join(directory, "node_modules", "@pulumi", "pulumi", "cmd", "run"),
    ...["--monitor", address],
    ...["--engine", address],
    // Of a state backend of one's own, where the CLI knows no other name.
    ...["--organization", "organization"],
    ...["--project", project],
    ...["--root-directory", directory],
    ...["--stack", stack],
    ...["--pwd", isFolder ? path : dirname(path)],
    ...(preview ? ["--dry-run"] : []),
    ...["--parallel", "16"],
    isFolder ? "." : basename(path),
  ];
}

/**
 * Without this process's own variables, such as a Region or a proxy. Without `PULUMI_NODEJS_TYPESCRIPT`,
 * as `typescript: false` does.
 * Source: as above, `execRuntime` and `constructConfig`.
 */
function languageHostEnvironment({
  project,
  config,
  typescript = false,
}: ProgramOptions): NodeJS.ProcessEnv {
  const qualified = Object.entries(config).map(([key, value]) => [
    (key.includes(":") ? key : `${project}:${key}`).replace(":", ":config:"),
    value,
  ]);
  return {
    PATH: process.env["PATH"],
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(qualified)),
    PULUMI_CONFIG_SECRET_KEYS: "[]",
    ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
  };
}
