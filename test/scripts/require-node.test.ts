import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";

const ROOT = join(import.meta.dirname, "..", "..");
const SOURCE = readFileSync(join(ROOT, "scripts", "require-node.cjs"), "utf8");

/** The lines that the script prints on such a machine, and the status it exits with. */
function runOn(version: string, platform = "linux") {
  const lines: string[] = [];
  let status: number | undefined;
  let keepsCode = false;
  const context = {
    console: { error: (line: string) => lines.push(line) },
    require: () => ({
      enableCompileCache: () => {
        keepsCode = true;
      },
    }),
    process: {
      versions: { node: version },
      platform,
      exit: (code: number) => {
        status = code;
        throw new Error("exit");
      },
    },
  };
  try {
    runInNewContext(SOURCE, context);
  } catch (error) {
    // As `process.exit`, which never returns.
    if (status === undefined) throw error;
  }
  return { lines, status, keepsCode };
}

test.each(["0.10.48", "16.20.2", "20.20.2", "22.22.0", "23.11.1"])(
  "Node %s is refused in one line that says what to do",
  (version) => {
    const { lines, status } = runOn(version);

    expect(status).toBe(2);
    expect(lines).toEqual([expect.stringContaining(`this is Node ${version}. Run \`npm ci\``)]);
    expect(lines[0]).not.toContain("\n");
  },
);

test.each(["24.0.0", "24.21.0", "26.10.0", "100.0.0"])(
  "Node %s is accepted, and keeps what it compiles",
  (version) => {
    expect(runOn(version)).toEqual({ lines: [], status: undefined, keepsCode: true });
  },
);

test("Windows is refused in one line that says what to use", () => {
  const { lines, status } = runOn("24.21.0", "win32");
  expect(status).toBe(2);
  expect(lines).toEqual([expect.stringMatching(/^Windows .* WSL .*\.$/)]);
});

test("Pulumi's program checks both, and no package that is only for the other commands", () => {
  const entry = readFileSync(join(ROOT, "infra", "index.mjs"), "utf8");
  expect(entry).toContain('import "../scripts/require-node.cjs";');
});
