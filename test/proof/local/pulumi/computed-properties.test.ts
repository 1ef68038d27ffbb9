import { describe, expect, test } from "@jest/globals";
import {
  computedProperties,
  TEST_PLACE,
} from "../../../../proof/local/pulumi/computed-properties.ts";

const arn = (rest: string) => `arn:aws:${rest}`;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/.source;

/** A text that matches all of the pattern. */
const like = (pattern: string) => expect.stringMatching(new RegExp(`^${pattern}$`));

describe("computedProperties", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      "aws:kms/key:Key",
      {},
      {
        id: like(UUID),
        keyId: like(UUID),
        arn: like(arn(`kms:eu-north-1:123456789012:key/${UUID}`)),
      },
    ],
    [
      "aws:kms/alias:Alias",
      { name: "alias/a" },
      { id: "alias/a", name: "alias/a", arn: arn("kms:eu-north-1:123456789012:alias/a") },
    ],
    [
      "aws:secretsmanager/secret:Secret",
      { name: "a/b" },
      {
        id: like(arn("secretsmanager:eu-north-1:123456789012:secret:a/b-[0-9a-zA-Z]{6}")),
        arn: like(arn("secretsmanager:eu-north-1:123456789012:secret:a/b-[0-9a-zA-Z]{6}")),
        name: "a/b",
      },
    ],
    [
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "a" },
      { id: "a", name: "a", arn: arn("logs:eu-north-1:123456789012:log-group:a") },
    ],
    [
      "aws:iam/role:Role",
      { name: "a" },
      { id: "a", name: "a", arn: arn("iam::123456789012:role/a") },
    ],
    [
      "aws:iam/policy:Policy",
      { name: "a" },
      {
        id: arn("iam::123456789012:policy/a"),
        name: "a",
        arn: arn("iam::123456789012:policy/a"),
      },
    ],
    [
      "aws:lambda/function:Function",
      { name: "a" },
      { id: "a", name: "a", arn: arn("lambda:eu-north-1:123456789012:function:a") },
    ],
    [
      "aws:scheduler/scheduleGroup:ScheduleGroup",
      { name: "a" },
      { id: "a", name: "a", arn: arn("scheduler:eu-north-1:123456789012:schedule-group/a") },
    ],
    [
      "aws:scheduler/schedule:Schedule",
      { name: "a", groupName: "g" },
      { id: "g/a", name: "a", arn: arn("scheduler:eu-north-1:123456789012:schedule/g/a") },
    ],
    [
      "aws:cloudwatch/eventRule:EventRule",
      { name: "a" },
      { id: "a", name: "a", arn: arn("events:eu-north-1:123456789012:rule/a") },
    ],
    [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { name: "a" },
      { id: "a", name: "a", arn: arn("cloudwatch:eu-north-1:123456789012:alarm:a") },
    ],
    [
      "aws:sns/topic:Topic",
      { name: "a" },
      {
        id: arn("sns:eu-north-1:123456789012:a"),
        name: "a",
        arn: arn("sns:eu-north-1:123456789012:a"),
      },
    ],
    [
      "aws:cloudwatch/dashboard:Dashboard",
      { dashboardName: "a" },
      { id: "a", dashboardArn: arn("cloudwatch::123456789012:dashboard/a") },
    ],
    ["aws:lambda/permission:Permission", {}, { id: like("it-[0-9a-f]{7}") }],
  ])("of %s", (type, inputs, expected) => {
    expect(computedProperties({ type, name: "it", inputs }, TEST_PLACE)).toEqual(expected);
  });

  test.each([
    [{}, "it-[0-9a-f]{7}"],
    [{ namePrefix: "pre-" }, "pre-[0-9a-f]{7}"],
    [{ name: "own" }, "own"],
  ])("gives the inputs %j a physical name", (inputs, name) => {
    const role = { type: "aws:iam/role:Role", name: "it", inputs };
    expect(computedProperties(role, TEST_PLACE)).toMatchObject({ name: like(name) });
  });

  test("gives each resource values of its own, the same every time", () => {
    const idOf = (name: string) =>
      computedProperties({ type: "aws:kms/key:Key", name, inputs: {} }, TEST_PLACE).id;
    expect(idOf("one")).toBe(idOf("one"));
    expect(idOf("one")).not.toBe(idOf("two"));
  });

  test("names another partition, Region and account when told so", () => {
    const place = { partition: "aws-cn", region: "cn-north-1", awsAccountId: "210987654321" };
    const topic = { type: "aws:sns/topic:Topic", name: "it", inputs: { name: "a" } };
    expect(computedProperties(topic, place)).toMatchObject({
      arn: "arn:aws-cn:sns:cn-north-1:210987654321:a",
    });
  });
});
