/** What the tests of `status` rely on: which mute rules are listed, and what their summaries lack. */
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { beforeEach, expect, test } from "@jest/globals";
import { refusal, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const cloudwatch = withClient(run, CloudWatch);

const ARN = "arn:aws:cloudwatch:eu-north-1:123456789012:alarm-mute-rule:";
const once = { Schedule: { Expression: "at(2026-01-02T03:04)", Duration: "PT4H" } };
const weekly = {
  Schedule: { Expression: "cron(0 2 * * SUN)", Duration: "PT1H", Timezone: "Europe/Oslo" },
};

beforeEach(() => {
  const { alarmMuteRules } = run.aws;
  const MuteTargets = { AlarmNames: ["first", "second"] };
  alarmMuteRules.put({ Name: "a", Status: "ACTIVE", Rule: once, MuteTargets });
  alarmMuteRules.put({ Name: "b", Status: "ACTIVE", Rule: weekly, MuteTargets });
  alarmMuteRules.put({ Name: "c", Status: "SCHEDULED", Rule: weekly, MuteTargets });
  alarmMuteRules.put({
    Name: "d",
    Status: "ACTIVE",
    Rule: once,
    MuteTargets: { AlarmNames: ["third"] },
  });
  alarmMuteRules.put({ Name: "e", Status: "ACTIVE", Rule: once, MuteTargets });
});

test("The rules of an alarm with a status are listed two at a time, without names, targets and times", async () => {
  const search = { AlarmName: "second", Statuses: ["ACTIVE" as const] };
  const first = await cloudwatch().listAlarmMuteRules(search);
  const second = await cloudwatch().listAlarmMuteRules({ ...search, NextToken: first.NextToken });
  expect(first.AlarmMuteRuleSummaries).toEqual([
    { AlarmMuteRuleArn: `${ARN}a`, Status: "ACTIVE", MuteType: "ONE_TIME" },
    { AlarmMuteRuleArn: `${ARN}b`, Status: "ACTIVE", MuteType: "RECURRING" },
  ]);
  expect(second.AlarmMuteRuleSummaries).toMatchObject([{ AlarmMuteRuleArn: `${ARN}e` }]);
  expect(second.NextToken).toBeUndefined();
});

test("A rule is returned by its name, with its schedule and end", async () => {
  const ExpireDate = new Date("2026-03-01T00:00:00Z");
  run.aws.alarmMuteRules.put({ Name: "b", Status: "ACTIVE", Rule: weekly, ExpireDate });
  const rule = await cloudwatch().getAlarmMuteRule({ AlarmMuteRuleName: "b" });
  expect(rule).toMatchObject({ Name: "b", AlarmMuteRuleArn: `${ARN}b`, Rule: weekly, ExpireDate });
});

test("A rule or a status that does not exist is refused", async () => {
  const none = cloudwatch().getAlarmMuteRule({ AlarmMuteRuleName: "none" });
  expect((await refusal(none)).name).toBe("ResourceNotFoundException");
  // @ts-expect-error There is no such status.
  const wrong = cloudwatch().listAlarmMuteRules({ Statuses: ["OVER"] });
  expect((await refusal(wrong)).name).toMatch(/^Validation/);
});
