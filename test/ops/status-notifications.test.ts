/** Whether `status` sees that alarms do not reach those who should be notified, end to end. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { ON_CALL_EMAIL } from "../../proof/local/standing-alarms.ts";
import { expectMessage } from "../support/expect-message.ts";
import { runOps, withStandingStackOf } from "./ops-process.ts";
import { messageOf, readStatus } from "./status-document.ts";

const ACCOUNTS = ["P10000001", "P10000002"];
const stack = withStandingStackOf({ accountIds: ACCOUNTS, hasUrgentTopic: true });
const REFRESH = "npm run deploy -- --stack prod --refresh";
const status = () => readStatus(stack.current);

beforeAll(async () => {
  const { sandbox, apiClients } = stack.current;
  for (const accountId of ACCOUNTS) {
    await sandbox.storeSecret(accountId, JSON.stringify(apiClients[accountId]));
  }
  await stack.current.check();
});

test("At first there is no fault, and urgent alarms notify both topics", async () => {
  const { status: exit, alarms, subscriptions } = await status();
  expect(exit).toBe(0);
  const urgent = alarms?.map(({ notifiesUrgentTopic }) => notifiesUrgentTopic);
  expect(urgent).toEqual([true, true, true, null, null, null]);
  expect(subscriptions.map(({ protocol }) => protocol)).toEqual(["email", "https"]);
});

describe("Some or all people are not notified if", () => {
  const on = (topic: string, protocol: string, endpoint: string, state: "confirmed" | "Deleted") =>
    stack.current.aws.topics.subscribe(topic, protocol, endpoint, state);

  test("the configured address is unsubscribed", async () => {
    const { alarmTopicArn } = stack.current.outputs;
    on(alarmTopicArn, "email", ON_CALL_EMAIL, "Deleted");
    const { status: exit, faults, codes } = await status();
    on(alarmTopicArn, "email", ON_CALL_EMAIL, "confirmed");
    expect([exit, codes]).toEqual([1, ["address-unsubscribed"]]);
    const message = messageOf(faults, "address-unsubscribed");
    expectMessage(message, { names: [ON_CALL_EMAIL], commands: [REFRESH] });
  });

  test("nobody is subscribed to the topic for urgent alarms", async () => {
    const { urgentAlarmTopicArn = "none" } = stack.current.outputs;
    on(urgentAlarmTopicArn, "https", "https://pager.example.com", "Deleted");
    const { status: exit, faults, codes } = await status();
    on(urgentAlarmTopicArn, "https", "https://pager.example.com", "confirmed");
    expect([exit, codes]).toEqual([1, ["topic-without-subscribers"]]);
    expect(messageOf(faults, "topic-without-subscribers")).toContain(urgentAlarmTopicArn);
  });

  test.each([
    ["at(2000-01-01T00:00)", "P1D", 0],
    ["cron(0 2 * * *)", "PT4H", 1],
  ])("a mute rule is active, with the schedule %s", async (Expression, Duration, expected) => {
    const { aws, outputs } = stack.current;
    const Rule = { Schedule: { Expression, Duration } };
    const targets = { MuteTargets: { AlarmNames: outputs.alarmNames.slice(0, 3) } };
    aws.alarmMuteRules.put({ ...targets, Name: "planned", Status: "ACTIVE", Rule });
    aws.alarmMuteRules.put({ ...targets, Name: "over", Status: "EXPIRED", Rule });
    const { status: exit, codes, muteRules } = await status();
    const { stdout } = await runOps(stack.current, ["status", "--stack", "prod"]);
    aws.alarmMuteRules.clear();
    expect([exit, codes]).toEqual([expected, expected === 0 ? [] : ["alarm-muted"]]);
    expect(muteRules).toMatchObject([
      {
        ...{ name: "planned", alarmNames: targets.MuteTargets.AlarmNames },
        ...{ schedule: Expression, duration: Duration, timeZone: "UTC" },
        endsAt: expected === 0 ? "2000-01-02T00:00:00.000Z" : null,
      },
    ]);
    expect(stdout).toContain("planned");
    expect(stdout).not.toContain("over mutes");
  });
});
