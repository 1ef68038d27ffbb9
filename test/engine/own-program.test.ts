/** Somebody's own program with the packed component, deployed by the real engine. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  PACK_TIMEOUT_MS,
  packedPackage,
  removeOwnPrograms,
  writeOwnProgram,
} from "../package/own-program.ts";
import { pulumiCommands } from "./document-commands.ts";
import { EngineProject } from "./engine-project.ts";

const projects: EngineProject[] = [];
beforeAll(packedPackage, PACK_TIMEOUT_MS);
afterAll(() => {
  removeOwnPrograms();
  for (const project of projects) project.close();
});

const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";
const BOUNDARY = "arn:aws:iam::123456789012:policy/company";

/** @param component - JavaScript that makes it. */
function program(name: string, component: string): Promise<string> {
  return writeOwnProgram({
    "package.json": JSON.stringify({ name, type: "commonjs" }),
    "Pulumi.yaml": `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    "index.js": `const pulumi = require("@pulumi/pulumi");
const { TokenRotation } = require("dintero-token-rotation");
${component}`,
  });
}

function newProject(): EngineProject {
  const project = new EngineProject();
  projects.push(project);
  return project;
}

async function succeed(project: EngineProject, command: string): Promise<string> {
  const { status, output } = await project.run(command);
  expect({ command, status, output }).toMatchObject({ status: 0 });
  return output;
}

const UNCHANGED = /Resources:\n +\d+ unchanged\n/;

describe("A stack that was deployed from a clone", () => {
  async function deployedClone(): Promise<EngineProject> {
    const project = newProject();
    const set = "pulumi config set --stack test";
    await succeed(project, "pulumi stack init test");
    await succeed(project, `${set} --path 'accounts[0]' T12345678`);
    await succeed(project, `${set} alarmTopicArn ${TOPIC}`);
    await succeed(project, "npm run deploy -- --stack test");
    return project;
  }

  const component = (name: string, options = "") => `const rotation = new TokenRotation("${name}", {
    environment: "test", accounts: ["T12345678"], alarmTopicArn: "${TOPIC}", logRetentionDays: 30,
  }${options});
  module.exports = rotation.outputs;`;

  test.each([
    ["under the same name", component("tokens")],
    [
      "under another name, with an alias",
      component("payments", ', { aliases: [{ name: "tokens" }] }'),
    ],
  ])("continues %s: nothing is replaced or changed", async (_, code) => {
    const project = await deployedClone();
    const before = project.cloud;
    project.useProgram(await program("dintero-token-rotation", code));
    expect(await succeed(project, "pulumi up --stack test")).toMatch(UNCHANGED);
    expect(project.cloud).toEqual(before);
  });

  test("moves into a project of another name: nothing is replaced or changed", async () => {
    const project = await deployedClone();
    const before = project.cloud;
    project.useProgram(await program("shop", component("tokens")));
    await succeed(project, "pulumi stack init test");
    for (const command of pulumiCommands("docs/own-program.md", "Move from a clone")) {
      await succeed(project, command);
    }
    expect(await succeed(project, "pulumi up --stack test")).toMatch(UNCHANGED);
    expect(project.cloud).toEqual(before);
  });
});

describe("A program whose provider is of another Region", () => {
  const programWith = (components: string) =>
    program(
      "shop",
      `const aws = require("@pulumi/aws");
      const args = { environment: "test", accounts: ["T12345678"] };
      const region = { provider: new aws.Provider("ireland", { region: "eu-west-1" }) };
      ${components}`,
    );

  async function deployed(components: string) {
    const project = newProject();
    project.useProgram(await programWith(components));
    await succeed(project, "pulumi stack init dev");
    await succeed(project, "pulumi config set --stack dev aws:region eu-north-1");
    return { project, ...(await project.run("pulumi up --stack dev")) };
  }

  test("has everything there, beside the same account in the stack's own Region", async () => {
    const { project, status } = await deployed(`
      const emails = { ...args, alarmEmails: ["on-call@example.com"] };
      const here = new TokenRotation("here", emails);
      // One after the other, because each provider is a process of its own, and both write one file.
      new TokenRotation("there", emails, { ...region, dependsOn: here });`);
    expect(status).toBe(0);
    const arns = Object.values(project.cloud)
      .flatMap(({ arn }) => arn ?? [])
      .map(String);
    const inRegion = (region: string) => arns.filter((arn) => arn.split(":")[3] === region).length;
    expect(inRegion("eu-west-1")).toBeGreaterThan(10);
    expect(inRegion("eu-west-1")).toBe(inRegion("eu-north-1"));
  });

  test("is refused a topic of the stack's own Region, once, before anything is made", async () => {
    const { project, status, output } = await deployed(
      `new TokenRotation("there", { ...args, alarmTopicArn: "${TOPIC}" }, region);`,
    );
    expect(status).not.toBe(0);
    const diagnostics = output.slice(output.indexOf("Diagnostics:"));
    expect(diagnostics.match(/The arguments of TokenRotation there are invalid:/g)).toHaveLength(1);
    expect(diagnostics).toContain("eu-north-1");
    expect(diagnostics).not.toMatch(/serializing|at requireNone/);
    expect(project.cloud).toEqual({});
  });

  test("cannot have an account in two components of one Region, and the first is whole", async () => {
    const { status, output } = await deployed(`
      const emails = { ...args, alarmEmails: ["on-call@example.com"] };
      const first = new TokenRotation("first", emails);
      new TokenRotation("second", emails, { dependsOn: first });`);
    expect(status).not.toBe(0);
    expect(output).toContain("second-T12345678-credentials already exists");
    expect(output).not.toContain("first-T12345678-credentials already exists");
  });
});

describe("A program with two components, and transforms", () => {
  test("has both, with a boundary on every role and tags on every resource that can have them", async () => {
    const project = newProject();
    project.useProgram(
      await program(
        "shop",
        `const company = ({ type, props, opts }) => ({
          props: {
            ...props,
            ...(type === "aws:iam/role:Role" && { permissionsBoundary: "${BOUNDARY}" }),
            ...(props.tags && { tags: { ...props.tags, CostCenter: "1234" } }),
          },
          opts,
        });
        const args = { environment: "test", alarmTopicArn: pulumi.output("${TOPIC}") };
        const own = new TokenRotation("own", { ...args, accounts: ["T12345678"] }, { transforms: [company] });
        new TokenRotation("partners", { ...args, accounts: ["T123"] }, { transforms: [company] });
        exports.functionName = own.outputs.functionName;`,
      ),
    );
    await succeed(project, "pulumi stack init dev");
    await succeed(project, "pulumi config set --stack dev aws:region eu-north-1");
    await succeed(project, "pulumi up --stack dev");
    const made = Object.values(project.cloud);
    const roles = made.filter((it) => it["assumeRolePolicy"]);
    expect(roles.map((it) => it["permissionsBoundary"])).toEqual([
      BOUNDARY,
      BOUNDARY,
      BOUNDARY,
      BOUNDARY,
    ]);
    const tagged = made.filter((it) => it["tags"]);
    expect(tagged.length).toBeGreaterThan(20);
    for (const { tags } of tagged) expect(tags).toMatchObject({ CostCenter: "1234" });
    expect(await succeed(project, "pulumi up --stack dev")).toMatch(UNCHANGED);
    // It exports less than the commands need.
    const { status, output } = await project.run(
      "node node_modules/dintero-token-rotation/dist/ops.mjs status --stack dev",
    );
    expect(status).toBe(2);
    expect(output.replaceAll(/\s+/g, " ")).toContain("= rotation.outputs;");
  });
});
