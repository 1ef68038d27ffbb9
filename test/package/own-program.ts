/** Somebody's own Pulumi program, in an empty folder with the packed npm package installed. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);

const folders: string[] = [];

/** All that this module has written. */
export function removeOwnPrograms(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** It builds everything, so it has a time of its own, before that of the first test. */
export const PACK_TIMEOUT_MS = 240_000;

/** What `npm pack` makes of this project, unpacked: its folder. Once for all programs of a test file. */
let packed: Promise<string> | undefined;

export function packedPackage(): Promise<string> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<string> {
  const folder = newFolder();
  // Without the settings of the npm that runs this test, and as npm asks nothing of a registry.
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: ROOT,
    env: { ...process.env, npm_config_loglevel: "error", npm_config_json: "" },
  });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("[")));
  await run("tar", ["xzf", join(folder, filename), "-C", folder]);
  return join(folder, "package");
}

/**
 * @param files - by name; `package.json` among them.
 * @param packages - of this project's own, to be installed beside it, by the name that they have there.
 */
export async function writeOwnProgram(
  files: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = newFolder();
  mkdirSync(join(folder, "node_modules"));
  // A copy: what it imports is looked for beside where it really is.
  cpSync(await packedPackage(), join(folder, "node_modules", "dintero-token-rotation"), {
    recursive: true,
  });
  for (const [name, source] of Object.entries({ "@pulumi": "@pulumi", ...packages })) {
    symlinkSync(join(ROOT, "node_modules", source), join(folder, "node_modules", name));
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tokens-program-"));
  folders.push(folder);
  return folder;
}
