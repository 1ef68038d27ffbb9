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
  runInNewContext(SOURCE, {
    console: { error: (line: string) => lines.push(line) },
    process: {
      versions: { node: version },
      exit: (code: number) => {
        status = code;
      },
    },
  });
  return { lines, status };
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

test.each(["24.0.0", "24.21.0", "26.10.0", "100.0.0"])("Node %s may go on", (version) => {
  expect(runOn(version)).toEqual({ lines: [], status: undefined });
});

test("every script looks at Node's version first", () => {
  const { scripts, engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const { check, ...others } = scripts;

  expect(check).toBe("npm run lint && npm run types && npm test");
  for (const script of Object.values(others)) {
    expect(script).toMatch(/^node scripts\/require-node\.cjs && /);
  }
  expect(engines.node).toBe(">=24");
});
