/**
 * A Python environment with pinned packages: made once in `node_modules/.cache`, and again when its
 * requirements or Python change.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = join(import.meta.dirname, "..", "..", "node_modules", ".cache");

/** The oldest that the pinned versions run on. */
const MIN_MINOR = 10;

/**
 * @param requirementsPath - a file for `pip install -r`, with all packages and their dependencies.
 * @returns the folder that holds `python` and the packages' commands.
 * @throws with what to install, in one line.
 */
export async function pythonEnvironment(requirementsPath: string): Promise<string> {
  const version = await pythonVersion();
  const requirements = await readFile(requirementsPath);
  const key = createHash("sha256").update(requirements).update(version).digest("hex").slice(0, 12);
  const directory = join(CACHE, `python-${key}`);
  const finished = join(directory, "finished");
  if (!existsSync(finished)) {
    await make(directory, requirementsPath);
    await writeFile(finished, "");
  }
  return join(directory, "bin");
}

async function pythonVersion(): Promise<string> {
  const { stdout } = await run("python3", ["--version"]).catch(() => {
    throw new Error("This needs python3, which cannot be started: install Python.");
  });
  const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) !== 3 || Number(minor) < MIN_MINOR) {
    throw new Error(`This needs Python 3.${MIN_MINOR} or later; found ${stdout.trim()}.`);
  }
  return stdout.trim();
}

async function make(directory: string, requirementsPath: string): Promise<void> {
  process.stdout.write("Making a Python environment ...\n");
  // What an interrupted run has left.
  await rm(directory, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await run("python3", ["-m", "venv", directory]).catch((error: unknown) => {
    throw new Error(
      "This needs Python's venv module: install it (on Debian and Ubuntu: python3-venv).",
      { cause: error },
    );
  });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await run(join(directory, "bin", "python"), [...pip, "-r", requirementsPath]);
}
