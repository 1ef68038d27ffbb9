import { SNS } from "@aws-sdk/client-sns";
import { describe, expect, test } from "@jest/globals";
import { refusal, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const sns = withClient(run, SNS);

describe("ListSubscriptionsByTopic", () => {
  test("a subscription has an ARN only once it is confirmed, and until it is deleted", async () => {
    const TopicArn = run.aws.topics.create("people");
    run.aws.topics.subscribe(TopicArn, "email", "a<b>&amp;@example.com", "confirmed");
    run.aws.topics.subscribe(TopicArn, "email", "pending@example.com", "PendingConfirmation");
    run.aws.topics.subscribe(TopicArn, "sms", "+4700000000", "Deleted");
    const { Subscriptions, NextToken } = await sns().listSubscriptionsByTopic({ TopicArn });
    expect(NextToken).toBeUndefined();
    expect(Subscriptions).toEqual([
      {
        TopicArn,
        Protocol: "email",
        Endpoint: "a<b>&amp;@example.com",
        Owner: "123456789012",
        SubscriptionArn: expect.stringMatching(`^${TopicArn}:[0-9a-f-]{36}$`),
      },
      expect.objectContaining({ SubscriptionArn: "PendingConfirmation" }),
      expect.objectContaining({ Protocol: "sms", SubscriptionArn: "Deleted" }),
    ]);
  });

  test("subscribing again changes the state", async () => {
    const TopicArn = run.aws.topics.create("people");
    run.aws.topics.subscribe(TopicArn, "email", "a@example.com", "confirmed");
    run.aws.topics.subscribe(TopicArn, "email", "a@example.com", "PendingConfirmation");
    const { Subscriptions } = await sns().listSubscriptionsByTopic({ TopicArn });
    expect(Subscriptions).toMatchObject([{ SubscriptionArn: "PendingConfirmation" }]);
  });

  test("a topic may have nobody", async () => {
    const TopicArn = run.aws.topics.create("people");
    run.aws.topics.subscribe(TopicArn, "email", "a@example.com", "confirmed");
    run.aws.topics.unsubscribeAll(TopicArn);
    expect((await sns().listSubscriptionsByTopic({ TopicArn })).Subscriptions).toEqual([]);
  });

  test("a hundred make a page", async () => {
    const TopicArn = run.aws.topics.create("people");
    for (let index = 0; index <= 100; index += 1) {
      run.aws.topics.subscribe(TopicArn, "email", `${index}@example.com`, "confirmed");
    }
    const { Subscriptions, NextToken } = await sns().listSubscriptionsByTopic({ TopicArn });
    expect(Subscriptions).toHaveLength(100);
    const second = await sns().listSubscriptionsByTopic({ TopicArn, NextToken });
    expect(second.Subscriptions).toMatchObject([{ Endpoint: "100@example.com" }]);
    expect(second.NextToken).toBeUndefined();
  });

  test("an unknown topic is not found", async () => {
    const call = sns().listSubscriptionsByTopic({ TopicArn: "arn:aws:sns:eu-north-1:1:none" });
    expect(await refusal(call)).toMatchObject({
      name: "NotFoundException",
      message: "Topic does not exist",
      $metadata: { httpStatusCode: 404, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test("a token of nobody's is refused", async () => {
    const TopicArn = run.aws.topics.create("people");
    const call = sns().listSubscriptionsByTopic({ TopicArn, NextToken: "mine" });
    expect((await refusal(call)).name).toBe("InvalidParameterException");
  });
});

describe("publishing", () => {
  test("reaches those who have confirmed, and no others", () => {
    const topicArn = run.aws.topics.create("people");
    run.aws.topics.subscribe(topicArn, "email", "a@example.com", "confirmed");
    run.aws.topics.subscribe(topicArn, "email", "b@example.com", "PendingConfirmation");
    run.aws.topics.publish(topicArn, "subject", "message");
    expect(run.aws.topics.sent).toEqual([
      { topicArn, endpoint: "a@example.com", subject: "subject", message: "message" },
    ]);
  });
});
