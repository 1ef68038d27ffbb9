/** Lists come in short pages: a command that reads the first one alone shows too little. */
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { SNS } from "@aws-sdk/client-sns";
import { expect, test } from "@jest/globals";
import { START_MS, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const logs = withClient(run, CloudWatchLogs);
const sns = withClient(run, SNS);

test("Log events are returned by term and time, two at a time", async () => {
  run.aws.logs.create("group");
  run.aws.logs.append("group", "stream", ["id-1 too early"]);
  run.clock.nowMs += 1000;
  run.aws.logs.append("group", "stream", ["id-1 a", "id-2", "id-1 b", "id-1 c"]);
  const search = { logGroupName: "group", startTime: START_MS + 1, filterPattern: '"id-1"' };
  const first = await logs().filterLogEvents(search);
  const second = await logs().filterLogEvents({ ...search, nextToken: first.nextToken });
  const messages = [first, second].map(({ events = [] }) => events.map((it) => it.message));
  expect(messages).toEqual([["id-1 a", "id-1 b"], ["id-1 c"]]);
  expect(second.nextToken).toBeUndefined();
});

test("Subscriptions have an ARN only while they are confirmed", async () => {
  const { topics } = run.aws;
  const TopicArn = topics.create("people");
  topics.subscribe(TopicArn, "email", "a<b>&amp;@example.com", "confirmed");
  topics.subscribe(TopicArn, "email", "pending@example.com", "confirmed");
  topics.subscribe(TopicArn, "email", "pending@example.com", "PendingConfirmation");
  topics.subscribe(TopicArn, "sms", "+4700000000", "Deleted");
  const first = await sns().listSubscriptionsByTopic({ TopicArn });
  const second = await sns().listSubscriptionsByTopic({ TopicArn, NextToken: first.NextToken });
  expect(first.Subscriptions).toMatchObject([
    {
      Endpoint: "a<b>&amp;@example.com",
      SubscriptionArn: expect.stringMatching(`^${TopicArn}:[0-9a-f-]{36}$`),
    },
    { Endpoint: "pending@example.com", SubscriptionArn: "PendingConfirmation" },
  ]);
  expect(second.Subscriptions).toMatchObject([{ Protocol: "sms", SubscriptionArn: "Deleted" }]);
  topics.publish(TopicArn, "subject", "message");
  expect(topics.sent.map(({ endpoint }) => endpoint)).toEqual(["a<b>&amp;@example.com"]);
});
