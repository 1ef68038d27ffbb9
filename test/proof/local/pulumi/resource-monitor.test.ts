import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import {
  type ProgramOptions,
  type ProgramRun,
  runProgram,
} from "../../../../proof/local/pulumi/resource-monitor.ts";

// Each test starts a process, which takes seconds on a busy machine.
jest.setTimeout(60_000);

const COMPONENT = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  class Alarms extends pulumi.ComponentResource {
    constructor(name) {
      super("sample:index:Alarms", name);
      const options = { parent: this, protect: true };
      this.topic = new aws.sns.Topic("topic", { displayName: "Alarms" }, options);
      const endpoint = pulumi.secret("a@example.com");
      const inputs = { topic: this.topic.arn, protocol: "email", endpoint };
      new aws.sns.TopicSubscription("mail", inputs, { parent: this });
      this.registerOutputs({ topicArn: this.topic.arn });
    }
  }
  const { topic } = new Alarms("alarms");
  export const { arn, displayName } = topic;
`;

const directories: string[] = [];

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

/** Runs the source as `infra/index.ts` of a project of its own. */
async function run(source: string, options: Partial<ProgramOptions> = {}): Promise<ProgramRun> {
  const directory = await mkdtemp(join(tmpdir(), "program-"));
  directories.push(directory);
  const modules = join(import.meta.dirname, "..", "..", "..", "..", "node_modules");
  await symlink(modules, join(directory, "node_modules"));
  await writeFile(join(directory, "package.json"), `{ "type": "module" }`);
  await mkdir(join(directory, "infra"));
  await writeFile(join(directory, "infra", "index.ts"), source);
  const project = { main: "infra/", project: "sample", stack: "test", config: {} };
  return runProgram({ directory, ...project, ...options });
}

function byName({ resources }: ProgramRun) {
  return Object.fromEntries(resources.map((resource) => [resource.name, resource]));
}

test("A program's resources are recorded with parents, dependencies and plain inputs", async () => {
  const result = await run(COMPONENT);
  expect(result).toMatchObject({ status: 0, logs: [] });
  const { "sample-test": stack, alarms, topic, mail, ...others } = byName(result);
  expect(others).toEqual({});
  expect(alarms).toMatchObject({ parent: stack?.urn, custom: false });
  expect(topic).toMatchObject({
    urn: "urn:pulumi:test::sample::sample:index:Alarms$aws:sns/topic:Topic::topic",
    parent: alarms?.urn,
    custom: true,
    inputs: { displayName: "Alarms" },
    dependencies: [],
    protect: true,
  });
  expect(mail).toMatchObject({
    inputs: { topic: result.outputs["arn"], endpoint: "a@example.com" },
    dependencies: [topic?.urn],
    protect: false,
  });
  expect(result.outputs["arn"]).toMatch(/^arn:aws:sns:eu-north-1:123456789012:topic-[0-9a-f]{7}$/);
});

test("A preview knows inputs, but not ids, ARNs and generated names", async () => {
  const result = await run(COMPONENT, { preview: true });
  const unknown = pulumi.runtime.unknownValue;
  expect(result).toMatchObject({ status: 0, outputs: { arn: unknown, displayName: "Alarms" } });
  expect(byName(result)["mail"]?.inputs).toMatchObject({ topic: unknown, protocol: "email" });
});

test("A program gets its configuration, its stack and the results of provider functions", async () => {
  const { outputs } = await run(
    `
      import * as aws from "@pulumi/aws";
      import * as pulumi from "@pulumi/pulumi";
      export const accounts = new pulumi.Config().requireObject("accounts");
      export const region = new pulumi.Config("aws").require("region");
      export const names = [pulumi.getProject(), pulumi.getStack()];
      export const { accountId } = await aws.getCallerIdentity();
      export const inherited = process.env["HOME"] ?? "nothing";
    `,
    {
      config: { accounts: '["T1"]', "aws:region": "eu-north-1" },
      invokes: { "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "1" } },
    },
  );
  expect(outputs).toEqual({
    accounts: ["T1"],
    region: "eu-north-1",
    names: ["sample", "test"],
    accountId: "1",
    inherited: "nothing",
  });
});

test.each([
  ["throws", `throw new pulumi.RunError("accounts is missing");`, /accounts is missing/],
  [
    "calls an unknown function",
    `await pulumi.runtime.invoke("aws:index/getRegion:getRegion", {});`,
    /unexpected provider call aws:index\/getRegion:getRegion/,
  ],
  [
    "registers a name twice",
    `for (const _ of [1, 2]) new pulumi.CustomResource("test:index:Probe", "probe", {});`,
    /duplicate resource URN urn:pulumi:test::sample::test:index:Probe::probe/,
  ],
])("A program that %s fails with its message", async (_, source, message) => {
  const { status, logs } = await run(`import * as pulumi from "@pulumi/pulumi"; ${source}`);
  expect(status).not.toBe(0);
  expect(logs.map((log) => log.message).join("\n")).toMatch(message);
});
