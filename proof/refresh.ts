/**
 * `npm run refresh`: writes again everything in the repository that is copied from the output of a
 * command and is the same on every machine. Measured figures are not: `npm run bench -- --write`.
 */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "..");
const PAGES = ["README.md", "docs/reliability.md"];

for (const page of PAGES) {
  const path = join(ROOT, page);
  await writeFile(path, await withOutputs(await readFile(path, "utf8")));
}
await outputOf("bench", "--record");

/** The page with the output of each command that a comment names above a block. */
async function withOutputs(page: string): Promise<string> {
  const blocks = page.matchAll(
    /<!-- output: npm (?:run )?(\S+)(?: -- (.+))? -->\n```text\n([^`]*)```/g,
  );
  let text = page;
  for (const [block, script = "", args, shown = ""] of blocks) {
    const output = await outputOf(script, ...(args?.split(" ") ?? []));
    text = text.replace(block, () => block.replace(shown, () => output));
  }
  return text;
}

async function outputOf(script: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, FORCE_COLOR: "0" };
  const npm = promisify(execFile);
  return (await npm("npm", ["run", "--silent", script, "--", ...args], { cwd: ROOT, env })).stdout;
}
