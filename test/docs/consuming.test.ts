import { readFileSync } from "node:fs";
import { mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { statusParameterName, tokenParameterName } from "../../lambda/contract.ts";
import { LIBRARY_SAMPLES } from "../samples/library-cases.ts";
import { CONSUMING_PATH, sampleBlocks } from "../samples/sample-blocks.ts";
import { SCRIPT_CASES } from "../samples/script-cases.ts";
import { runStackReference } from "./run-stack-reference.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PAGE = readFileSync(CONSUMING_PATH, "utf8");
const STACK_REFERENCE = "stack-reference.ts";

describe("The page", () => {
  test("names no parameter but those of the contract", () => {
    const names = new Set(PAGE.match(/\/dintero\/T\d+\/[\w-]+/g));
    expect(names).toEqual(
      new Set([tokenParameterName("T12345678"), statusParameterName("T12345678")]),
    );
  });

  test("names outputs that the stack has", () => {
    const program = readFileSync(join(ROOT, "infra", "token-rotation.ts"), "utf8");
    const [, exported = ""] = /this\.outputs = \{(.*?)\n {4}\};/s.exec(program) ?? [];
    const outputs = PAGE.match(/\b(consumerPolicyArns?|\w+ParameterNames)\b/g) ?? [];
    expect(new Set(outputs).size).toBe(4);
    for (const output of outputs) expect(exported).toMatch(new RegExp(`\\b${output}[:,]`));
  });

  test("names a script that the package has", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const [, script = ""] of PAGE.matchAll(/npm run ([\w:]+)/g)) {
      expect(scripts).toHaveProperty([script]);
    }
  });

  test("has only samples that are run", () => {
    const run = [...LIBRARY_SAMPLES, ...SCRIPT_CASES.map(({ sample }) => sample), STACK_REFERENCE];
    expect(new Set(sampleBlocks().keys())).toEqual(new Set(run));
  });
});

describe("The program of another Pulumi project", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), "stack-reference-")));
    await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
    await writeFile(join(directory, "package.json"), '{ "type": "module" }');
    await writeFile(join(directory, "index.ts"), sampleBlocks().get(STACK_REFERENCE) ?? "");
  });
  afterAll(() => rm(directory, { recursive: true }));

  // The project's name as it is deployed.
  const { name: project } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8"));
  const consumerPolicyArn = "arn:aws:iam::123456789012:policy/tokens-consumer-1234567";

  test("attaches the reader's policy of the stack of the same name to its role", async () => {
    const { status, inputs, messages } = await runStackReference(directory, "index.ts", {
      [`organization/${project}/test`]: { consumerPolicyArn },
    });
    expect({ status, messages }).toEqual({ status: 0, messages: [] });
    expect(inputs["aws:iam/rolePolicyAttachment:RolePolicyAttachment"]).toEqual({
      role: expect.stringMatching(/^checkout-\w{7}$/),
      policyArn: consumerPolicyArn,
    });
  });

  test("fails if that stack has no such policy", async () => {
    const { status, inputs, messages } = await runStackReference(directory, "index.ts", {
      [`organization/${project}/test`]: {},
    });
    expect(status).not.toBe(0);
    expect(inputs).not.toHaveProperty(["aws:iam/rolePolicyAttachment:RolePolicyAttachment"]);
    expect(messages.join()).toContain("consumerPolicyArn");
  });
});
