/** The updates that docs/pipeline.md promises to a copy of the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as v from "valibot";
import { parse } from "yaml";
import { ROOT, readDocument } from "./documents.ts";

// Strict, because GitHub drops an ecosystem with a key that it does not support.
const Update = v.strictObject({
  "package-ecosystem": v.string(),
  directory: v.string(),
  schedule: v.strictObject({ interval: v.picklist(["daily", "weekly", "monthly"]) }),
  cooldown: v.strictObject({
    "default-days": v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(90)),
  }),
  groups: v.record(v.string(), v.strictObject({ patterns: v.array(v.string()) })),
});
const Dependabot = v.strictObject({ version: v.literal(2), updates: v.array(Update) });

const { updates } = v.parse(Dependabot, parse(readDocument(".github/dependabot.yml")));

/** What shows that the directory has something to update. */
const MARKS: Readonly<Record<string, string>> = {
  npm: "package-lock.json",
  "github-actions": ".github/workflows",
};

test("Packages and actions are both updated, each in a directory that has some", () => {
  expect(updates.map((update) => update["package-ecosystem"])).toEqual(Object.keys(MARKS));
  for (const { directory, "package-ecosystem": ecosystem } of updates) {
    expect(existsSync(join(ROOT, directory, MARKS[ecosystem] ?? ""))).toBe(true);
  }
});

test.each([/^@(aws-sdk|smithy|aws-lambda-powertools)\//, /^@pulumi\//])(
  "The packages like %s move together",
  (family) => {
    const { dependencies, devDependencies } = JSON.parse(readDocument("package.json"));
    const names = Object.keys({ ...dependencies, ...devDependencies });
    const groups = Object.values(updates[0]?.groups ?? {});
    const isIn = (name: string) => (pattern: string) =>
      pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    const together = groups.map(({ patterns }) =>
      names.filter((name) => patterns.some(isIn(name))),
    );
    expect(together).toContainEqual(names.filter((name) => family.test(name)));
  },
);
