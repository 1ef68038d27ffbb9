/** What the tests of the drill rely on: when an alarm notifies its topic, and what the history says. */
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { beforeEach, expect, test } from "@jest/globals";
import { refusal, START_MS, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const cloudwatch = withClient(run, CloudWatch);

let topicArn: string;
beforeEach(() => {
  topicArn = run.aws.topics.create("people");
  run.aws.topics.subscribe(topicArn, "email", "on-call@example.com", "confirmed");
  run.aws.alarms.put({ AlarmName: "first", AlarmActions: [topicArn] });
  run.aws.alarms.put({ AlarmName: "second", AlarmActions: [topicArn], ActionsEnabled: false });
});

const setState = (StateValue: "OK" | "ALARM", AlarmName = "first") =>
  cloudwatch().setAlarmState({ AlarmName, StateValue, StateReason: `it is ${StateValue}` });

async function summaries(AlarmName = "first", MaxRecords = 9) {
  const { AlarmHistoryItems = [] } = await cloudwatch().describeAlarmHistory({
    ...{ AlarmName, MaxRecords, HistoryItemType: "Action", ScanBy: "TimestampDescending" },
  });
  return AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary);
}

test("A change of state notifies the topic once, and has the time of the change", async () => {
  run.clock.nowMs += 1000;
  await setState("ALARM");
  run.clock.nowMs += 1000;
  await setState("ALARM");
  await setState("ALARM", "second");
  const { MetricAlarms } = await cloudwatch().describeAlarms({ AlarmNames: ["second", "first"] });
  expect(MetricAlarms).toMatchObject([
    {
      AlarmName: "first",
      ActionsEnabled: true,
      StateValue: "ALARM",
      StateReason: "it is ALARM",
      StateTransitionedTimestamp: new Date(START_MS + 1000),
    },
    { AlarmName: "second", ActionsEnabled: false, StateValue: "ALARM" },
  ]);
  expect(run.aws.topics.sent).toMatchObject([
    { endpoint: "on-call@example.com", subject: 'ALARM: "first"' },
  ]);
  expect(await summaries()).toEqual([`Successfully executed action ${topicArn}`]);
  expect(await summaries("second")).toEqual([]);
});

test("The history says which action failed and why, the newest first", async () => {
  await setState("ALARM");
  await setState("OK");
  run.aws.topics.refusePublishing(topicArn, "not authorized");
  await setState("ALARM");
  expect(await summaries("first", 1)).toEqual([
    `Failed to execute action ${topicArn}. Received error: "not authorized"`,
  ]);
  expect(await summaries()).toHaveLength(2);
  expect(run.aws.topics.sent).toHaveLength(1);
});

test("An alarm that does not exist is not described, and cannot be set", async () => {
  expect((await cloudwatch().describeAlarms({ AlarmNames: ["none"] })).MetricAlarms).toEqual([]);
  expect((await refusal(setState("ALARM", "none"))).name).toBe("ResourceNotFound");
});
