/** `npm run simulate`, run as a process. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { healthyMonths } from "../../../proof/simulation/everyday-experiments.ts";
import { commandArguments } from "../../support/command-arguments.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const DIRECTORY = mkdtempSync(join(tmpdir(), "simulate-"));
const SMALL = ["--days", "1", "--accounts", "2", "--lifetime", "4h"];

afterAll(() => rmSync(DIRECTORY, { recursive: true }));

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function simulate(...options: readonly string[]): Promise<Run> {
  const args = [...commandArguments("proof/simulation/simulate.ts"), ...options];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe("A report", () => {
  test("of other options is JSON with one lifetime and the bursts of writes", async () => {
    const { status, stdout, stderr } = await simulate(...SMALL, "--json", "--seed", "2");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { command, lifetimes, writeBursts } = JSON.parse(stdout);
    expect(command).toContain("--seed 2");
    expect(lifetimes).toMatchObject([{ lifetimeHours: 4, accountDays: 2 }]);
    expect(writeBursts).toHaveLength(6);
  }, 300_000);

  test("depends on the seed", async () => {
    const options = { lifetimeSeconds: 4 * 3600, accounts: 2, days: 1 };
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => healthyMonths({ ...options, seed })),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test("of the default options is the one in the documents, byte for byte", async () => {
    const shown = /<!-- output: npm run simulate -->\n```text\n([^`]*)```/.exec(
      readFileSync(join(ROOT, "docs", "reliability.md"), "utf8"),
    );
    // With a picture of its own, so that the documents' is left as it is.
    const { stdout } = await simulate("--picture", join(DIRECTORY, "outage.svg"));
    expect(stdout).toBe(shown?.[1]);
    const picture = readFileSync(join(DIRECTORY, "outage.svg"), "utf8");
    expect(picture).toBe(readFileSync(join(ROOT, "docs", "outage.svg"), "utf8"));
  }, 300_000);
});

describe("The options", () => {
  test.each([
    [["--seed", "-1"], "Allowed are whole numbers from 0 to 1000000000."],
    [["--days", "3651"], "Allowed are whole numbers from 1 to 3650."],
    [["--days", "1e2"], "Allowed are whole numbers from 1 to 3650."],
    [["--accounts", "21"], "Allowed are whole numbers from 1 to 20."],
    [["--lifetime", "2h"], "Allowed are 3h to 168h"],
    [["--lifetime", "169h"], "Allowed are 3h to 168h"],
    [["--sed", "1"], "Did you mean --seed?"],
  ])("%j are refused", async (options, said) => {
    const { status, stdout, stderr } = await simulate(...options);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    // However its lines are wrapped.
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(said);
  });

  test("--picture with a path where nothing can be written is refused in plain words", async () => {
    const { status, stdout, stderr } = await simulate(...SMALL, "--picture", DIRECTORY);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("The picture could not be written: EISDIR");
    expect(stderr).not.toContain("    at ");
  });
});
