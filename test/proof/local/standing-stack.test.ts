/** The deployment that stays, used as an engineer's commands use it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { Lambda } from "@aws-sdk/client-lambda";
import { SNS } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ALARMS } from "../../../infra/alarm-definitions.ts";
import { StandingStack } from "../../../proof/local/standing-stack.ts";
import { withBuiltBundle } from "../../support/built-bundle.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const bundle = withBuiltBundle();

async function startStack(accountIds: readonly string[] = ["T10000001", "T10000002"]) {
  return StandingStack.start({ accountIds, bundleUrl: bundle.url, lifetimeHours: 6 });
}

let stack: StandingStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

function clientConfig() {
  const { url, region, credentials } = stack.aws;
  return { endpoint: url, region, credentials, maxAttempts: 1 };
}

describe("its outputs", () => {
  test("are those of a stack, in the stand-in's account and Region", () => {
    expect(stack.outputs).toEqual({
      tokenParameterNames: {
        T10000001: "/dintero/T10000001/access-token",
        T10000002: "/dintero/T10000002/access-token",
      },
      statusParameterNames: {
        T10000001: "/dintero/T10000001/access-token-status",
        T10000002: "/dintero/T10000002/access-token-status",
      },
      credentialsSecretArns: {
        T10000001: expect.stringMatching(
          /^arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero\/T10000001\/api-client-/,
        ),
        T10000002: expect.stringMatching(/:secret:dintero\/T10000002\/api-client-/),
      },
      consumerPolicyArn: expect.stringMatching(/^arn:aws:iam::123456789012:policy\//),
      functionName: expect.stringMatching(/^tokens-check-[0-9a-f]{7}$/),
      alarmTopicArn: expect.stringMatching(/^arn:aws:sns:eu-north-1:123456789012:tokens-alarms-/),
      alarmNames: ALARMS.map(({ name }) => expect.stringMatching(`^tokens-${name}-[0-9a-f]{7}$`)),
      dashboardUrl: expect.stringMatching(/^https:\/\/eu-north-1\.console\.aws\.amazon\.com\//),
    });
  });

  test("name alarms that are there and off, and tell the topic's one subscriber", async () => {
    const { alarmNames, alarmTopicArn, functionName } = stack.outputs;
    const cloudwatch = new CloudWatch(clientConfig());
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [...alarmNames] });
    expect(MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual(alarmNames);
    for (const [index, alarm] of MetricAlarms.entries()) {
      expect(alarm).toMatchObject({
        StateValue: "OK",
        AlarmDescription: ALARMS[index]?.meaning,
        MetricName: ALARMS[index]?.metricName,
        Dimensions: [{ Name: "FunctionName", Value: functionName }],
        AlarmActions: [alarmTopicArn],
        OKActions: [alarmTopicArn],
      });
    }
    cloudwatch.destroy();
    const sns = new SNS(clientConfig());
    const { Subscriptions } = await sns.listSubscriptionsByTopic({ TopicArn: alarmTopicArn });
    expect(Subscriptions).toMatchObject([
      { Protocol: "email", SubscriptionArn: expect.stringMatching(`^${alarmTopicArn}:`) },
    ]);
    sns.destroy();
    expect(stack.aws.topics.sent).toEqual([]);
  });
});

test("the deployed function is invoked, and what it wrote is found by the request's id", async () => {
  const lambda = new Lambda(clientConfig());
  const { functionName: FunctionName } = stack.outputs;
  const { $metadata, Payload } = await lambda.invoke({ FunctionName, Payload: "{}" });
  expect(JSON.parse(Payload?.transformToString() ?? "")).toEqual({
    accounts: [
      { accountId: "T10000001", outcome: "awaiting-credentials" },
      { accountId: "T10000002", outcome: "awaiting-credentials" },
    ],
  });
  const { LoggingConfig } = await lambda.getFunctionConfiguration({ FunctionName });
  lambda.destroy();
  const logs = new CloudWatchLogs(clientConfig());
  const { events = [] } = await logs.filterLogEvents({
    logGroupName: LoggingConfig?.LogGroup,
    filterPattern: `"${$metadata.requestId}"`,
  });
  logs.destroy();
  const lines = events.map(({ message }) => JSON.parse(message ?? ""));
  expect(lines.map(({ type, accountId }) => type ?? accountId)).toEqual([
    "platform.start",
    "T10000001",
    "T10000002",
    "platform.report",
  ]);
});

test("the API client that comes with an account gets a token of the life that was asked for", async () => {
  const client = stack.apiClients["T10000001"];
  expect(client).toEqual({ client_id: expect.any(String), client_secret: expect.any(String) });
  await stack.sandbox.storeSecret("T10000001", JSON.stringify(client));
  const { result } = await stack.check();
  expect(result?.accounts).toMatchObject([
    { accountId: "T10000001", outcome: "renewed" },
    { accountId: "T10000002", outcome: "awaiting-credentials" },
  ]);
  const { issuedAt = "", expiresAt = "" } = (await stack.sandbox.readStatus("T10000001")) ?? {};
  const lifeMs = Date.parse(expiresAt) - Date.parse(issuedAt);
  // A token's own expiry is in whole seconds.
  expect(lifeMs).toBeGreaterThan(6 * 3_600_000 - 1000);
  expect(lifeMs).toBeLessThanOrEqual(6 * 3_600_000);
});

describe("its environment", () => {
  const run = promisify(execFile);
  const readOutputs = async (command: string, args: readonly string[] = []) => {
    const env = { ...process.env, ...stack.environment };
    const rest = ["stack", "output", "--json", "--stack", "test"];
    return JSON.parse((await run(command, [...args, ...rest], { env, cwd: ROOT })).stdout);
  };

  test("leaves the Region to the outputs", () => {
    expect(stack.environment).not.toHaveProperty("AWS_REGION");
  });

  test("lets a plain pulumi answer the outputs", async () => {
    expect(await readOutputs("pulumi")).toEqual(stack.outputs);
  });

  test("lets the pulumi that npm puts first answer them, too", async () => {
    const ofNpm = join(ROOT, "node_modules", ".bin", "pulumi");
    expect(await readOutputs(ofNpm)).toEqual(stack.outputs);
  });
});

test("accounts of production make the stack prod", async () => {
  const production = await startStack(["P10000001"]);
  expect(production.stackName).toBe("prod");
  expect(production.environment["DINTERO_LOCAL_STACK_OUTPUTS"]).toMatch(/\/prod\.json$/);
  expect(production.outputs.dashboardUrl).toMatch(/-prod$/);
  await production.close();
});

test("nothing is left of it once it is closed, not even a check that waits for AWS", async () => {
  const closed = await startStack(["T10000001"]);
  const arrived = new Promise<void>((resolve) => {
    closed.aws.addFault({
      operation: "DescribeSecret",
      when: () => {
        resolve();
        return true;
      },
      effect: { hang: true },
    });
  });
  const check = closed.check();
  await arrived;
  await closed.close();
  expect((await check).error?.errorMessage).toBe("The function was stopped.");
  expect(existsSync(closed.folder)).toBe(false);
  await expect(fetch(closed.aws.url)).rejects.toThrow();
  await expect(fetch(closed.dintero.origin)).rejects.toThrow();
});
