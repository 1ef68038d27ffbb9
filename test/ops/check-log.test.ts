/** Which lines of the function's log are shown, and how long they are waited for. */
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type CheckLog, LOG_TIMEOUT_MS, readCheckLog } from "../../ops/check-log.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { sleepingClock, TestClock } from "../support/test-clock.ts";

const START = '{"type":"platform.start","record":{"requestId":"id-1"}}';
const LINE = '{"message":"account checked","requestId":"id-1"}';
const OTHER = '{"message":"account checked","requestId":"id-2"}';
const REPORT = '{"type":"platform.report","record":{"requestId":"id-1"}}';

let aws: AwsStandIn;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  aws = await AwsStandIn.start({ now: Date.now });
  const { url: endpoint, region, credentials } = aws;
  client = new CloudWatchLogsClient({ endpoint, region, credentials });
});

afterAll(async () => {
  client.destroy();
  await aws.close();
});

function read(clock: TestClock): Promise<CheckLog> {
  const invocation = { logGroup: "group", requestId: "id-1", invokedAtMs: Date.now() };
  return readCheckLog(client, invocation, clock, new AbortController().signal);
}

test("Only lines of the invocation are shown, as soon as the last line has arrived", async () => {
  aws.logs.create("group");
  aws.logs.append("group", "stream", [START, OTHER]);
  const clock = new TestClock(Date.now());
  clock.onSleep = () => aws.logs.append("group", "stream", [LINE, REPORT]);
  expect(await read(clock)).toEqual({ lines: [START, LINE, REPORT], isComplete: true });
  expect(clock.sleepsMs).toHaveLength(1);
});

test("A log that stays incomplete is shown as it is after half a minute", async () => {
  aws.logs.create("group");
  aws.logs.append("group", "stream", [START, OTHER]);
  const clock = sleepingClock(Date.now());
  expect(await read(clock)).toEqual({ lines: [START], isComplete: false });
  expect(clock.sleepsMs.reduce((sum, ms) => sum + ms)).toBe(LOG_TIMEOUT_MS);
});
