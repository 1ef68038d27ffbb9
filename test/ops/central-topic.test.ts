/** A company's alarm topics in an AWS account of their own, which does not show who is subscribed. */
import { beforeAll, expect, test } from "@jest/globals";
import { runOps, unwrapped, withStandingStackOf } from "./ops-process.ts";
import { readStatus } from "./status-document.ts";

const ACCOUNT = "P10000001";
const stack = withStandingStackOf({
  ...{ accountIds: [ACCOUNT], hasUrgentTopic: true, topicsAccountId: "210987654321" },
});

beforeAll(async () => {
  const { sandbox, apiClients } = stack.current;
  await sandbox.storeSecret(ACCOUNT, JSON.stringify(apiClients[ACCOUNT]));
  await stack.current.check();
});

test("`status` says that it cannot see the subscribers and how to prove them, and exits with 0", async () => {
  const { alarmTopicArn, urgentAlarmTopicArn = "" } = stack.current.outputs;
  const { status, codes, hiddenTopics } = await readStatus(stack.current);
  expect([status, codes]).toEqual([0, []]);
  expect(hiddenTopics).toEqual([alarmTopicArn, urgentAlarmTopicArn]);
  const { stdout } = await runOps(stack.current, ["status", "--stack", "prod"]);
  for (const topicArn of hiddenTopics) expect(unwrapped(stdout)).toContain(`to ${topicArn}.`);
  expect(stdout).toContain("npm run ops -- drill --stack prod");
  expect(stdout).not.toContain("and alarms reach");
});

test("`drill` proves them, and names the topics instead of the subscribers", async () => {
  const { aws, outputs } = stack.current;
  const { status, stdout } = await runOps(stack.current, ["drill", "--stack", "prod", "--yes"]);
  expect(status).toBe(0);
  const topics = [outputs.alarmTopicArn, outputs.urgentAlarmTopicArn];
  for (const topicArn of topics) expect(stdout).toContain(topicArn);
  expect(new Set(aws.topics.sent.map(({ topicArn }) => topicArn))).toEqual(new Set(topics));
});
