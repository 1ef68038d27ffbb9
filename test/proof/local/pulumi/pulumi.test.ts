/** The stand-in of the Pulumi CLI, run as a process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const PULUMI = join(
  import.meta.dirname,
  "..",
  "..",
  "..",
  "..",
  "proof",
  "local",
  "pulumi",
  "versions",
  "stand-in",
  "bin",
  "pulumi",
);
const OUTPUTS = '{\n  "functionName": "check"\n}\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-"));
  writeFileSync(join(folder, "test.json"), OUTPUTS);
});
afterAll(() => rmSync(folder, { recursive: true }));

function pulumi(args: readonly string[], outputsFile = "test.json") {
  const { status, stdout, stderr } = spawnSync(PULUMI, args, {
    encoding: "utf8",
    env: { ...process.env, DINTERO_LOCAL_STACK_OUTPUTS: join(folder, outputsFile) },
  });
  return { status, stdout, stderr };
}

describe("pulumi stack output --json --stack", () => {
  test("answers the outputs of the stack", () => {
    expect(pulumi(["stack", "output", "--json", "--stack", "test"])).toEqual({
      status: 0,
      stdout: OUTPUTS,
      stderr: "",
    });
  });

  test.each(["prod", "tes", "est", "", "../test", "a b"])("knows no stack %j", (name) => {
    expect(pulumi(["stack", "output", "--json", "--stack", name])).toEqual({
      status: 6,
      stdout: "",
      stderr: `error: no stack named '${name}' found\n`,
    });
  });

  test("says so where the stack has ended", () => {
    const { status, stdout, stderr } = pulumi(
      ["stack", "output", "--json", "--stack", "test"],
      "gone/test.json",
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("npm start -- --stay");
  });
});

test.each([
  ["nothing", []],
  ["another command", ["up", "--stack", "test"]],
  ["another format", ["stack", "output", "--stack", "test"]],
  ["more than that", ["stack", "output", "--json", "--stack", "test", "--show-secrets"]],
  ["one word for several", ["stack output", "--json", "--stack", "test", "x"]],
])("%s is refused in one line that says what it knows", (_, args) => {
  const { status, stdout, stderr } = pulumi(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(
    /^error: this is a stand-in .*'pulumi stack output --json --stack STACK'.*\n$/,
  );
});
