/** README's deployment as it stands there, and what is left of it in Pulumi's state. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { BUNDLE_PATH } from "../../infra/bundle-path.ts";
import { SECRET_CANARY } from "../support/canaries.ts";
import { pulumiCommands } from "./document-commands.ts";
import { EngineProject, type EngineRun } from "./engine-project.ts";

const DEPLOY = "npm run deploy -- --stack test";

const project = new EngineProject();
let deployed: EngineRun;
beforeAll(async () => {
  const commands = pulumiCommands("README.md", "Deploy");
  expect(commands.at(-1)).toBe(DEPLOY);
  for (const command of commands) {
    deployed = await project.run(command, { AWS_SECRET_ACCESS_KEY: SECRET_CANARY });
    expect({ command, ...deployed }).toMatchObject({ status: 0 });
  }
}, 120_000);
afterAll(() => project.close());

test("The first deployment makes every resource", () => {
  const made = Object.keys(project.cloud).length;
  expect(deployed.output).toContain(`+ ${made + 2} created`);
});

test.each([DEPLOY, `${DEPLOY} --refresh`])("%s then changes nothing", async (command) => {
  const before = project.cloud;
  const { status, output } = await project.run(command);
  expect(status).toBe(0);
  expect(output).toMatch(/Resources:\n +\d+ unchanged\n/);
  expect(project.cloud).toEqual(before);
});

test("The stack has the outputs of the contract", async () => {
  const { output } = await project.run("pulumi stack output --json --stack test");
  expect(Object.keys(JSON.parse(output)).sort()).toEqual([
    ...["alarmEmails", "alarmNames", "alarmTopicArn", "consumerPolicyArn", "consumerPolicyArns"],
    ...["credentialsSecretArns", "dashboardUrl", "functionName", "keyArn", "logGroupName"],
    ...["statusParameterNames", "tokenParameterNames", "urgentAlarmTopicArn"],
  ]);
});

test("State, history and output contain neither the person's keys nor code", () => {
  const code = readFileSync(BUNDLE_PATH, "utf8");
  const found = [SECRET_CANARY, code.slice(0, 100), code.slice(-100)].filter((text) =>
    `${project.written}${deployed.output}`.includes(text),
  );
  expect(project.written.includes("tokens-check")).toBe(true);
  expect(found).toEqual([]);
});

test("A stack's name may have a dot", async () => {
  const set = "pulumi config set --stack test.eu";
  await project.run("cp Pulumi.test.yaml Pulumi.test.eu.yaml; pulumi stack init test.eu");
  await project.run(`${set} --path 'accounts[0]' T87654321`);
  expect(await project.run("npm run deploy -- --stack test.eu")).toMatchObject({ status: 0 });
  const names = Object.values(project.cloud).flatMap((it) => it["dashboardName"] ?? []);
  // CloudWatch takes no dot.
  for (const name of names) expect(name).toMatch(/^dintero-token-rotation-[\w-]+$/);
  expect(new Set(names).size).toBe(2);
});
