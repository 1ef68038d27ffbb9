/** How large packages are that are deployed as npm installs them. Called for the Node sample. */
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

const PROJECT_ROOT = join(import.meta.dirname, "..", "..");

/** All files of the packages and of what they depend on, in bytes, each package once. */
export async function installedBytes(packages: readonly string[]): Promise<number> {
  const folders = new Set<string>();
  for (const name of packages) await addFolders(name, PROJECT_ROOT, folders);
  const sizes = await Promise.all([...folders].map(folderBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function addFolders(name: string, from: string, folders: Set<string>): Promise<void> {
  const folder = await folderOf(name, from);
  if (folders.has(folder)) return;
  folders.add(folder);
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  for (const dependency of Object.keys(dependencies)) await addFolders(dependency, folder, folders);
}

/** As Node finds it: in the nearest `node_modules` upwards. */
async function folderOf(name: string, from: string): Promise<string> {
  const folder = join(from, "node_modules", name);
  const exists = await stat(join(folder, "package.json")).then(
    () => true,
    () => false,
  );
  if (exists) return folder;
  if (dirname(from) === from) throw new Error(`${name} is not installed: run npm ci.`);
  return folderOf(name, dirname(from));
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    // What a package brings in a folder of its own is counted where it is found as a dependency.
    if (entry.isDirectory()) return entry.name === "node_modules" ? 0 : folderBytes(path);
    return (await stat(path)).size;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
