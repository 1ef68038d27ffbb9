/** The stand-in of the Pulumi CLI, run as a process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const PULUMI = join(ROOT, "proof", "local", "pulumi", "bin", "pulumi");
const OUTPUT = ["stack", "output", "--json", "--stack"];

const folder = mkdtempSync(join(tmpdir(), "pulumi-"));
writeFileSync(join(folder, "test.json"), "{}\n");
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string[], outputsFile: string, status: number, stdout: string]>([
  [[...OUTPUT, "test"], "test.json", 0, "{}\n"],
  [["stack", "output", "--stack", "test"], "test.json", 0, "{}\n"],
  [["stack", "ls"], "test.json", 0, "test\n"],
  [["stack", "ls"], "gone/test.json", 1, ""],
  [[...OUTPUT, "prod"], "test.json", 6, ""],
  [[...OUTPUT, "tes"], "test.json", 6, ""],
  [[...OUTPUT, "test"], "gone/test.json", 1, ""],
  [[...OUTPUT, "test", "--show-secrets"], "test.json", 2, ""],
  [["up", "--stack", "test"], "test.json", 2, ""],
])("%j with %s ends with %d", (args, outputsFile, status, stdout) => {
  const env = { ...process.env, DINTERO_LOCAL_STACK_OUTPUTS: join(folder, outputsFile) };
  const ended = spawnSync(PULUMI, args, { encoding: "utf8", env });
  expect(ended).toMatchObject({ status, stdout });
  expect(ended.stderr).toMatch(status === 0 ? /^$/ : /^error: [\s\S]+\n$/);
});
