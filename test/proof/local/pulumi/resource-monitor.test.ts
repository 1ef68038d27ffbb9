import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import {
  type ProgramOptions,
  type ProgramRun,
  runProgram,
} from "../../../../proof/local/pulumi/resource-monitor.ts";

// Each test starts a process or two, which take seconds on a busy machine.
jest.setTimeout(60_000);

const IMPORTS = `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
`;

/** Resources of any type and with any inputs. */
const PROBE = `
  import * as pulumi from "@pulumi/pulumi";
  const Probe = pulumi.CustomResource;
`;

const COMPONENT = `${IMPORTS}
  class Alarms extends pulumi.ComponentResource {
    readonly topic: aws.sns.Topic;
    constructor(name: string) {
      super("sample:index:Alarms", name);
      const opts = { parent: this, protect: true };
      this.topic = new aws.sns.Topic("topic", { displayName: "Alarms" }, opts);
      new aws.sns.TopicSubscription(
        "mail",
        { topic: this.topic.arn, protocol: "email", endpoint: "a@example.com" },
        { parent: this, retainOnDelete: true, deleteBeforeReplace: true },
      );
      this.registerOutputs({ topicArn: this.topic.arn });
    }
  }
  const { topic } = new Alarms("alarms");
  export const topicArn = topic.arn;
  export const displayName = topic.displayName;
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

const errorsOf = ({ logs }: ProgramRun) =>
  logs.filter(({ severity }) => severity === "error").map(({ message }) => message);

describe("what a program registers", () => {
  test("is recorded with parents, dependencies and options", async () => {
    const result = await run(COMPONENT);

    expect(result).toMatchObject({ status: 0, logs: [] });
    const { "sample-test": stack, alarms, topic, mail, ...others } = byName(result);
    expect(others).toEqual({});
    expect(stack).toMatchObject({ type: "pulumi:pulumi:Stack", parent: "", custom: false });
    expect(alarms).toMatchObject({
      urn: "urn:pulumi:test::sample::sample:index:Alarms::alarms",
      parent: stack?.urn,
      custom: false,
    });
    expect(topic).toMatchObject({
      urn: "urn:pulumi:test::sample::sample:index:Alarms$aws:sns/topic:Topic::topic",
      parent: alarms?.urn,
      custom: true,
      inputs: { displayName: "Alarms" },
      dependencies: [],
      protect: true,
      retainOnDelete: false,
      deleteBeforeReplace: false,
    });
    expect(mail).toMatchObject({
      parent: alarms?.urn,
      inputs: { topic: result.outputs["topicArn"], endpoint: "a@example.com" },
      dependencies: [topic?.urn],
      protect: false,
      retainOnDelete: true,
      deleteBeforeReplace: true,
    });
  });

  test("comes plain: secrets unwrapped, resources as ids, the texts of archives as hashes", async () => {
    const result = await run(`${PROBE}
      const role = new Probe("aws:iam/role:Role", "role", { name: "reader" });
      const text = new pulumi.asset.StringAsset("hello");
      new Probe("test:index:Probe", "probe", {
        role,
        code: new pulumi.asset.AssetArchive({ "a.mjs": text }),
        list: [{ key: pulumi.secret("value") }, null],
      });
      export const made = pulumi.secret("kept");
    `);

    expect(result).toMatchObject({ status: 0, outputs: { made: "kept" } });
    expect(byName(result)["probe"]?.inputs).toEqual({
      role: "reader",
      code: {
        assets: {
          "a.mjs": { sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" },
        },
      },
      list: [{ key: "value" }, null],
    });
  });

  test("is the same in a second run", async () => {
    const [first, second] = await Promise.all([run(COMPONENT), run(COMPONENT)]);
    expect(first).toEqual(second);
  });

  test("leaves the stack's outputs alone when a component registers its own later", async () => {
    const { outputs } = await run(`${PROBE}
      class Late extends pulumi.ComponentResource {
        initialize() {
          const { promise, resolve } = Promise.withResolvers();
          process.once("beforeExit", () => resolve());
          return promise;
        }
      }
      new Late("sample:index:Late", "late");
      export const own = true;
    `);
    expect(outputs).toEqual({ own: true });
  });

  test("is made in another place when told so", async () => {
    const place = { partition: "aws-cn", region: "cn-north-1", awsAccountId: "210987654321" };
    const { outputs } = await run(COMPONENT, { place });
    expect(outputs["topicArn"]).toMatch(
      /^arn:aws-cn:sns:cn-north-1:210987654321:topic-[0-9a-f]{7}$/,
    );
  });
});

describe("what a program is given", () => {
  test("is its configuration, stack and working folder, and no variable of this process", async () => {
    process.env["AWS_REGION"] = "eu-west-3";
    try {
      const { outputs } = await run(
        `${PROBE}
          const config = new pulumi.Config();
          export const accounts = config.requireObject("accounts");
          export const region = new pulumi.Config("aws").require("region");
          export const missing = config.get("region") ?? "missing";
          export const names = [pulumi.getProject(), pulumi.getStack(), pulumi.getOrganization()];
          export const folders = [
            process.cwd() === import.meta.dirname,
            process.cwd() === pulumi.getRootDirectory() + "/infra",
          ];
          export const inherited = process.env["AWS_REGION"] ?? "nothing";
        `,
        { config: { accounts: '["T1"]', "aws:region": "eu-north-1" } },
      );
      expect(outputs).toEqual({
        accounts: ["T1"],
        region: "eu-north-1",
        missing: "missing",
        names: ["sample", "test", "organization"],
        folders: [true, true],
        inherited: "nothing",
      });
    } finally {
      delete process.env["AWS_REGION"];
    }
  });

  test("is what the test lets functions of providers return", async () => {
    const { outputs } = await run(
      `${IMPORTS} export const { accountId } = await aws.getCallerIdentity();`,
      { invokes: { "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "1" } } },
    );
    expect(outputs).toEqual({ accountId: "1" });
  });
});

test("a main that names a file runs in the file's folder", async () => {
  const source = `export const folder = process.cwd() === import.meta.dirname;`;
  const { status, outputs } = await run(source, { main: "infra/index.ts" });
  expect({ status, outputs }).toEqual({ status: 0, outputs: { folder: true } });
});

test("a preview knows inputs, and neither ids nor ARNs nor generated names", async () => {
  const result = await run(
    `${COMPONENT}
      export const topicName = topic.name;
      export const topicId = topic.id;
      export const dryRun = pulumi.runtime.isDryRun();
    `,
    { preview: true },
  );

  const unknown = pulumi.runtime.unknownValue;
  expect(result.status).toBe(0);
  expect(result.outputs).toEqual({
    topicArn: unknown,
    topicName: unknown,
    topicId: unknown,
    displayName: "Alarms",
    dryRun: true,
  });
  expect(byName(result)["mail"]?.inputs).toMatchObject({ topic: unknown, protocol: "email" });
});

describe("a program that fails", () => {
  test("gives its message and a status that is not 0", async () => {
    const result = await run(`${PROBE} throw new pulumi.RunError("accounts is missing");`);
    expect(result).toMatchObject({ status: 32, outputs: {} });
    expect(errorsOf(result)).toEqual(["accounts is missing"]);
  });

  test.each([
    ["cannot be loaded", `import "./missing.ts";`, /Cannot find module/],
    [
      "calls a function that the test does not know",
      `await pulumi.runtime.invoke("aws:index/getRegion:getRegion", {});`,
      /unexpected provider call aws:index\/getRegion:getRegion/,
    ],
    [
      "reads a resource",
      `new Probe("test:index:Probe", "probe", {}, { id: "it" });`,
      /does not implement the method readResource/,
    ],
    [
      "registers a name twice",
      `for (const _ of [1, 2]) new Probe("test:index:Probe", "probe", {});`,
      /duplicate resource URN urn:pulumi:test::sample::test:index:Probe::probe/,
    ],
    [
      "hands over a kind of asset that cannot be compared",
      `new Probe("test:index:Probe", "probe", { code: new pulumi.asset.FileArchive(".") });`,
      /a property of a kind that tests do not know/,
    ],
  ])("fails when it %s", async (_, source, message) => {
    const result = await run(`${PROBE} ${source}`);
    expect(result.status).not.toBe(0);
    expect(errorsOf(result).join("\n")).toMatch(message);
  });

  test("hands over what it wrote to the streams", async () => {
    const { status, stdout, stderr } = await run(`
      console.log("out");
      console.error("err");
      process.exit(7);
    `);
    expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: "out\n", stderr: "err\n" });
  });

  test("is not hidden when Node itself cannot be started", async () => {
    await expect(run("", { nodePath: "/nowhere/node" })).rejects.toThrow("ENOENT");
  });
});
