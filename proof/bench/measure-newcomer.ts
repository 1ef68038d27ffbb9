/** What a newcomer waits, in a copy of the project as it would be checked out. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..");
/** In a newcomer's order: nothing works before the first. */
const COMMANDS = ["npm ci", "npm start", "npm test", "npm run check"];

export interface Wait {
  readonly command: string;
  readonly seconds: number;
}

/** Once each, since a newcomer runs them once. @throws when a command fails. */
export async function measureNewcomer(): Promise<Wait[]> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const project = join(directory, "project");
    await checkOut(project);
    const environment = { ...process.env, npm_config_cache: join(directory, "npm-cache") };
    const waits: Wait[] = [];
    for (const command of COMMANDS) {
      process.stderr.write(`measuring: ${command}\n`);
      waits.push({ command, seconds: await secondsOf(command, project, environment) });
    }
    return waits;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** With changes that are not committed, and without what Git ignores. */
async function checkOut(directory: string): Promise<void> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await run("git", list, { cwd: ROOT });
  for (const path of stdout.split("\0")) {
    // Git lists what was deleted, too, until that is committed.
    if (path !== "" && existsSync(join(ROOT, path))) {
      await cp(join(ROOT, path), join(directory, path));
    }
  }
  // Some commands ask Git which files it ignores.
  await run("git", ["init", "--quiet"], { cwd: directory });
}

async function secondsOf(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const [program = "", ...options] = command.split(" ");
  const startedAtMs = performance.now();
  await run(program, options, { cwd, env, maxBuffer: Number.POSITIVE_INFINITY });
  return (performance.now() - startedAtMs) / 1000;
}
