/** Messages on a terminal of 80 columns. */
import { expect, test } from "@jest/globals";
import { wrapped } from "../../ops/wrapped-text.ts";

const WORDS = "Each sentence has words, and words make lines. ".repeat(9).trim();

test("No line is longer than 80, indent included, and no word is lost", () => {
  for (const indent of ["", "  "]) {
    const lines = wrapped(WORDS, indent).split("\n");
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(80);
      expect(line).toMatch(new RegExp(`^${indent}\\S.*\\S$`));
    }
    expect(lines.map((line) => line.trim()).join(" ")).toBe(WORDS);
    // None is shorter than it has to be: the next word would not fit.
    for (const [index, line] of lines.slice(0, -1).entries()) {
      const [next = ""] = (lines[index + 1] ?? "").trim().split(" ");
      expect(line.length + 1 + next.length).toBeGreaterThan(80);
    }
  }
});

test("A word that is longer than a line stays whole", () => {
  const arn = "a".repeat(90);
  expect(wrapped(`The key ${arn} is off.`)).toBe(`The key\n${arn}\nis off.`);
});

test("Lines that begin with a space stay as they are", () => {
  const code = `  ${"const { a } = b; ".repeat(9)}`;
  expect(wrapped(`Add this:\n${code}\nThen deploy.`)).toBe(`Add this:\n${code}\nThen deploy.`);
});

test.each([
  "npm run ops -- status",
  "npx dintero-token-rotation status",
  "aws kms enable-key",
  "pulumi stack ls",
  "export A=b",
])("%s at the end of a line gets its own line and is not broken", (command) => {
  const long = `${command} ${"x".repeat(90)} ${"y".repeat(9)}`;
  expect(wrapped(`Do this. Run: ${long}\nThen run: ${command}\nThat is all.`, "  ")).toBe(
    `  Do this. Run:\n    ${long}\n  Then run:\n    ${command}\n  That is all.`,
  );
});
