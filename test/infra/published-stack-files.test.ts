/** The stack files as they are published. Delete this test once they are yours and hold your values. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { PROJECT_NAME } from "../../lambda/contract.ts";

const read = (file: string) => readFileSync(join(import.meta.dirname, "..", "..", file), "utf8");

const declared: Record<string, unknown> = parse(read("Pulumi.yaml")).config;

describe.each(["test", "prod"])("The published stack file of %s", (stack) => {
  const text = read(`Pulumi.${stack}.yaml`);

  test("sets declared keys and the Region, and nothing else", () => {
    const { config, ...others } = parse(text);
    const allowed = Object.keys(declared).map((key) => `${PROJECT_NAME}:${key}`);
    expect(others).toEqual({});
    expect(Object.keys(config).filter((key) => !allowed.includes(key))).toEqual(["aws:region"]);
  });

  test("holds nothing of its user's, and no secret", () => {
    const accountId = /\b[TP]\d{3,8}\b/;
    for (const personal of [/\d{12}/, /arn:/, /@/, accountId, /secure:/, /encrypt/, /secret/i]) {
      expect(text).not.toMatch(personal);
    }
  });

  test("gives the reason above each value that is not obvious", () => {
    const lines = text.split("\n");
    const unexplained = lines.filter(
      (line, index) => /^ {2}\S+: \S/.test(line) && !/^ {2}# \S/.test(lines[index - 1] ?? ""),
    );
    expect(unexplained.map((line) => line.trim().split(": ")[0])).toEqual([
      "aws:region",
      `${PROJECT_NAME}:environment`,
    ]);
  });
});
