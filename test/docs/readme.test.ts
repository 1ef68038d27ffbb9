import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { commandArguments } from "../support/command-arguments.ts";
import { PLAIN_ENVIRONMENT } from "../support/plain-environment.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..", "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

test("the README shows what the command above it prints, but for times and tokens", async () => {
  const [, options = "", shown = ""] =
    /<!-- output: npm start -- (.*) -->\n```text\n([^`]*)```/.exec(README) ?? [];
  expect(shown).not.toBe("");

  const args = [...commandArguments("proof/local/start.ts"), ...options.split(" ")];
  const { stdout } = await run(process.execPath, args, { env: PLAIN_ENVIRONMENT });

  expect(withoutChance(shown)).toEqual(withoutChance(stdout));
});

test("each link of the README leads to a file", () => {
  const targets = [...README.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = ""]) => target);
  expect(targets.length).toBeGreaterThan(0);
  for (const target of targets) expect(readFileSync(join(ROOT, target), "utf8")).not.toBe("");
});

/** The lines, without what differs from run to run. */
function withoutChance(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .replace(/^ {2}\d\d:\d\d {2}/, "  HH:MM  ")
        .replace(/token {2}[0-9a-f]{12}/, "token  FINGERPRINT")
        .replace(/\(\d+\.\d s\)/, "(N.N s)"),
    );
}
