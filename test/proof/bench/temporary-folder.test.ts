import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../proof/bench/temporary-folder.ts";

const MODULE = join(import.meta.dirname, "..", "..", "..", "proof", "bench", "temporary-folder.ts");

test("A temporary folder is there until it is disposed of", () => {
  const { path, [Symbol.dispose]: dispose } = temporaryFolder();
  expect(existsSync(path)).toBe(true);
  dispose();
  expect(existsSync(path)).toBe(false);
});

test("A temporary folder is gone when its process ends before that", () => {
  const script = `
    import { temporaryFolder } from ${JSON.stringify(pathToFileURL(MODULE).href)};
    console.log(temporaryFolder().path);
    process.exit(130);
  `;
  let path = "";
  try {
    execFileSync(process.execPath, ["--input-type=module", "--eval", script], { stdio: "pipe" });
  } catch (error) {
    path = String(Object(error).stdout).trim();
  }
  expect(path).toContain("bench-");
  expect(existsSync(path)).toBe(false);
});
