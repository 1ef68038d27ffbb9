/** Who should be notified and is not, with the advice for each cause. */
import { describe, expect, test } from "@jest/globals";
import { subscriptionFaults } from "../../ops/subscription-faults.ts";
import type { WatchedTopic } from "../../ops/subscription-watch.ts";
import { expectMessage } from "../support/expect-message.ts";
import { ADVICE, COMMANDS } from "./status-parts.ts";

const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";
const [A, B] = ["a@example.com", "b@example.com"];
const subscription = (endpoint: string, isConfirmed = true, protocol = "email") => ({
  ...{ topicArn: TOPIC, protocol, endpoint, isConfirmed },
});
const PAGER = subscription("https://pager.example.com", true, "https");
const CONFIRM = ["Subscription Confirmation"];

const faultsOf = (
  emails: readonly string[],
  subscriptions: WatchedTopic["subscriptions"],
  advice = ADVICE,
) => subscriptionFaults({ topicArn: TOPIC, emails, subscriptions }, advice);

describe("Somebody is notified", () => {
  test.each([
    ["the configured address", [A], [subscription(A)]],
    ["the configured address in capitals", [A], [subscription("A@Example.com")]],
    ["a subscriber of one's own topic", [], [PAGER]],
    ["both, though somebody else did not confirm", [A], [subscription(A), subscription(B, false)]],
    ["perhaps, where the subscriptions are another AWS account's", [A], "hidden" as const],
    ["a pager, though somebody else did not confirm", [], [PAGER, subscription(B, false)]],
  ])("%s", (_, emails, subscriptions) => {
    expect(faultsOf(emails, subscriptions)).toEqual([]);
  });
});

describe("A configured address", () => {
  test("that is gone is named, with the deployment that restores it", () => {
    const [fault, ...others] = faultsOf([A, B], [subscription(A)]);
    expect(fault).toMatchObject({ code: "address-unsubscribed", urgency: "not-urgent" });
    expectMessage(fault?.message ?? "", { names: [B], commands: [COMMANDS.refresh], without: [A] });
    expect(others).toEqual([]);
  });

  test("that is gone is not restored while the key is off", () => {
    const [fault] = faultsOf([A, B], [subscription(A)], { ...ADVICE, keyState: "Disabled" });
    expectMessage(fault?.message ?? "", { names: [B], without: ["--refresh"] });
  });

  test("that has not confirmed is named, with what to confirm", () => {
    const [fault, ...others] = faultsOf([A, B], [subscription(A), subscription(B, false)]);
    expect(fault).toMatchObject({ code: "address-unconfirmed", urgency: "not-urgent" });
    expectMessage(fault?.message ?? "", { names: [B, ...CONFIRM], without: [A, "--refresh"] });
    expect(others).toEqual([]);
  });

  test("is not replaced by a subscription of another protocol", () => {
    const sms = subscription(A, true, "sms");
    expect(faultsOf([A], [sms])).toMatchObject([{ code: "address-unsubscribed" }]);
  });

  test("is urgent if nobody else is notified, each with its own advice", () => {
    expect(faultsOf([A, B], [subscription(A, false)])).toMatchObject([
      { code: "address-unconfirmed", urgency: "urgent" },
      { code: "address-unsubscribed", urgency: "urgent" },
    ]);
    expect(faultsOf([A, B], [])).toHaveLength(2);
    expect(faultsOf([A], [PAGER])).toMatchObject([{ urgency: "not-urgent" }]);
  });
});

describe("A topic", () => {
  test("of the user's own without subscribers: no confirmation mail comes, so somebody has to subscribe", () => {
    const [fault, ...others] = faultsOf([], []);
    expect(fault).toMatchObject({ code: "topic-without-subscribers", urgency: "urgent" });
    expectMessage(fault?.message ?? "", {
      names: [TOPIC],
      commands: [
        `aws sns subscribe --topic-arn ${TOPIC} --protocol email --notification-endpoint ADDRESS --region eu-north-1`,
        "npm run ops -- drill --stack test",
      ],
      without: [...CONFIRM, "--refresh"],
    });
    expect(others).toEqual([]);
  });

  test("of the user's own without confirmed subscribers names the unconfirmed ones", () => {
    const [fault, ...others] = faultsOf([], [subscription(A, false), subscription(B, false)]);
    expect(fault).toMatchObject({ code: "address-unconfirmed", urgency: "urgent" });
    expectMessage(fault?.message ?? "", { names: [`${A} (email)`, `${B} (email)`, ...CONFIRM] });
    expect(others).toEqual([]);
  });

  test("that does not exist is urgent, with or without configured addresses", () => {
    const [fault, ...others] = faultsOf([A], "missing");
    expect(fault).toMatchObject({ code: "topic-missing", urgency: "urgent" });
    expectMessage(fault?.message ?? "", { names: [TOPIC], commands: [COMMANDS.refresh] });
    expect(others).toEqual([]);
  });
});
