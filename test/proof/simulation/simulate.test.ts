/** `npm run simulate`, run as a process. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";

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
  const script = join(ROOT, "proof", "simulation", "simulate.ts");
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...options], (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

function file(name: string, text: string): string {
  const path = join(DIRECTORY, name);
  writeFileSync(path, text);
  return path;
}

describe("A report", () => {
  test("is the same for the same seed, byte for byte, and another for another", async () => {
    const first = await simulate(...SMALL, "--json");
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: "" });
    expect((await simulate(...SMALL, "--json")).stdout).toBe(first.stdout);
    const other = await simulate(...SMALL, "--json", "--seed", "2");
    const [{ lifetimes }, { lifetimes: others }] = [
      JSON.parse(first.stdout),
      JSON.parse(other.stdout),
    ];
    expect(lifetimes).toHaveLength(1);
    expect(lifetimes[0]).toMatchObject({ lifetimeHours: 4, accountDays: 2 });
    expect(lifetimes).not.toEqual(others);
  }, 120_000);

  test("of the default options is the one in the documents", async () => {
    const shown = /<!-- output: npm run simulate -->\n```text\n([^`]*)```/.exec(
      readFileSync(join(ROOT, "docs", "reliability.md"), "utf8"),
    );
    // With a picture of its own, so that the documents' is left as it is.
    const { stdout } = await simulate("--picture", join(DIRECTORY, "outage.svg"));
    expect(stdout).toBe(shown?.[1]);
    const picture = readFileSync(join(DIRECTORY, "outage.svg"), "utf8");
    expect(picture).toBe(readFileSync(join(ROOT, "docs", "outage.svg"), "utf8"));
  }, 120_000);
});

describe("A scenario", () => {
  test("is played in place of all else, and told in words and as JSON", async () => {
    const path = file(
      "good.json",
      '{ "lifetime": "24h", "days": 2, "accounts": 1,\n"incidents": [{ "kind": "dintero-down", "from": "10h", "for": "20h" }] }',
    );
    const { stdout } = await simulate("--scenario", path);
    expect(stdout).toContain("Tokens that live for 24 h, 1 account, 2 days");
    expect(stdout).toMatch(/first alarm +renewals-failing +failed-run/);
    expect(stdout).toContain("token-at-risk is on");

    const { scenarios } = JSON.parse((await simulate("--scenario", path, "--json")).stdout);
    expect(scenarios).toHaveLength(1);
    const { thisProgram, daily } = scenarios[0].outcome;
    expect(thisProgram).toMatchObject({ expiredMs: 0, untold: 0 });
    expect(daily.expiredMs).toBeGreaterThan(0);
  }, 60_000);

  test("gives way to the command line", async () => {
    const path = file("small.json", '{ "lifetime": "24h", "days": 2, "incidents": [] }');
    const { stdout } = await simulate("--scenario", path, "--lifetime", "4h", "--days", "1");
    expect(stdout).toContain("Tokens that live for 4 h, 2 accounts, 1 day");
    expect(stdout).toContain("This program told nobody of anything.");
  }, 60_000);

  test("that the models do not know is told, and nothing is run", async () => {
    const path = file("bad.json", '{ "incidents": [\n{ "kind": "flood", "from": "1h" } ] }');
    const { status, stdout, stderr } = await simulate("--scenario", path);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/bad\.json:2: incidents\[0\]\.kind \("flood"\) .* allowed are dintero-/);
  });

  test("that cannot be read is told by its name", async () => {
    const { status, stderr } = await simulate("--scenario", join(DIRECTORY, "none.json"));
    expect(status).toBe(1);
    expect(stderr).toMatch(/none\.json cannot be read \(ENOENT\)\.\n$/);
  });
});

describe("The options", () => {
  test("are told by --help", async () => {
    const { status, stdout } = await simulate("--help");
    expect(status).toBe(0);
    for (const name of ["seed", "days", "accounts", "lifetime", "scenario", "json", "picture"]) {
      expect(stdout).toContain(`--${name}`);
    }
  });

  test.each([
    [["--seed", "-1"], "Allowed are whole numbers from 0 to 1000000000."],
    [["--seed", "1000000001"], "Allowed are whole numbers from 0 to 1000000000."],
    [["--seed", "x"], "Allowed are whole numbers from 0 to 1000000000."],
    [["--days", "0"], "Allowed are whole numbers from 1 to 3650."],
    [["--days", "3651"], "Allowed are whole numbers from 1 to 3650."],
    [["--days", "1e2"], "Allowed are whole numbers from 1 to 3650."],
    [["--accounts", "0"], "Allowed are whole numbers from 1 to 20."],
    [["--accounts", "21"], "Allowed are whole numbers from 1 to 20."],
    [["--lifetime", "2h"], "Allowed are 3h to 168h"],
    [["--lifetime", "169h"], "Allowed are 3h to 168h"],
    [["--lifetime", "24"], "Allowed are 3h to 168h"],
    [["--scenario"], "argument missing"],
    [["--scenario", "a", "--picture", "b"], "cannot be used with"],
    [["--sed", "1"], "Did you mean --seed?"],
    [["all"], "too many arguments"],
  ])("%j are refused", async (options, said) => {
    const { status, stdout, stderr } = await simulate(...options);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(said);
  });
});
