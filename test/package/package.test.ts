/** The npm package as it is packed: its files, and its types in other people's programs. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  PACK_TIMEOUT_MS,
  packedPackage,
  ROOT,
  removeOwnPrograms,
  writeOwnProgram,
} from "./own-program.ts";

beforeAll(packedPackage, PACK_TIMEOUT_MS);
afterAll(removeOwnPrograms);

test("The package contains what a program, the commands and their readers need, and nothing else", async () => {
  const folder = await packedPackage();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(folder.length + 1));
  expect(files.sort()).toEqual([
    ...["CHANGELOG.md", "LICENSE", "README.md"],
    ...["dist/index.d.ts", "dist/index.js", "dist/lambda/index.mjs"],
    ...["dist/licenses.txt", "dist/ops.mjs", "dist/package.json", "dist/token-rotation-args.d.ts"],
    "dist/token-rotation.d.ts",
    ...[
      "alarm-channels",
      "consuming",
      "cost-and-limits",
      "design",
      "is-it-for-you",
      "operating",
    ].map((page) => `docs/${page}.md`),
    "docs/outage.svg",
    ...["own-program", "pipeline", "reliability", "security"].map((page) => `docs/${page}.md`),
    "package.json",
  ]);
});

test("It needs Pulumi and its AWS provider, and installs no other package", async () => {
  const text = readFileSync(join(await packedPackage(), "package.json"), "utf8");
  const {
    dependencies,
    optionalDependencies,
    peerDependencies,
    private: isPrivate,
  } = JSON.parse(text);
  expect({ dependencies, optionalDependencies, isPrivate }).toEqual({});
  expect(Object.keys(peerDependencies)).toEqual(["@pulumi/aws", "@pulumi/pulumi"]);
});

test("It has the licence of each package that is bundled", async () => {
  const text = readFileSync(join(await packedPackage(), "dist", "licenses.txt"), "utf8");
  for (const name of [
    "@aws-sdk/client-ssm",
    "@aws-lambda-powertools/logger",
    "commander",
    "p-map",
  ]) {
    expect(text).toMatch(new RegExp(`^${name} \\d[\\d.]* \\(\\S+\\)$`, "m"));
  }
  expect(text.match(/Permission is hereby granted/g)?.length).toBeGreaterThan(5);
});

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { TokenRotation, type TokenRotationArgs } from "dintero-token-rotation";

const topic: pulumi.Output<string> = pulumi.output("arn:aws:sns:eu-north-1:123456789012:on-call");
const args: TokenRotationArgs = { environment: "test", accounts: ["T12345678"], alarmTopicArn: topic };
const rotation = new TokenRotation("tokens", args, { protect: true });
export const { functionName, tokenParameterNames } = rotation.outputs;
export const policyArn: pulumi.Output<string> | undefined = rotation.outputs.consumerPolicyArns["T12345678"];

const literal = new TokenRotation("d", { environment: "test", accounts: ["T12345678", "T123"], alarmTopicArn: topic });
export const literalPolicyArn: pulumi.Output<string> = literal.outputs.consumerPolicyArns.T123;
// @ts-expect-error An account that it does not have.
export const otherPolicyArn = literal.outputs.consumerPolicyArns.T12345679;

// @ts-expect-error A name that there is not.
new TokenRotation("a", { ...args, accountIds: ["T12345678"] });
// @ts-expect-error Another environment.
new TokenRotation("b", { ...args, environment: "prod" });
// @ts-expect-error Accounts that are not known yet.
new TokenRotation("c", { ...args, accounts: pulumi.output(["T12345678"]) });
`;

/** As Pulumi's template for TypeScript has them, but for the modules. */
const OPTIONS = {
  ...{ strict: true, outDir: "bin", target: "es2020", sourceMap: true, pretty: false },
  ...{ experimentalDecorators: true, noFallthroughCasesInSwitch: true, noImplicitReturns: true },
  ...{ forceConsistentCasingInFileNames: true, types: ["node"], noEmit: true },
  // Not in the template. Without it, every key of the outputs would seem to exist.
  noUncheckedIndexedAccess: true,
  // Of Pulumi's own types, which are not for each of these.
  skipLibCheck: false,
};

describe.each(["typescript-5.6", "typescript"])("Its types compile with %s", (typescript) => {
  test.each<[kind: string, type: string, options: object]>([
    ["CommonJS, node10", "commonjs", { module: "commonjs", moduleResolution: "node10" }],
    ["CommonJS, node16", "commonjs", { module: "node16", moduleResolution: "node16" }],
    ["CommonJS, nodenext", "commonjs", { module: "nodenext", moduleResolution: "nodenext" }],
    ["ES modules, nodenext", "module", { module: "nodenext", moduleResolution: "nodenext" }],
    ["ES modules, bundler", "module", { module: "esnext", moduleResolution: "bundler" }],
  ])("%s", async (_, type, options) => {
    const ignoreDeprecations = typescript === "typescript" ? { ignoreDeprecations: "6.0" } : {};
    const compilerOptions = { ...OPTIONS, ...options, ...ignoreDeprecations };
    const folder = await writeOwnProgram(
      {
        "package.json": JSON.stringify({ name: "own-program", type }),
        "tsconfig.json": JSON.stringify({ compilerOptions, files: ["index.ts"] }),
        "index.ts": PROGRAM,
      },
      { "@types": "@types" },
    );
    const compiler = join(ROOT, "node_modules", typescript, "bin", "tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler], {
      ...{ cwd: folder, encoding: "utf8" },
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});
