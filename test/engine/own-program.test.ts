/** Somebody's own program with the packed component, deployed by the real engine. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { packedPackage, removeOwnPrograms, writeOwnProgram } from "../package/own-program.ts";
import { pulumiCommands } from "./document-commands.ts";
import { EngineProject } from "./engine-project.ts";

const projects: EngineProject[] = [];
// Not in the time of the first test: it builds everything.
beforeAll(packedPackage, 120_000);
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
