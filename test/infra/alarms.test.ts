/** The alarms as CloudWatch gets them, and as people read them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { ALARM_PERIOD_SECONDS, ALARMS } from "../../infra/alarm-definitions.ts";
import { createAlarms } from "../../infra/alarms.ts";
import type { Resource } from "../../proof/local/pulumi/computed-properties.ts";
import { expectMessage, expectWordsPerCause } from "../support/expect-message.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const NAMES = [
  "token-at-risk",
  "rotation-silent",
  "check-broken",
  "renewals-failing",
  "credentials-rejected",
] as const;

/** The longest that Lambda takes. Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const FUNCTION_NAME = "f".repeat(64);
/** As patient as the function, and once. */
const COMMAND = `AWS_MAX_ATTEMPTS=1 aws lambda invoke --region eu-north-1 --function-name ${FUNCTION_NAME} --cli-read-timeout 160 --payload '{}' --cli-binary-format raw-in-base64-out /dev/stdout`;
const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";

let made: readonly Resource[];
beforeAll(async () => {
  const engine = await FakeEngine.start();
  createAlarms(
    "tokens",
    { functionName: FUNCTION_NAME, region: "eu-north-1", topicArn: TOPIC, tags: { A: "b" } },
    {},
  );
  await engine.settle();
  made = engine.registered;
});

function inputsOf(name: string): Readonly<Record<string, unknown>> {
  const alarm = made.find((it) => it.name === `tokens-${name}`);
  if (!alarm) throw new Error(`there is no alarm ${name}`);
  return alarm.inputs;
}

test("There are five alarms, and no more", () => {
  expect(ALARMS.map(({ name }) => name)).toEqual(NAMES);
  expect(made.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
    NAMES.map((name) => `aws:cloudwatch/metricAlarm:MetricAlarm tokens-${name}`).sort(),
  );
});

test.each([
  ["token-at-risk", "DinteroTokenRotation", "TokenLifeRemaining", "Minimum", "LessThanThreshold"],
  ["rotation-silent", "DinteroTokenRotation", "ChecksCompleted", "Sum", "LessThanThreshold"],
  ["check-broken", "AWS/Lambda", "Errors", "Sum", "GreaterThanOrEqualToThreshold"],
  [
    "renewals-failing",
    "DinteroTokenRotation",
    "RenewalsFailed",
    "Sum",
    "GreaterThanOrEqualToThreshold",
  ],
  [
    "credentials-rejected",
    "DinteroTokenRotation",
    "CredentialsRejected",
    "Sum",
    "GreaterThanOrEqualToThreshold",
  ],
])("%s watches %s %s, by %s and %s", (name, namespace, metricName, statistic, comparison) => {
  expect(inputsOf(name)).toMatchObject({
    namespace,
    metricName,
    statistic,
    comparisonOperator: comparison,
  });
});

describe.each(NAMES)("%s", (name) => {
  const describedAs = () => String(inputsOf(name)["alarmDescription"]);
  const lines = () => describedAs().split("\n");

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  test("has a description that CloudWatch takes, whatever the function's name", () => {
    expect(describedAs().length).toBeLessThanOrEqual(1024);
  });

  test("says first what it means", () => {
    expect(lines()[0]).toBe(ALARMS.find((alarm) => alarm.name === name)?.meaning);
    expectMessage(lines()[0] ?? "", { names: ["Dintero"] });
  });

  test("says how long there is, for tokens of a day and of four hours", () => {
    expect(lines()[0]).toMatch(/\b\d+ (hours|minutes)\b.*\b24[ -]h/);
    expect(lines()[0]).toMatch(/\b\d+ (hours|minutes)\b.*\b4[ -]h/);
  });

  test("is made of complete sentences, with the command and the page between them", () => {
    expectMessage(describedAs(), { commands: [COMMAND, `docs/operating.md#${name}`] });
  });

  test("gives one command, on a line of its own", () => {
    expect(lines().filter((line) => line.includes("aws "))).toEqual([COMMAND]);
  });

  test("names its page in the documents last, which is there", () => {
    expect(lines().at(-1)).toMatch(new RegExp(`docs/operating\\.md#${name}$`));
    const operating = join(import.meta.dirname, "..", "..", "docs", "operating.md");
    expect(readFileSync(operating, "utf8").split("\n")).toContain(`## ${name}`);
  });

  test("tells the topic, and nobody else, when it goes on and when it goes off", () => {
    const { alarmActions, okActions, insufficientDataActions, actionsEnabled } = inputsOf(name);
    expect({ alarmActions, okActions }).toEqual({ alarmActions: [TOPIC], okActions: [TOPIC] });
    expect(insufficientDataActions).toBeUndefined();
    expect(actionsEnabled).not.toBe(false);
  });

  test("looks at the function's metric, in periods of whole minutes", () => {
    expect(ALARM_PERIOD_SECONDS % 60).toBe(0);
    expect(inputsOf(name)).toMatchObject({
      period: ALARM_PERIOD_SECONDS,
      dimensions: { FunctionName: FUNCTION_NAME },
      tags: { A: "b" },
    });
  });

  test("passes its definition on as it stands", () => {
    const { meaning, warmUpMinutes, name: own, ...metric } = definitionOf(name);
    expect(own).toBe(name);
    expect(describedAs()).toContain(meaning);
    expect(inputsOf(name)).toMatchObject(metric);
    expect("warmUpConfiguration" in inputsOf(name)).toBe(warmUpMinutes !== undefined);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  test("is within CloudWatch's limits", () => {
    const { evaluationPeriods, datapointsToAlarm } = definitionOf(name);
    expect(ALARM_PERIOD_SECONDS * evaluationPeriods).toBeLessThanOrEqual(86_400);
    expect(datapointsToAlarm).toBeGreaterThanOrEqual(1);
    expect(datapointsToAlarm).toBeLessThanOrEqual(evaluationPeriods);
  });
});

function definitionOf(name: string) {
  const definition = ALARMS.find((alarm) => alarm.name === name);
  if (!definition) throw new Error(`there is no alarm ${name}`);
  return definition;
}

test("Each alarm has a meaning of its own", () => {
  expectWordsPerCause(ALARMS.map(({ name, meaning }) => [name, meaning]));
});

test("Only rotation-silent warms up, for at least as long as it looks back, and then to the end", () => {
  const warming = NAMES.filter((name) => "warmUpConfiguration" in inputsOf(name));
  expect(warming).toEqual(["rotation-silent"]);
  expect(inputsOf("rotation-silent")["warmUpConfiguration"]).toEqual({
    warmUpPeriodDurationInMinutes: 30,
    onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
  });
  const { evaluationPeriods } = definitionOf("rotation-silent");
  expect(evaluationPeriods * ALARM_PERIOD_SECONDS).toBeLessThanOrEqual(30 * 60);
});
