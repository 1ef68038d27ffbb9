/** What the component makes, and what it gives. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { type RenderedStack, renderStack } from "./rendered-stack.ts";

const URGENT_TOPIC = "arn:aws:sns:eu-north-1:123456789012:paging";

const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";

/** How many of each type there are for so many accounts. */
const counts = (accounts: number) => ({
  "dintero-token-rotation:index:TokenRotation": 1,
  "aws:kms/key:Key": 1,
  "aws:kms/alias:Alias": 1,
  "aws:secretsmanager/secret:Secret": accounts,
  "aws:cloudwatch/logGroup:LogGroup": 1,
  "aws:iam/role:Role": 2,
  "aws:iam/rolePolicy:RolePolicy": 2,
  "aws:iam/policy:Policy": 2 + accounts,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 1,
  "aws:lambda/function:Function": 1,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": 1,
  "aws:lambda/permission:Permission": 1,
  "aws:scheduler/scheduleGroup:ScheduleGroup": 1,
  "aws:scheduler/schedule:Schedule": 1,
  "aws:cloudwatch/eventRule:EventRule": 1,
  "aws:cloudwatch/eventTarget:EventTarget": 1,
  "aws:sns/topic:Topic": 1,
  "aws:sns/topicPolicy:TopicPolicy": 1,
  "aws:sns/topicSubscription:TopicSubscription": 1,
  "aws:cloudwatch/metricAlarm:MetricAlarm": 4 + accounts,
  "aws:cloudwatch/dashboard:Dashboard": 1,
});

function countsOf({ engine }: RenderedStack): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { type } of engine.registered) found[type] = (found[type] ?? 0) + 1;
  return found;
}

describe("What exists", () => {
  test.each([1, 3, MAX_ACCOUNTS])("for %i accounts is this and no more", async (accounts) => {
    const stack = await renderStack({ accounts: accountIdsOf(accounts) });
    expect(countsOf(stack)).toEqual(counts(accounts));
  });

  test("in production is the same", async () => {
    const accounts = accountIdsOf(2, "P");
    const stack = await renderStack({ environment: "production", accounts });
    expect(countsOf(stack)).toEqual(counts(2));
  });

  test("with the user's own topic is no topic and no topic policy, but the subscriptions", async () => {
    const alarmTopicArn = "arn:aws:sns:eu-north-1:123456789012:on-call";
    const { engine } = await renderStack({ alarmTopicArn, alarmEmails: ["a@b.no", "c@d.no"] });
    expect(engine.of("aws:sns/topic:Topic")).toEqual([]);
    expect(engine.of("aws:sns/topicPolicy:TopicPolicy")).toEqual([]);
    const subscriptions = engine.of("aws:sns/topicSubscription:TopicSubscription");
    expect(subscriptions.map(({ inputs }) => inputs)).toEqual([
      { topic: alarmTopicArn, protocol: "email", endpoint: "a@b.no" },
      { topic: alarmTopicArn, protocol: "email", endpoint: "c@d.no" },
    ]);
    for (const { inputs } of engine.of("aws:cloudwatch/metricAlarm:MetricAlarm")) {
      expect(inputs["alarmActions"]).toEqual([alarmTopicArn]);
    }
  });

  test("with the user's own urgent topic is the same, and the urgent alarms notify it too", async () => {
    const stack = await renderStack({ urgentAlarmTopicArn: URGENT_TOPIC });
    expect(countsOf(stack)).toEqual(counts(1));
    const notifying = stack.engine
      .of("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ inputs }) => JSON.stringify(inputs["alarmActions"]).includes(URGENT_TOPIC));
    expect(notifying.map(({ name }) => name)).toEqual([
      "tokens-token-at-risk-T12345678-test",
      "tokens-rotation-silent-test",
    ]);
  });

  test("changes by one secret, one policy and one alarm, and nothing else, when an account is added or removed", async () => {
    const names = async (accounts: string[]) =>
      (await renderStack({ accounts })).engine.registered.map(
        ({ type, name }) => `${type} ${name}`,
      );
    const [few, more] = [await names(accountIdsOf(2)), await names(accountIdsOf(3))];
    expect(more.filter((name) => !few.includes(name))).toEqual([
      "aws:secretsmanager/secret:Secret tokens-T10000003-credentials",
      "aws:iam/policy:Policy tokens-consumer-T10000003",
      "aws:cloudwatch/metricAlarm:MetricAlarm tokens-token-at-risk-T10000003-test",
    ]);
    expect(few.filter((name) => !more.includes(name))).toEqual([]);
  });

  test("does not depend on the place of an account in the list", async () => {
    const secretsOf = async (accounts: string[]) =>
      (await renderStack({ accounts })).engine
        .of("aws:secretsmanager/secret:Secret")
        .map(({ name, inputs }) => ({ name, secret: inputs["name"] }));
    const [first, second] = accountIdsOf(2);
    if (!first || !second) throw new Error("two accounts are needed");
    const secrets = await secretsOf([first, second]);
    expect((await secretsOf([second, first])).toReversed()).toEqual(secrets);
  });

  test("never includes a secret's value, a token parameter, or an account number from this program", async () => {
    const { engine } = await renderStack({ place: { ...elsewhere, partition: "aws" } });
    const types = engine.registered.map(({ type }) => type);
    expect(types.filter((type) => /secretVersion|ssm\/parameter/i.test(type))).toEqual([]);
    expect(JSON.stringify(engine.registered)).not.toContain("123456789012");
  });
});

const elsewhere = {
  partition: "aws-us-gov",
  region: "us-gov-west-1",
  awsAccountId: "999999999999",
};

describe("Every resource", () => {
  test("that can have tags has them", async () => {
    const { engine } = await renderStack();
    const untagged = engine.registered
      .filter(({ inputs }) => !("tags" in inputs))
      .map(({ type }) => type);
    expect([...new Set(untagged)].sort()).toEqual([
      "aws:cloudwatch/dashboard:Dashboard",
      "aws:cloudwatch/eventTarget:EventTarget",
      "aws:iam/rolePolicy:RolePolicy",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:kms/alias:Alias",
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      "aws:lambda/permission:Permission",
      "aws:scheduler/schedule:Schedule",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:sns/topicSubscription:TopicSubscription",
      "dintero-token-rotation:index:TokenRotation",
    ]);
    for (const { inputs } of engine.registered.filter(({ inputs }) => "tags" in inputs)) {
      expect(inputs["tags"]).toMatchObject({
        ManagedBy: "dintero-token-rotation",
        DinteroEnvironment: "test",
      });
    }
  });

  test("that can have tags has the user's tags too, and so do the parameters that the function creates", async () => {
    const tags = { CostCenter: "1234", "Data Owner": "payments" };
    const accounts = accountIdsOf(2);
    const { engine } = await renderStack({ accounts, tags });
    const tagged = engine.registered.filter(({ inputs }) => "tags" in inputs);
    const found: Record<string, number> = {};
    for (const { type, inputs } of tagged) {
      expect(inputs["tags"]).toMatchObject({ ...tags, ManagedBy: "dintero-token-rotation" });
      found[type] = (found[type] ?? 0) + 1;
    }
    expect(found).toEqual({
      "aws:kms/key:Key": 1,
      "aws:secretsmanager/secret:Secret": 2,
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:iam/role:Role": 2,
      "aws:iam/policy:Policy": 4,
      "aws:lambda/function:Function": 1,
      "aws:scheduler/scheduleGroup:ScheduleGroup": 1,
      "aws:cloudwatch/eventRule:EventRule": 1,
      "aws:sns/topic:Topic": 1,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 6,
    });
    expect(engine.only("aws:lambda/function:Function").inputs).toMatchObject({
      environment: { variables: { PARAMETER_TAGS: JSON.stringify(tags) } },
    });
  });

  test("is the same without the company's settings, apart from what they add", async () => {
    const plain = await renderStack();
    const asked = await renderStack({ permissionsBoundaryArn: BOUNDARY, tags: { Team: "a" } });
    expect(countsOf(asked)).toEqual(countsOf(plain));
    expect(JSON.stringify(plain.engine.registered)).not.toMatch(
      /PARAMETER_TAGS|ermissionsBoundary/,
    );
  });

  test("that is a role has the permissions boundary", async () => {
    const { engine } = await renderStack({ permissionsBoundaryArn: BOUNDARY });
    const roles = engine.of("aws:iam/role:Role");
    expect(roles.map(({ inputs }) => inputs["permissionsBoundary"])).toEqual([BOUNDARY, BOUNDARY]);
  });

  test("has a name from Pulumi, unless the contract fixes it or CloudWatch requires it", async () => {
    const { engine } = await renderStack();
    const named = engine.registered.filter(
      ({ inputs }) => "name" in inputs || "namePrefix" in inputs,
    );
    expect(named.map(({ inputs }) => inputs["name"] ?? inputs["namePrefix"]).sort()).toEqual([
      "alias/dintero-token-rotation-",
      "dintero/T12345678/api-client",
    ]);
    // The random suffix of the function is in it, and neither the stack nor the project, which may change.
    expect(engine.only("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardName"]).toMatch(
      /^dintero-token-rotation-tokens-check-\w{7}$/,
    );
  });

  test("belongs to the given partition, Region and AWS account", async () => {
    const { engine } = await renderStack({ place: elsewhere });
    const arns = JSON.stringify(engine.registered).match(/arn:[\w-]+:\w+:[\w-]*:\d*/g) ?? [];
    expect(arns.length).toBeGreaterThan(20);
    for (const arn of arns)
      expect(arn).toMatch(/^arn:aws-us-gov:\w+:(us-gov-west-1)?:999999999999$/);
  });
});

describe("The outputs", () => {
  test("have the key that encrypts the secrets", async () => {
    const { engine, rotation } = await renderStack();
    const keyArn = await new Promise((resolve) => rotation.outputs.keyArn.apply(resolve));
    expect(engine.only("aws:secretsmanager/secret:Secret").inputs["kmsKeyId"]).toBe(keyArn);
  });

  test("have the addresses and the urgent topic as they are set", async () => {
    const settings = { alarmEmails: ["a@b.no", "c@d.no"], urgentAlarmTopicArn: URGENT_TOPIC };
    const { outputs } = (await renderStack(settings)).rotation;
    const urgentAlarmTopicArn = await new Promise((it) => outputs.urgentAlarmTopicArn.apply(it));
    expect({ ...outputs, urgentAlarmTopicArn }).toMatchObject(settings);
  });
});

describe("A preview", () => {
  test("registers the same resources, although no ARN is known yet", async () => {
    const accounts = accountIdsOf(2);
    const stack = await renderStack({ accounts, preview: true });
    expect(countsOf(stack)).toEqual(counts(2));
    const { role } = stack.engine.only("aws:lambda/function:Function").inputs;
    expect(role).toBe(pulumi.runtime.unknownValue);
  });
});
