import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";

const ROOT = join(import.meta.dirname, "..", "..");
const SOURCE = readFileSync(join(ROOT, "scripts", "require-node.cjs"), "utf8");

/** The lines that the script prints on a Node of this version, and the status it exits with. */
function runOn(version: string) {
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

    expect(status).toBe(1);
    expect(lines).toEqual([expect.stringContaining(`this is Node ${version}: run \`npm ci\``)]);
    expect(lines[0]).not.toContain("\n");
  },
);

test.each(["24.0.0", "24.21.0", "26.10.0", "100.0.0"])(
  "Node %s may go on, and keeps what it compiles",
  (version) => {
    expect(runOn(version)).toEqual({ lines: [], status: undefined, keepsCode: true });
  },
);

test("every script looks at Node's version first", () => {
  const { scripts, engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const { check, ...others } = scripts;

  for (const part of check.split(" && ")) expect(part).toMatch(/^npm (run )?[a-z:]+$/);
  for (const script of Object.values(others)) {
    expect(script).toMatch(/^node (--require \.\/)?scripts\/require-node\.cjs /);
  }
  expect(engines.node).toBe(">=24");
});
