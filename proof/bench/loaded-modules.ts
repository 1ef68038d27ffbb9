/**
 * Which modules the function loads when it starts, and which its first check loads on top: of the
 * bundle and of Node. Called by `measure-budget`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Metafile } from "esbuild";
import { BUNDLE_OPTIONS } from "../../infra/bundle.ts";
import { FUNCTION_ENTRY } from "./bundle-subject.ts";
import { functionEnvironment } from "./function-environment.ts";

const CHILD = fileURLToPath(new URL("./module-loads-child.mjs", import.meta.url));

export interface LoadedModules {
  /** `lambda/handler.ts`, `@smithy/core/dist-es/index.js`, `node:https`; sorted. */
  readonly atStart: readonly string[];
  readonly byFirstCheck: readonly string[];
}

/**
 * The function is built in parts here, one for all that waits for an `import()`, so that Node can
 * tell which of them it loads.
 * @param environment - of a function that has something to check.
 * @param event - of that check.
 */
export async function loadedModules(
  environment: Readonly<Record<string, string>>,
  event: object,
): Promise<LoadedModules> {
  const outdir = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const { metafile } = await build({
      ...BUNDLE_OPTIONS,
      entryPoints: [FUNCTION_ENTRY],
      outdir,
      outExtension: { ".js": ".mjs" },
      splitting: true,
      metafile: true,
    });
    const url = pathToFileURL(join(outdir, "handler.mjs")).href;
    const { atStart, byCheck } = await loads(url, environment, event);
    return {
      atStart: namesOf(atStart, metafile),
      byFirstCheck: namesOf(byCheck, metafile),
    };
  } finally {
    await rm(outdir, { recursive: true });
  }
}

interface Loads {
  readonly files: readonly string[];
  readonly builtins: readonly string[];
}

async function loads(
  url: string,
  environment: Readonly<Record<string, string>>,
  event: object,
): Promise<{ atStart: Loads; byCheck: Loads }> {
  const child = spawn(process.execPath, [CHILD, url, JSON.stringify(event)], {
    env: functionEnvironment(environment),
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const pipe = child.stdio[3];
  if (!pipe || !("read" in pipe)) throw new Error("The process has no pipe.");
  const [report, [status]] = await Promise.all([text(pipe), once(child, "close")]);
  if (status !== 0) throw new Error(`The process ended with status ${status}.`);
  return JSON.parse(report);
}

function namesOf({ files, builtins }: Loads, { outputs }: Metafile): string[] {
  const inputs = files
    .filter((file) => file.startsWith("file:"))
    .flatMap((file) => {
      const name = basename(fileURLToPath(file));
      const output = Object.entries(outputs).find(([path]) => basename(path) === name);
      return Object.keys(output?.[1].inputs ?? {});
    });
  return [...inputs.map(moduleName), ...builtins.flatMap(builtinName)].toSorted();
}

/** Without the way to `node_modules`, which may lie anywhere. */
export function moduleName(input: string): string {
  return input.split("node_modules/").at(-1) ?? input;
}

/** Public modules, and the packages inside Node such as undici; the rest is Node's own business. */
function builtinName(loaded: string): string[] {
  const name = /^NativeModule (?!internal\/)(.+)|^NativeModule internal\/deps\/([^/]+)/.exec(
    loaded,
  );
  const found = name?.[1] ?? name?.[2];
  return found === undefined ? [] : [`node:${found}`];
}
