/** What a drill sees of an alarm's actions. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { ACTION_TIMEOUT_MS, fire, isCarriedOut, reset } from "../../ops/alarm-drill.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { sleepingClock } from "../support/test-clock.ts";
import { alarmView } from "./status-parts.ts";

const NAME = "tokens-silent";
const VIEW = alarmView({ name: NAME });

let aws: AwsStandIn;
let client: CloudWatchClient;
let topicArn: string;

beforeAll(async () => {
  aws = await AwsStandIn.start({ now: Date.now });
  const { url: endpoint, region, credentials } = aws;
  client = new CloudWatchClient({ endpoint, region, credentials });
});

beforeEach(() => {
  aws.reset();
  topicArn = aws.topics.create("topic");
  aws.topics.subscribe(topicArn, "email", "a@example.com", "confirmed");
});

afterAll(async () => {
  client.destroy();
  await aws.close();
});

function makeAlarm(settings: { AlarmActions?: string[]; ActionsEnabled?: boolean }): void {
  aws.alarms.put({
    AlarmName: NAME,
    MetricName: "M",
    ComparisonOperator: "LessThanThreshold",
    EvaluationPeriods: 1,
    ...settings,
  });
  aws.alarms.setState(NAME, "OK", "fine");
}

function drill(topicArns = [topicArn], clock = sleepingClock(Date.now())) {
  const { signal } = new AbortController();
  return fire(client, VIEW, topicArns, "drill", clock, signal);
}

test("A topic that was notified is recognized", async () => {
  makeAlarm({ AlarmActions: [topicArn] });
  const { name, actions } = await drill();
  expect(name).toBe(NAME);
  expect(actions).toEqual([{ topicArn, summary: `Successfully executed action ${topicArn}` }]);
  expect(actions.map(isCarriedOut)).toEqual([true]);
  expect(aws.topics.sent).toHaveLength(1);
});

test("Each topic is recognized by its whole ARN", async () => {
  const longer = aws.topics.create("topic-urgent");
  makeAlarm({ AlarmActions: [longer] });
  const { actions } = await drill([topicArn, longer]);
  expect(actions.map((action) => [action.topicArn, isCarriedOut(action)])).toEqual([
    [topicArn, false],
    [longer, true],
  ]);
});

test("A topic that CloudWatch may not publish to does not count as notified", async () => {
  makeAlarm({ AlarmActions: [topicArn] });
  aws.topics.refusePublishing(topicArn, "not authorized");
  const { actions } = await drill();
  expect(actions[0]?.summary).toContain("Failed to execute action");
  expect(actions.map(isCarriedOut)).toEqual([false]);
});

test("An earlier action does not count", async () => {
  makeAlarm({ AlarmActions: [topicArn] });
  aws.alarms.setState(NAME, "ALARM", "Threshold Crossed");
  aws.alarms.setState(NAME, "OK", "over");
  makeAlarm({ AlarmActions: [] });
  const clock = sleepingClock(Date.now());
  const { actions } = await drill([topicArn], clock);
  expect(actions).toEqual([{ topicArn, summary: undefined }]);
  expect(actions.map(isCarriedOut)).toEqual([false]);
  expect(clock.sleepsMs.reduce((sum, ms) => sum + ms)).toBe(ACTION_TIMEOUT_MS);
});

test.each(["OK", "INSUFFICIENT_DATA"] as const)("An alarm is reset to %s", async (state) => {
  makeAlarm({ AlarmActions: [topicArn] });
  await drill();
  await reset(client, { ...VIEW, state }, "over", new AbortController().signal);
  const set = aws.calls.filter(({ operation }) => operation === "SetAlarmState");
  expect(set.map(({ input }) => input["StateValue"])).toEqual(["ALARM", state]);
});
