/** A stack of production: accounts that come and go, protection, and its end, by the pages of operating.md. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pulumiCommands } from "./document-commands.ts";
import { EngineProject } from "./engine-project.ts";

const OPERATING = "docs/operating.md";
const project = new EngineProject();

/** Runs the commands of a section, and expects each to succeed. */
async function follow(section: string): Promise<void> {
  for (const command of pulumiCommands(OPERATING, section)) await succeed(command);
}

async function succeed(command: string): Promise<string> {
  const { status, output } = await project.run(command);
  expect({ command, status, output }).toMatchObject({ status: 0 });
  return output;
}

/** The accounts that have a secret. */
function accounts(): string[] {
  return Object.keys(project.cloud)
    .flatMap((id) => /:secret:dintero\/(\w+)\//.exec(id)?.[1] ?? [])
    .sort();
}

beforeAll(async () => {
  await succeed("pulumi stack init prod");
  await succeed("pulumi config set --stack prod --path 'accounts[0]' P12345678");
  await succeed("pulumi config set --stack prod --path 'alarmEmails[0]' on-call@example.com");
  await succeed("npm run deploy -- --stack prod");
}, 120_000);
afterAll(() => project.close());

test("An account is added", async () => {
  expect(accounts()).toEqual(["P12345678"]);
  await follow("Add an account");
  expect(accounts()).toEqual(["P12345678", "P87654321"]);
});

test("Nothing in a protected stack is destroyed", async () => {
  const before = project.cloud;
  const { status, output } = await project.run("pulumi destroy --stack prod");
  expect(status).not.toBe(0);
  expect(output).toContain("protect");
  expect(project.cloud).toEqual(before);
});

test("With credentials of another AWS account nothing is refreshed, created or lost", async () => {
  await succeed("pulumi config set --stack prod awsAccountId 123456789012");
  const before = project.cloud;
  const command = "npm run deploy -- --stack prod --refresh";
  const { status, output } = await project.run(command, { TEST_AWS_ACCOUNT: "210987654321" });
  expect(status).not.toBe(0);
  expect(output).toMatch(/AWS account 123456789012, .* 210987654321/);
  expect(project.cloud).toEqual(before);
  expect(await succeed("npm run preview -- --stack prod")).toMatch(/Resources:\n +\d+ unchanged\n/);
});

test("The stack does not move to another Region", async () => {
  const before = project.cloud;
  await succeed("pulumi config set --stack prod aws:region eu-west-1");
  const { status, output } = await project.run("npm run deploy -- --stack prod");
  expect(status).not.toBe(0);
  const fix = "pulumi config set aws:region eu-north-1 --stack prod";
  expect(output).toContain(fix);
  expect(project.cloud).toEqual(before);
  await succeed(fix);
  expect(await succeed("npm run preview -- --stack prod")).toMatch(/Resources:\n +\d+ unchanged\n/);
});

test("An account is removed after its protection is removed", async () => {
  await follow("Remove an account");
  expect(accounts()).toEqual(["P87654321"]);
});

test("Alarms move from addresses to the user's own topic", async () => {
  const topicArn = "arn:aws:sns:eu-north-1:123456789012:on-call";
  await succeed(`pulumi config set --stack prod alarmTopicArn ${topicArn}`);
  await succeed("pulumi config rm --stack prod alarmEmails");
  await succeed("npm run deploy -- --stack prod");
  expect(Object.keys(project.cloud).filter((id) => id.includes(":sns:"))).toEqual([]);
  const alarms = Object.values(project.cloud).filter((it) => it["alarmActions"]);
  expect(alarms).toHaveLength(5);
  for (const alarm of alarms) expect(alarm["alarmActions"]).toEqual([topicArn]);
});

describe("What was deleted by hand", () => {
  test("is created again by a deployment that refreshes", async () => {
    const isTarget = ([id]: readonly [string, unknown]) => id.includes("tokens-schedule");
    const before = Object.entries(project.cloud);
    project.cloud = Object.fromEntries(before.filter((it) => !isTarget(it)));
    await succeed("npm run deploy -- --stack prod --refresh");
    expect(Object.keys(project.cloud)).toHaveLength(before.length);
  });
});

test("The stack is destroyed after its protection is removed", async () => {
  await follow("Remove the stack");
  expect(project.cloud).toEqual({});
});
