import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

const ROOT = join(import.meta.dirname, "..", "..");
const { scripts, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const ESBUILD = `@esbuild/${process.platform}-${process.arch}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "packages-"));
  for (const name of ["package.json", "scripts"]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/** With these packages installed, each an empty folder. */
function runWith(packages: readonly string[], { isFinished = true } = {}) {
  mkdirSync(join(folder, "node_modules"));
  if (isFinished) writeFileSync(join(folder, "node_modules", ".package-lock.json"), "{}");
  for (const name of packages) mkdirSync(join(folder, "node_modules", name), { recursive: true });
  const script = join(folder, "scripts", "require-packages.cjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("With every package it prints nothing", () => {
  const all = [...Object.keys(devDependencies), ESBUILD];
  expect(runWith(all)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("After an incomplete installation it says so", () => {
  const all = [...Object.keys(devDependencies), ESBUILD];
  const { status, stderr } = runWith(all, { isFinished: false });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^[^\n]*did not finish[^\n]*`npm ci`[^\n]*\n$/);
});

test.each([
  ["nothing", []],
  ["npm ci --omit=dev", ["@pulumi/aws", "@pulumi/pulumi"]],
  ["npm ci --omit=optional", Object.keys(devDependencies)],
])("After %s it says in one line what to run", (_, packages) => {
  const { status, stdout, stderr } = runWith(packages);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^Packages are missing [^\n]*\. Run `npm ci` without --omit\.\n$/);
});

test("Every script checks Node and the packages first", () => {
  const { check, ...others } = scripts;
  for (const part of check.split(" && ")) expect(part).toMatch(/^npm (run )?[a-z:]+$/);
  for (const script of Object.values(others)) {
    expect(script).toMatch(/^node (--require \.\/)?scripts\/require-packages\.cjs /);
  }
});
