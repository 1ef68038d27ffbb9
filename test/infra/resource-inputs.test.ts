/** The inputs of the component's resources that matter. The alarms' are in alarms.test.ts. */
import { describe, expect, test } from "@jest/globals";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import type { Resource } from "../../proof/local/pulumi/computed-properties.ts";
import { renderStack } from "./rendered-stack.ts";

const INTERVAL_SECONDS = CHECK_INTERVAL_MINUTES * 60;

describe("The inputs that matter", () => {
  const inputsOf = async (type: string, differences = {}): Promise<Resource["inputs"]> =>
    (await renderStack(differences)).engine.only(type).inputs;

  test("of the key: it rotates, and waits for its deletion", async () => {
    expect(await inputsOf("aws:kms/key:Key")).toMatchObject({
      enableKeyRotation: true,
      deletionWindowInDays: 7,
    });
    const production = { environment: "production", accounts: ["P12345678"] };
    expect(await inputsOf("aws:kms/key:Key", production)).toMatchObject({
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
  });

  test("of a secret: empty, with the stack's key, and with a description of what to put in", async () => {
    expect(await inputsOf("aws:secretsmanager/secret:Secret")).toEqual({
      name: "dintero/T12345678/api-client",
      description:
        'API client of Dintero account T12345678. Value: {"client_id": "...", "client_secret": "..."}',
      kmsKeyId: expect.stringMatching(/^arn:aws:kms:eu-north-1:123456789012:key\//),
      recoveryWindowInDays: 0,
      tags: {
        ManagedBy: "dintero-token-rotation",
        DinteroEnvironment: "test",
        DinteroAccount: "T12345678",
      },
    });
  });

  test("of a secret in production: it can be restored for 30 days", async () => {
    const production = { environment: "production", accounts: ["P12345678"] };
    expect(await inputsOf("aws:secretsmanager/secret:Secret", production)).toMatchObject({
      recoveryWindowInDays: 30,
    });
  });

  test("of the function", async () => {
    const inputs = await inputsOf("aws:lambda/function:Function", {
      accounts: ["T12345678", "T123"],
    });
    expect(inputs).toMatchObject({
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      memorySize: 512,
      environment: {
        variables: {
          DINTERO_ENVIRONMENT: "test",
          DINTERO_ACCOUNT_IDS: "T12345678,T123",
          DINTERO_API_ORIGIN: "https://api.dintero.com",
          KMS_KEY_ID: expect.stringMatching(/^arn:aws:kms:eu-north-1:123456789012:key\//),
        },
      },
      loggingConfig: { logFormat: "JSON", applicationLogLevel: "INFO", systemLogLevel: "INFO" },
    });
    expect(inputs).not.toHaveProperty("reservedConcurrentExecutions");
  });

  test("of its log: kept for the configured time, and used by the function", async () => {
    const { engine } = await renderStack({ logRetentionDays: 365 });
    const logGroup = engine.only("aws:cloudwatch/logGroup:LogGroup");
    expect(logGroup.inputs).toMatchObject({ retentionInDays: 365 });
    expect(engine.only("aws:lambda/function:Function").inputs["loggingConfig"]).toMatchObject({
      logGroup: expect.stringMatching(/^tokens-log-/),
    });
  });

  test("of asynchronous invocations: no retry, and none older than an interval", async () => {
    const type = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    expect(await inputsOf(type)).toMatchObject({
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: INTERVAL_SECONDS,
    });
  });

  test("of the schedule: once an interval, in its own group, without retries after an interval", async () => {
    expect(await inputsOf("aws:scheduler/schedule:Schedule")).toMatchObject({
      scheduleExpression: `rate(${CHECK_INTERVAL_MINUTES} minutes)`,
      groupName: expect.stringMatching(/^tokens-schedules-/),
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: expect.stringContaining(":function:tokens-check-"),
        roleArn: expect.stringContaining(":role/tokens-schedule-role-"),
        input: "{}",
        retryPolicy: { maximumEventAgeInSeconds: INTERVAL_SECONDS, maximumRetryAttempts: 3 },
      },
    });
  });

  test("of the event rule: new current versions of exactly this stack's secrets", async () => {
    const accounts = accountIdsOf(MAX_ACCOUNTS);
    const { eventPattern } = await inputsOf("aws:cloudwatch/eventRule:EventRule", { accounts });
    expect(JSON.parse(String(eventPattern))).toEqual({
      source: ["aws.secretsmanager"],
      "detail-type": ["Secret Label Updated"],
      detail: {
        name: accounts.map((account) => `dintero/${account}/api-client`),
        labelUpdated: ["AWSCURRENT"],
      },
    });
    // Source: EventBridge quotas, "Event pattern size".
    expect(String(eventPattern).length).toBeLessThanOrEqual(2048);
  });

  test("of the event rule's permission to invoke the function", async () => {
    const { engine } = await renderStack();
    expect(engine.only("aws:lambda/permission:Permission").inputs).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: expect.stringContaining(":rule/tokens-secret-changed-"),
    });
    expect(engine.only("aws:cloudwatch/eventTarget:EventTarget").inputs).toMatchObject({
      arn: expect.stringContaining(":function:tokens-check-"),
      retryPolicy: { maximumEventAgeInSeconds: INTERVAL_SECONDS, maximumRetryAttempts: 3 },
    });
  });

  test("of the topic: not the stack's key, so that a disabled key cannot silence it", async () => {
    expect(await inputsOf("aws:sns/topic:Topic")).not.toHaveProperty("kmsMasterKeyId");
  });
});
