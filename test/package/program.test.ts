/** Other people's programs with the packed component, under Pulumi's own runtime. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TEST_PLACE } from "../../proof/local/pulumi/computed-properties.ts";
import { type ProgramRun, runProgram } from "../../proof/local/pulumi/resource-monitor.ts";
import { expectPart } from "../support/expect-message.ts";
import {
  PACK_TIMEOUT_MS,
  packedPackage,
  removeOwnPrograms,
  writeOwnProgram,
} from "./own-program.ts";

beforeAll(packedPackage, PACK_TIMEOUT_MS);
afterAll(removeOwnPrograms);

const ARGS = `{
  environment: "test",
  accounts: ["T12345678"],
  alarmTopicArn: pulumi.output("arn:aws:sns:eu-north-1:123456789012:on-call"),
}`;
const REST = `const rotation = new TokenRotation("payments", ${ARGS});`;
const IMPORTS = `import * as pulumi from "@pulumi/pulumi";
import { TokenRotation } from "dintero-token-rotation";`;
const REQUIRES = `const pulumi = require("@pulumi/pulumi");
const { TokenRotation } = require("dintero-token-rotation");`;

async function run(files: Readonly<Record<string, string>>, packages = {}): Promise<ProgramRun> {
  const directory = await writeOwnProgram(files, packages);
  return runProgram({
    ...{ directory, main: ".", project: "shop", stack: "dev", config: {} },
    typescript: "index.ts" in files,
    invokes: {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: TEST_PLACE.awsAccountId },
      "aws:index/getPartition:getPartition": { partition: TEST_PLACE.partition },
      "aws:index/getRegion:getRegion": { region: TEST_PLACE.region },
    },
  });
}

const manifest = (type: string) => JSON.stringify({ name: "shop", type });

describe.each<[kind: string, files: Record<string, string>, packages: Record<string, string>]>([
  [
    "CommonJS",
    {
      "package.json": manifest("commonjs"),
      "index.js": `${REQUIRES} ${REST} module.exports = rotation.outputs;`,
    },
    {},
  ],
  [
    "ES modules",
    {
      "package.json": manifest("module"),
      "index.js": `${IMPORTS} ${REST} export const { functionName, keyArn } = rotation.outputs;`,
    },
    {},
  ],
  [
    "TypeScript as in Pulumi's template",
    {
      "package.json": manifest("commonjs"),
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          target: "es2020",
          module: "commonjs",
          moduleResolution: "node10",
          ignoreDeprecations: "6.0",
        },
        files: ["index.ts"],
      }),
      "index.ts": `${IMPORTS} ${REST} export const { functionName, keyArn } = rotation.outputs;`,
    },
    { typescript: "typescript", "@types": "@types" },
  ],
])("A program in %s", (_, files, packages) => {
  test("has the component with all its resources, and the function as a file of the package", async () => {
    const { status, logs, resources, outputs } = await run(files, packages);
    expect({ status, logs }).toEqual({ status: 0, logs: [] });
    expect(resources.filter(({ custom }) => custom).length).toBe(25);
    expect(
      resources.find(({ type }) => type === "aws:lambda/function:Function")?.inputs["code"],
    ).toEqual({
      assets: {
        "index.mjs": {
          path: join("node_modules", "dintero-token-rotation", "dist", "lambda", "index.mjs"),
        },
      },
    });
    expect(outputs["functionName"]).toMatch(/^payments-check-\w{7}$/);
  });
});

test("A program that protects the component protects all its resources, also of test accounts", async () => {
  const { resources } = await run({
    "package.json": manifest("commonjs"),
    "index.js": `${REQUIRES} new TokenRotation("payments", ${ARGS}, { protect: true });`,
  });
  const made = resources.filter(({ type }) => type.startsWith("aws:"));
  expect(made.length).toBeGreaterThan(20);
  expect(made.filter(({ protect }) => !protect)).toEqual([]);
});

describe("A program with arguments that are wrong", () => {
  test.each<[what: string, args: string, names: readonly string[]]>([
    [
      "at once",
      ARGS.replace("T12345678", "P12345678").replace(/alarmTopicArn.*/, "logRetentionDays: 31"),
      ["P12345678", "alarmEmails", "logRetentionDays"],
    ],
    [
      "when another resource is known",
      ARGS.replace("eu-north-1", "eu-west-1"),
      ["alarmTopicArn", "eu-west-1", "eu-north-1"],
    ],
    [
      "when another resource turns out to have no value",
      ARGS.replace(/pulumi.output\(.*\)/, 'pulumi.output(undefined), alarmEmails: ["a@b.example"]'),
      ["alarmTopicArn"],
    ],
  ])("fails %s, and says what is wrong", async (_, args, names) => {
    const { status, logs, resources } = await run({
      "package.json": manifest("commonjs"),
      "index.js": `${REQUIRES} new TokenRotation("payments", ${args});`,
    });
    expect(status).not.toBe(0);
    // Once, and without the property that it was about to be used in.
    const [message = "", ...others] = logs.map((log) => log.message.trim()).filter(Boolean);
    expectPart(message, { names });
    expect(message).toMatch(/^The arguments of TokenRotation payments are invalid:\n {2}- /);
    expect(others).toEqual([]);
    expect(resources.filter(({ type }) => type.includes("metricAlarm"))).toEqual([]);
  });
});
