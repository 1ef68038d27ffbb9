import { describe, expect, test } from "@jest/globals";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FakeEngine } from "../support/fake-engine.ts";

class Alarms extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;

  constructor(name: string) {
    super("sample:index:Alarms", name);
    this.topic = new aws.sns.Topic(`${name}-topic`, {}, { parent: this });
    new aws.sns.TopicSubscription(
      `${name}-mail`,
      { topic: this.topic.arn, protocol: "email", endpoint: "a@example.com" },
      { parent: this },
    );
  }
}

/** Takes outputs as inputs, so that the engine records what the program knows of them. */
class Probe extends pulumi.CustomResource {
  constructor(inputs: pulumi.Inputs) {
    super("test:index:Probe", "probe", inputs);
  }
}

describe("FakeEngine", () => {
  test("records components and their children once settled", async () => {
    const engine = await FakeEngine.start();
    new Alarms("alarms");
    expect(engine.registered).toEqual([]);
    await engine.settle();

    expect(engine.registered.map(({ type, name }) => [type, name])).toEqual([
      ["sample:index:Alarms", "alarms"],
      ["aws:sns/topic:Topic", "alarms-topic"],
      ["aws:sns/topicSubscription:TopicSubscription", "alarms-mail"],
    ]);
    expect(engine.only("aws:sns/topicSubscription:TopicSubscription").inputs).toEqual({
      topic: expect.stringMatching(
        /^arn:aws:sns:eu-north-1:123456789012:alarms-topic-[0-9a-f]{7}$/,
      ),
      protocol: "email",
      endpoint: "a@example.com",
    });
  });

  test("starts empty again, in the same file", async () => {
    const first = await FakeEngine.start();
    new Alarms("first");
    await first.settle();
    const second = await FakeEngine.start();
    new Alarms("second");
    await second.settle();

    expect(second.registered).toHaveLength(3);
    expect(first.registered).toHaveLength(3);
  });

  test("makes resources in another place when told so", async () => {
    const place = { partition: "aws-cn", region: "cn-north-1", awsAccountId: "210987654321" };
    const engine = await FakeEngine.start({ place });
    new Probe({ arn: new aws.sns.Topic("topic", { name: "topic" }).arn });
    await engine.settle();

    expect(engine.only("test:index:Probe").inputs).toEqual({
      arn: "arn:aws-cn:sns:cn-north-1:210987654321:topic",
    });
  });

  test("finds resources by type", async () => {
    const engine = await FakeEngine.start();
    new aws.iam.Role("one", { assumeRolePolicy: "{}" });
    new aws.iam.Role("two", { assumeRolePolicy: "{}" });
    new aws.sns.Topic("topic");
    await engine.settle();

    expect(engine.of("aws:iam/role:Role").map(({ name }) => name)).toEqual(["one", "two"]);
    expect(engine.of("aws:kms/key:Key")).toEqual([]);
    expect(engine.only("aws:sns/topic:Topic").name).toBe("topic");
    expect(() => engine.only("aws:iam/role:Role")).toThrow(
      "expected one aws:iam/role:Role, found 2",
    );
    expect(() => engine.only("aws:kms/key:Key")).toThrow("expected one aws:kms/key:Key, found 0");
  });

  test("records plain inputs: secrets unwrapped, the texts of archives as hashes", async () => {
    const engine = await FakeEngine.start();
    new aws.lambda.Function("check", {
      role: "role",
      code: new pulumi.asset.AssetArchive({ "a.mjs": new pulumi.asset.StringAsset("hello") }),
      environment: { variables: { KEY: pulumi.secret("value"), OTHER: "other" } },
    });
    await engine.settle();

    expect(engine.only("aws:lambda/function:Function").inputs).toEqual({
      role: "role",
      code: {
        assets: {
          "a.mjs": { sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" },
        },
      },
      environment: { variables: { KEY: "value", OTHER: "other" } },
    });
  });

  test("hands over configuration, project and stack", async () => {
    await FakeEngine.start({ config: { accounts: ["T1"], name: "n", "aws:region": "eu-west-1" } });
    const config = new pulumi.Config();
    expect(config.requireObject("accounts")).toEqual(["T1"]);
    expect(config.require("name")).toBe("n");
    expect(new pulumi.Config("aws").require("region")).toBe("eu-west-1");
    expect([pulumi.getProject(), pulumi.getStack()]).toEqual(["dintero-token-rotation", "test"]);

    await FakeEngine.start({ project: "other", stack: "prod" });
    expect(new pulumi.Config().get("name")).toBeUndefined();
    expect([pulumi.getProject(), pulumi.getStack()]).toEqual(["other", "prod"]);
  });

  test("answers the provider calls that it was given, and no other", async () => {
    await FakeEngine.start({
      calls: { "aws:index/getRegion:getRegion": { region: "eu-north-1" } },
    });
    await expect(aws.getRegion()).resolves.toMatchObject({ region: "eu-north-1" });
    await expect(aws.getPartition()).rejects.toThrow(
      "unexpected provider call aws:index/getPartition:getPartition",
    );
  });

  test("knows inputs in a preview, and neither ids nor ARNs nor generated names", async () => {
    const engine = await FakeEngine.start({ preview: true });
    const topic = new aws.sns.Topic("topic", { displayName: "Alarms" });
    const { displayName, id, urn, arn, name } = topic;
    new Probe({ displayName, topicId: id, topicUrn: urn, arn, name });
    await engine.settle();

    const unknown = pulumi.runtime.unknownValue;
    expect(engine.only("test:index:Probe").inputs).toEqual({
      displayName: "Alarms",
      topicId: unknown,
      topicUrn: "urn:pulumi:test::dintero-token-rotation::aws:sns/topic:Topic::topic",
      arn: unknown,
      name: unknown,
    });
  });
});
