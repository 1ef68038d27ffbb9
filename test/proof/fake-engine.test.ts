import { expect, test } from "@jest/globals";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FakeEngine } from "../support/fake-engine.ts";

const TOPIC = "aws:sns/topic:Topic";
const MAIL = "aws:sns/topicSubscription:TopicSubscription";

/** Registers a topic, and its subscription with what the program knows of the topic. */
function subscribe(): void {
  const topic = new aws.sns.Topic("topic", { displayName: "Alarms" });
  const endpoint = pulumi.secret("a@example.com");
  new aws.sns.TopicSubscription("mail", { topic: topic.arn, protocol: "email", endpoint });
}

test("What is registered is recorded with plain inputs, and each start begins anew", async () => {
  for (let start = 0; start < 2; start += 1) {
    const engine = await FakeEngine.start();
    subscribe();
    await engine.settle();
    expect(engine.registered.map(({ type, name }) => [type, name])).toEqual([
      [TOPIC, "topic"],
      [MAIL, "mail"],
    ]);
    expect(engine.only(MAIL).inputs).toEqual({
      topic: expect.stringMatching(/^arn:aws:sns:eu-north-1:123456789012:topic-[0-9a-f]{7}$/),
      protocol: "email",
      endpoint: "a@example.com",
    });
    expect(engine.of("aws:kms/key:Key")).toEqual([]);
    expect(() => engine.only("aws:kms/key:Key")).toThrow("expected one aws:kms/key:Key, found 0");
  }
});

test("A preview knows inputs, but no ARNs", async () => {
  const engine = await FakeEngine.start({ preview: true });
  subscribe();
  await engine.settle();
  expect(engine.only(MAIL).inputs["topic"]).toBe(pulumi.runtime.unknownValue);
  expect(engine.only(TOPIC).inputs).toEqual({ displayName: "Alarms" });
});

test("A program reads its configuration and stack, and no function of a provider", async () => {
  const config = { accounts: ["T1"], name: "n", "aws:region": "eu-west-1" };
  await FakeEngine.start({ config, stack: "prod" });
  expect(new pulumi.Config().requireObject("accounts")).toEqual(["T1"]);
  expect(new pulumi.Config().require("name")).toBe("n");
  expect(new pulumi.Config("aws").require("region")).toBe("eu-west-1");
  expect(pulumi.getStack()).toBe("prod");
  await expect(aws.getPartition()).rejects.toThrow("unexpected provider call");
});
