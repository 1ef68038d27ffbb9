/** The program as Pulumi runs it: its own language runtime, with the settings of `Pulumi.yaml`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { TEST_PLACE } from "../../proof/local/pulumi/computed-properties.ts";
import {
  type ProgramOptions,
  type ProgramRun,
  runProgram,
} from "../../proof/local/pulumi/resource-monitor.ts";
import { expectPart } from "../support/expect-message.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const { name: project, main } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8"));

const GOOD = {
  "aws:region": TEST_PLACE.region,
  environment: "test",
  accounts: '["T12345678","T123"]',
  alarmEmails: '["on-call@example.com"]',
  alarmTopicArn: "",
  logRetentionDays: "30",
};

function run(
  config: Record<string, string>,
  options: Partial<ProgramOptions> = {},
): Promise<ProgramRun> {
  return runProgram({
    directory: ROOT,
    main,
    project,
    stack: "test",
    config,
    ...options,
    invokes: {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: TEST_PLACE.awsAccountId },
      "aws:index/getPartition:getPartition": { partition: TEST_PLACE.partition },
      "aws:index/getRegion:getRegion": { region: TEST_PLACE.region },
      ...options.invokes,
    },
  });
}

describe("With a good configuration", () => {
  let up: ProgramRun;
  beforeAll(async () => {
    up = await run(GOOD);
  });

  test("the program succeeds and gives the contract's outputs", () => {
    expect({ status: up.status, logs: up.logs }).toEqual({ status: 0, logs: [] });
    expect(up.outputs).toEqual({
      tokenParameterNames: {
        T12345678: "/dintero/T12345678/access-token",
        T123: "/dintero/T123/access-token",
      },
      statusParameterNames: {
        T12345678: "/dintero/T12345678/access-token-status",
        T123: "/dintero/T123/access-token-status",
      },
      credentialsSecretArns: {
        T12345678: expect.stringMatching(/:secret:dintero\/T12345678\/api-client-\w{6}$/),
        T123: expect.stringMatching(/:secret:dintero\/T123\/api-client-\w{6}$/),
      },
      consumerPolicyArn: expect.stringMatching(/:policy\/tokens-consumer-\w{7}$/),
      consumerPolicyArns: {
        T12345678: expect.stringMatching(/:policy\/tokens-consumer-T12345678-\w{7}$/),
        T123: expect.stringMatching(/:policy\/tokens-consumer-T123-\w{7}$/),
      },
      functionName: expect.stringMatching(/^tokens-check-\w{7}$/),
      alarmTopicArn: expect.stringMatching(
        /^arn:aws:sns:eu-north-1:123456789012:tokens-alarms-\w{7}$/,
      ),
      alarmNames: [
        "token-at-risk-T12345678",
        "token-at-risk-T123",
        "rotation-silent",
        "check-broken",
        "renewals-failing",
        "credentials-rejected",
      ].map((alarm) => expect.stringMatching(new RegExp(`^tokens-${alarm}-test-\\w{7}$`))),
      urgentAlarmTopicArn: "",
      alarmEmails: ["on-call@example.com"],
      keyArn: expect.stringMatching(/^arn:aws:kms:eu-north-1:123456789012:key\//),
      logGroupName: expect.stringMatching(/^tokens-log-\w{7}$/),
      dashboardUrl: expect.stringMatching(
        /^https:\/\/eu-north-1\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=eu-north-1#dashboards\/dashboard\/dintero-token-rotation-tokens-check-\w{7}$/,
      ),
    });
  });

  test("every resource is a child of the component, and the component of the stack", () => {
    const component = up.resources.find(({ type }) => type.endsWith(":TokenRotation"));
    const stack = up.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const others = up.resources.filter((it) => it !== component && it !== stack);
    expect(component?.parent).toBe(stack?.urn);
    expect(others).toHaveLength(31);
    for (const { parent } of others) expect(parent).toBe(component?.urn);
  });

  test("a second run gives the same inputs, and the bundle's path names no person's directory", async () => {
    const again = await run(GOOD);
    expect(again.resources).toEqual(up.resources);
    const lambda = up.resources.find(({ type }) => type === "aws:lambda/function:Function");
    expect(lambda?.inputs["code"]).toEqual({
      assets: { "index.mjs": { path: join("..", "dist", "lambda", "index.mjs") } },
    });
  });

  test("a preview registers the same, although no output is known yet", async () => {
    const preview = await run(GOOD, { preview: true });
    expect({ status: preview.status, logs: preview.logs }).toEqual({ status: 0, logs: [] });
    expect(preview.resources.map(({ urn }) => urn)).toEqual(up.resources.map(({ urn }) => urn));
  });

  test("in test nothing is protected", () => {
    expect(up.resources.filter(({ protect }) => protect)).toEqual([]);
  });

  test("the function waits for its permissions, and so does the schedule", () => {
    const dependenciesOf = (wanted: string) =>
      up.resources.find(({ type }) => type === wanted)?.dependencies.join();
    expect(dependenciesOf("aws:lambda/function:Function")).toMatch(/tokens-tokens/);
    expect(dependenciesOf("aws:lambda/function:Function")).toMatch(/tokens-credentials-attachment/);
    expect(dependenciesOf("aws:scheduler/schedule:Schedule")).toMatch(/tokens-schedule-policy/);
  });
});

test("in production the key and the secrets are protected, under the names that the documents use", async () => {
  const config = { ...GOOD, environment: "production", accounts: '["P12345678"]' };
  const { resources } = await run(config, { stack: "prod" });
  const urns = resources.filter(({ protect }) => protect).map(({ urn }) => urn);
  expect(urns.map((urn) => urn.split("::").at(-1))).toEqual([
    "tokens-key",
    "tokens-P12345678-credentials",
  ]);
  const operating = readFileSync(join(ROOT, "docs", "operating.md"), "utf8");
  expect(operating).toContain(`'${urns[1]}'`);
});

test("with a wrong configuration all faults are reported with their commands, and nothing is made", async () => {
  const { status, resources, logs } = await run({
    "aws:region": TEST_PLACE.region,
    environment: "test",
    accounts: '["P12345678"]',
    alarmEmails: "[]",
    alarmTopicArn: "",
    logRetentionDays: "31",
  });
  expect(status).not.toBe(0);
  expect(resources.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  const reported = logs.map(({ message }) => message).join("\n");
  expectPart(reported.trim(), {
    names: ["P12345678", "alarmEmails", "logRetentionDays"],
    commands: [
      "pulumi config set --path 'accounts[0]' T12345678 --stack test",
      "pulumi config set --path 'alarmEmails[0]' on-call@example.com --stack test",
      "pulumi config set logRetentionDays 90 --stack test",
    ],
  });
});

describe("A stack that is deployed", () => {
  const deployedIn = (region: string, awsAccountId: string) => ({
    invokes: {
      "pulumi:pulumi:readStackOutputs": {
        outputs: {
          credentialsSecretArns: {
            T123: `arn:aws:secretsmanager:${region}:${awsAccountId}:secret:dintero/T123/api-client-abcdef`,
          },
        },
      },
    },
  });

  test("is deployed again in the same place", async () => {
    const again = await run(GOOD, deployedIn(TEST_PLACE.region, TEST_PLACE.awsAccountId));
    expect({ status: again.status, logs: again.logs }).toEqual({ status: 0, logs: [] });
  });

  const other = "210987654321";
  test.each([
    {
      refused: "into another Region",
      deployed: deployedIn("eu-west-1", TEST_PLACE.awsAccountId),
      config: {},
      commands: ["pulumi config set aws:region eu-west-1 --stack test"],
    },
    {
      refused: "for another environment, whatever else is wrong then",
      deployed: deployedIn(TEST_PLACE.region, TEST_PLACE.awsAccountId),
      config: { environment: "production" },
      commands: ["pulumi config set environment test --stack test"],
    },
    {
      refused: "with another AWS account in its settings",
      deployed: deployedIn(TEST_PLACE.region, other),
      config: { awsAccountId: TEST_PLACE.awsAccountId },
      commands: [`pulumi config set awsAccountId ${other} --stack test`],
    },
    {
      refused: "with credentials of another AWS account, even if no setting names it",
      deployed: deployedIn(TEST_PLACE.region, other),
      config: {},
      commands: [],
    },
    {
      refused: "for the first time with credentials of another AWS account than in its settings",
      deployed: {},
      config: { awsAccountId: other },
      commands: [],
    },
  ])("is not deployed $refused", async ({ deployed, config, commands }) => {
    const { status, resources, logs } = await run({ ...GOOD, ...config }, deployed);
    expect(status).not.toBe(0);
    expect(resources.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
    const reported = logs.map(({ message }) => message).join("\n");
    expectPart(reported.trim(), { names: ["test"], commands });
    if (commands.length === 0)
      expect(reported).toMatch(new RegExp(`${other}.* ${TEST_PLACE.awsAccountId}`));
  });
});

test("A Pulumi CLI that is too old is refused, and the message says where to get another", async () => {
  const { status, resources, logs } = await run(GOOD, {
    versionFault: "version 3.218.0 is too old",
  });
  expect(status).not.toBe(0);
  expect(resources.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  const reported = logs.map(({ message }) => message).join("\n");
  expect(reported).toMatch(/>=3\.219\.0.*3\.218\.0.*https:\/\/www\.pulumi\.com\/docs\/install/);
});
