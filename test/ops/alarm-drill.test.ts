/** What a drill sees of an alarm's action. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { ACTION_TIMEOUT_MS, isCarriedOut, setBack, setOff } from "../../ops/alarm-drill.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { TestClock } from "../support/test-clock.ts";

const NAME = "tokens-silent";
const VIEW = { name: NAME, since: null, reason: null, tellsTopic: true } as const;

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

function drill(clock = new TestClock(Date.now())) {
  const { signal } = new AbortController();
  return setOff(client, { ...VIEW, state: "OK" }, "drill", clock, signal);
}

test("An action that was carried out is seen", async () => {
  makeAlarm({ AlarmActions: [topicArn] });
  const seen = await drill();
  expect(seen).toEqual({ name: NAME, action: `Successfully executed action ${topicArn}` });
  expect(isCarriedOut(seen)).toBe(true);
  expect(aws.topics.sent).toHaveLength(1);
});

test("An action that failed is none that was carried out", async () => {
  makeAlarm({ AlarmActions: [topicArn] });
  aws.topics.refusePublishing(topicArn, "not authorized");
  const seen = await drill();
  expect(seen.action).toContain("Failed to execute action");
  expect(isCarriedOut(seen)).toBe(false);
});

test("An action of an earlier time does not count", async () => {
  makeAlarm({ AlarmActions: [topicArn] });
  aws.alarms.setState(NAME, "ALARM", "Threshold Crossed");
  aws.alarms.setState(NAME, "OK", "over");
  makeAlarm({ AlarmActions: [] });
  const clock = new TestClock(Date.now());
  const seen = await drill(clock);
  expect(seen.action).toBeUndefined();
  expect(isCarriedOut(seen)).toBe(false);
  expect(clock.sleepsMs.reduce((sum, ms) => sum + ms)).toBe(ACTION_TIMEOUT_MS);
});

test.each(["OK", "INSUFFICIENT_DATA"] as const)("An alarm is set back to %s", async (state) => {
  makeAlarm({ AlarmActions: [topicArn] });
  await drill();
  await setBack(client, { ...VIEW, state }, "over", new AbortController().signal);
  const set = aws.calls.filter(({ operation }) => operation === "SetAlarmState");
  expect(set.map(({ input }) => input["StateValue"])).toEqual(["ALARM", state]);
});
