import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { refusal, START_MS, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const cloudwatch = withClient(run, CloudWatch);
const HOUR_MS = 3_600_000;

let topicArn: string;
beforeEach(() => {
  topicArn = run.aws.topics.create("people");
  run.aws.topics.subscribe(topicArn, "email", "on-call@example.com", "confirmed");
  for (const name of ["first", "second", "third"]) {
    run.aws.alarms.put({
      AlarmName: name,
      AlarmDescription: `what ${name} means`,
      AlarmActions: [topicArn],
      OKActions: [topicArn],
    });
  }
});

const setState = (StateValue: "OK" | "ALARM", AlarmName = "first") =>
  cloudwatch().setAlarmState({ AlarmName, StateValue, StateReason: `it is ${StateValue}` });

async function names(input: Parameters<CloudWatch["describeAlarms"]>[0]) {
  const { MetricAlarms } = await cloudwatch().describeAlarms(input);
  return MetricAlarms?.map(({ AlarmName }) => AlarmName);
}

describe("DescribeAlarms", () => {
  test("a new alarm has no state yet, and keeps what it was made with", async () => {
    const { MetricAlarms } = await cloudwatch().describeAlarms({ AlarmNames: ["first"] });
    expect(MetricAlarms).toEqual([
      {
        AlarmName: "first",
        AlarmArn: "arn:aws:cloudwatch:eu-north-1:123456789012:alarm:first",
        AlarmDescription: "what first means",
        ActionsEnabled: true,
        AlarmActions: [topicArn],
        OKActions: [topicArn],
        InsufficientDataActions: [],
        StateValue: "INSUFFICIENT_DATA",
        StateReason: "Unchecked: Initial alarm creation",
        StateUpdatedTimestamp: new Date(START_MS),
        StateTransitionedTimestamp: new Date(START_MS),
      },
    ]);
  });

  test.each([
    ["all without a condition", {}, ["first", "second", "third"]],
    ["those named", { AlarmNames: ["third", "first", "none"] }, ["first", "third"]],
    ["those with a prefix", { AlarmNamePrefix: "s" }, ["second"]],
    ["metric alarms", { AlarmTypes: ["MetricAlarm" as const] }, ["first", "second", "third"]],
    ["no composite alarms", { AlarmTypes: ["CompositeAlarm" as const] }, []],
    ["those in a state", { StateValue: "ALARM" as const }, []],
  ])("finds %s", async (_, input, expected) => {
    expect(await names(input)).toEqual(expected);
  });

  test("pages follow one another", async () => {
    const first = await cloudwatch().describeAlarms({ MaxRecords: 2 });
    expect(first.MetricAlarms).toHaveLength(2);
    expect(await names({ MaxRecords: 2, NextToken: first.NextToken })).toEqual(["third"]);
  });

  test.each([
    ["a token of nobody's", { NextToken: "mine" }, "InvalidNextToken"],
    ["names and a prefix", { AlarmNames: ["first"], AlarmNamePrefix: "f" }, "ValidationException"],
    ["too many at once", { MaxRecords: 101 }, "ValidationException"],
    ["none at once", { MaxRecords: 0 }, "ValidationException"],
  ])("%s are refused", async (_, input, name) => {
    expect((await refusal(cloudwatch().describeAlarms(input))).name).toBe(name);
  });
});

describe("SetAlarmState", () => {
  test("changes the state, and tells those who have confirmed", async () => {
    run.clock.nowMs += HOUR_MS;
    await setState("ALARM");
    expect(await names({ StateValue: "ALARM" })).toEqual(["first"]);
    const { MetricAlarms } = await cloudwatch().describeAlarms({ AlarmNames: ["first"] });
    expect(MetricAlarms).toMatchObject([
      { StateReason: "it is ALARM", StateTransitionedTimestamp: new Date(START_MS + HOUR_MS) },
    ]);
    expect(run.aws.topics.sent).toMatchObject([
      { endpoint: "on-call@example.com", subject: 'ALARM: "first"' },
    ]);
  });

  test("the same state again tells nobody, and leaves no history", async () => {
    await setState("ALARM");
    run.clock.nowMs += HOUR_MS;
    await setState("ALARM");
    const { MetricAlarms } = await cloudwatch().describeAlarms({ AlarmNames: ["first"] });
    expect(MetricAlarms).toMatchObject([
      {
        StateUpdatedTimestamp: new Date(START_MS + HOUR_MS),
        StateTransitionedTimestamp: new Date(START_MS),
      },
    ]);
    expect(run.aws.topics.sent).toHaveLength(1);
    expect((await cloudwatch().describeAlarmHistory({})).AlarmHistoryItems).toHaveLength(2);
  });

  test("an alarm whose actions are off changes its state only", async () => {
    run.aws.alarms.put({ AlarmName: "first", ActionsEnabled: false, AlarmActions: [topicArn] });
    await setState("ALARM");
    expect(run.aws.topics.sent).toEqual([]);
    const { AlarmHistoryItems } = await cloudwatch().describeAlarmHistory({ AlarmName: "first" });
    expect(AlarmHistoryItems).toMatchObject([{ HistoryItemType: "StateUpdate" }]);
  });

  test("an unknown alarm is not found", async () => {
    expect(await refusal(setState("ALARM", "none"))).toMatchObject({
      name: "ResourceNotFound",
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe("DescribeAlarmHistory", () => {
  const history = async (input: Parameters<CloudWatch["describeAlarmHistory"]>[0]) =>
    (await cloudwatch().describeAlarmHistory(input)).AlarmHistoryItems;

  test("tells each change of state and each action, the newest first", async () => {
    await setState("OK");
    run.clock.nowMs += HOUR_MS;
    await setState("ALARM");
    const items = await history({ AlarmName: "first" });
    expect(items?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Successfully executed action ${topicArn}`,
      "Alarm updated from OK to ALARM",
      `Successfully executed action ${topicArn}`,
      "Alarm updated from INSUFFICIENT_DATA to OK",
    ]);
    expect(items?.[0]).toMatchObject({
      AlarmName: "first",
      HistoryItemType: "Action",
      Timestamp: new Date(START_MS + HOUR_MS),
    });
    expect(JSON.parse(items?.[1]?.HistoryData ?? "")).toMatchObject({
      oldState: { stateValue: "OK" },
      newState: { stateValue: "ALARM", stateReason: "it is ALARM" },
    });
  });

  test.each([
    ["topic is gone", () => run.aws.topics.delete(topicArn), "Topic does not exist"],
    [
      "topic lets nobody publish",
      () => run.aws.topics.refusePublishing(topicArn, "CloudWatch Alarms is not authorized"),
      "CloudWatch Alarms is not authorized",
    ],
  ])("tells that an action failed, and why, where its %s", async (_, spoil, reason) => {
    spoil();
    await setState("ALARM");
    const [item] = (await history({ AlarmName: "first", HistoryItemType: "Action" })) ?? [];
    expect(item?.HistorySummary).toBe(
      `Failed to execute action ${topicArn}. Received error: "${reason}"`,
    );
    expect(JSON.parse(item?.HistoryData ?? "")).toMatchObject({ actionState: "Failed" });
    expect(run.aws.topics.sent).toEqual([]);
  });

  test("can be asked for one kind, a span of time, the oldest first, and pages", async () => {
    await setState("ALARM");
    await setState("ALARM", "second");
    run.clock.nowMs += HOUR_MS;
    await setState("OK");
    const later = new Date(START_MS + 1);
    expect(await history({ HistoryItemType: "Action" })).toHaveLength(3);
    expect(await history({ HistoryItemType: "Action", StartDate: later })).toHaveLength(1);
    expect(await history({ HistoryItemType: "Action", EndDate: later })).toHaveLength(2);
    expect(await history({ ScanBy: "TimestampAscending", MaxRecords: 1 })).toMatchObject([
      { AlarmName: "first", HistorySummary: "Alarm updated from INSUFFICIENT_DATA to ALARM" },
    ]);
    const { NextToken } = await cloudwatch().describeAlarmHistory({ MaxRecords: 5 });
    expect(await history({ MaxRecords: 5, NextToken })).toHaveLength(1);
  });
});
