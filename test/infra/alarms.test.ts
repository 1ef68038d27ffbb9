/** The alarms as CloudWatch gets them. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { ALARM_PERIOD_SECONDS, ALARMS } from "../../infra/alarm-definitions.ts";
import { alarmText } from "../../infra/alarm-text.ts";
import { createAlarms } from "../../infra/alarms.ts";
import type { Resource } from "../../proof/local/pulumi/computed-properties.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const FUNCTION_NAME = "tokens-check-1a2b3c4";
const ACCOUNTS = ["P12345678", "P123"];
const PLACE = { partition: "aws", region: "eu-north-1", awsAccountId: "123456789012" };
const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";
const PAGER = "arn:aws:sns:eu-north-1:123456789012:pager";
const RUNBOOK = "https://git.example.com/docs/operating.md";

/** Name in Pulumi, metric, statistic, comparison and threshold, points, periods, missing data. */
const EXPECTED = [
  ["token-at-risk-P12345678", "TokenLifeRemaining", "Minimum", "<", 100 / 3, 1, 20, "ignore"],
  ["token-at-risk-P123", "TokenLifeRemaining", "Minimum", "<", 100 / 3, 1, 20, "ignore"],
  ["rotation-silent", "ChecksCompleted", "Sum", "<", 1, 20, 20, "breaching"],
  ["check-broken", "Errors", "Sum", ">=", 1, 3, 30, "ignore"],
  ["renewals-failing", "RenewalsFailed", "Sum", ">=", 1, 3, 60, "ignore"],
  ["credentials-rejected", "CredentialsRejected", "Sum", ">=", 1, 2, 60, "ignore"],
] as const;
const COMPARISONS = { "<": "LessThanThreshold", ">=": "GreaterThanOrEqualToThreshold" };

async function alarmsWith(urgentTopicArn?: string): Promise<readonly Resource[]> {
  const engine = await FakeEngine.start({ stack: "prod" });
  createAlarms(
    "tokens",
    {
      accounts: ACCOUNTS,
      functionName: FUNCTION_NAME,
      place: pulumi.output(PLACE),
      topicArn: TOPIC,
      urgentTopicArn: urgentTopicArn === undefined ? undefined : pulumi.output(urgentTopicArn),
      runbookUrl: RUNBOOK,
      tags: { A: "b" },
    },
    {},
  );
  await engine.settle();
  return engine.registered;
}

let made: readonly Resource[];
beforeAll(async () => {
  made = await alarmsWith(PAGER);
});

test("There is one for each account and four for the stack, named by kind, account and stack", () => {
  expect(made.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
    EXPECTED.map(([name]) => `aws:cloudwatch/metricAlarm:MetricAlarm tokens-${name}-prod`).sort(),
  );
});

describe.each(EXPECTED)(
  "%s",
  (name, metricName, statistic, comparison, threshold, datapointsToAlarm, periods, missing) => {
    const inputs = () => made.find((it) => it.name === `tokens-${name}-prod`)?.inputs ?? {};
    const account = ACCOUNTS.find((it) => name.endsWith(it));
    const kind = ALARMS.find((it) => name.startsWith(it.kind))?.kind ?? "check-broken";
    const isUrgent = ["token-at-risk", "rotation-silent"].includes(kind);

    test(`watches ${metricName} in periods of whole minutes`, () => {
      expect(ALARM_PERIOD_SECONDS % 60).toBe(0);
      expect(inputs()).toMatchObject({
        namespace: metricName === "Errors" ? "AWS/Lambda" : "DinteroTokenRotation",
        metricName,
        statistic,
        comparisonOperator: COMPARISONS[comparison],
        threshold,
        datapointsToAlarm,
        evaluationPeriods: periods,
        treatMissingData: missing,
        period: ALARM_PERIOD_SECONDS,
      });
    });

    test("watches the metric of its account, or of the function", () => {
      expect(inputs()["dimensions"]).toEqual({
        FunctionName: FUNCTION_NAME,
        ...(account && { DinteroAccount: account }),
      });
      expect(inputs()["tags"]).toEqual({ A: "b", ...(account && { DinteroAccount: account }) });
    });

    test("notifies the topic when it fires and when it clears, and the urgent one if it is urgent", () => {
      const topics = isUrgent ? [TOPIC, PAGER] : [TOPIC];
      const { alarmActions, okActions, insufficientDataActions, actionsEnabled } = inputs();
      expect({ alarmActions, okActions }).toEqual({ alarmActions: topics, okActions: topics });
      expect(insufficientDataActions).toBeUndefined();
      expect(actionsEnabled).not.toBe(false);
    });

    test("has the text of its kind and its account", () => {
      const args = { account, stack: "prod", place: PLACE, functionName: FUNCTION_NAME };
      const text = alarmText(kind, { ...args, runbookUrl: RUNBOOK });
      expect(inputs()["alarmDescription"]).toBe(text);
    });

    // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    test("is within CloudWatch's limits", () => {
      expect(ALARM_PERIOD_SECONDS * periods).toBeLessThanOrEqual(86_400);
      expect(datapointsToAlarm).toBeLessThanOrEqual(periods);
    });

    // Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, "Subject"
    test("has its kind and account within the 100 characters of a mail's subject", () => {
      const cut = `ALARM: "tokens-${name}-prod-1a2b3c4" in Asia Pacific (Melbourne)`;
      expect(cut.length).toBeLessThanOrEqual(100);
    });
  },
);

test("Without an urgent topic all alarms notify the one topic", async () => {
  for (const { inputs } of await alarmsWith()) {
    expect(inputs).toMatchObject({ alarmActions: [TOPIC], okActions: [TOPIC] });
  }
});

test("Only rotation-silent has a warm-up, which is longer than its periods and always runs to its end", () => {
  const warming = made.filter(({ inputs }) => "warmUpConfiguration" in inputs);
  expect(warming.map(({ name }) => name)).toEqual(["tokens-rotation-silent-prod"]);
  expect(warming[0]?.inputs["warmUpConfiguration"]).toEqual({
    warmUpPeriodDurationInMinutes: 30,
    onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
  });
});
