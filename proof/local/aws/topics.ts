/**
 * Amazon SNS: topics, who is subscribed to them, and what was published.
 *
 * https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
 */
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, operation } from "./aws-operation.ts";
import { page } from "./paging.ts";

/** In place of a subscription's ARN until its owner has confirmed it, and after it was deleted. */
export type SubscriptionState = "confirmed" | "PendingConfirmation" | "Deleted";

interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly arn: string;
  state: SubscriptionState;
}

interface Topic {
  readonly subscriptions: Subscription[];
  /** Why publishing is refused. */
  refusal?: string | undefined;
}

/** What the confirmed subscribers of a topic were sent. */
interface SentMessage {
  readonly topicArn: string;
  readonly endpoint: string;
  readonly subject: string;
  readonly message: string;
}

const ListSubscriptionsByTopicInput = v.strictObject({
  TopicArn: v.string(),
  NextToken: v.optional(v.string()),
});

/** The topics of one account and Region. */
export class Topics {
  readonly operations = new Map<string, Operation>([
    [
      "ListSubscriptionsByTopic",
      operation(ListSubscriptionsByTopicInput, this.#listSubscriptions.bind(this)),
    ],
  ]);
  /** In the order of sending. */
  readonly sent: SentMessage[] = [];

  readonly #place: { readonly region: string; readonly accountId: string };
  readonly #topics = new Map<string, Topic>();

  constructor({ place }: { place: { region: string; accountId: string } }) {
    this.#place = place;
  }

  /** Returns the topic's ARN. @param accountId - AWS account of the topic. Default: this one. */
  create(name: string, accountId = this.#place.accountId): string {
    const arn = `arn:aws:sns:${this.#place.region}:${accountId}:${name}`;
    this.#topics.set(arn, { subscriptions: [] });
    return arn;
  }

  /** Subscribes the endpoint, or changes the state of its subscription. */
  subscribe(topicArn: string, protocol: string, endpoint: string, state: SubscriptionState): void {
    const { subscriptions } = this.#existing(topicArn);
    const known = subscriptions.find((subscription) => subscription.endpoint === endpoint);
    if (known) known.state = state;
    else subscriptions.push({ protocol, endpoint, state, arn: `${topicArn}:${randomUUID()}` });
  }

  /** From now on nobody may publish to the topic, for this reason; everybody without one. */
  refusePublishing(topicArn: string, reason: string | undefined): void {
    this.#existing(topicArn).refusal = reason;
  }

  /** Sends the message to all who have confirmed. Throws {@link AwsError} if SNS refuses. */
  publish(topicArn: string, subject: string, message: string): void {
    const { subscriptions, refusal } = this.#existing(topicArn);
    if (refusal !== undefined) throw new AwsError("AuthorizationError", refusal, 403);
    for (const { endpoint, state } of subscriptions) {
      if (state === "confirmed") this.sent.push({ topicArn, endpoint, subject, message });
    }
  }

  clear(): void {
    this.#topics.clear();
    this.sent.length = 0;
  }

  #listSubscriptions(input: v.InferOutput<typeof ListSubscriptionsByTopicInput>) {
    // A topic's default policy lets its own AWS account list them, and no other.
    if (input.TopicArn.split(":")[4] !== this.#place.accountId) {
      throw new AwsError("AuthorizationError", "not authorized to list them", 403);
    }
    const { subscriptions } = this.#existing(input.TopicArn);
    const { items, nextToken } = page(subscriptions, input.NextToken);
    return {
      Subscriptions: items.map(({ arn, protocol, endpoint, state }) => ({
        TopicArn: input.TopicArn,
        Protocol: protocol,
        SubscriptionArn: state === "confirmed" ? arn : state,
        Owner: this.#place.accountId,
        Endpoint: endpoint,
      })),
      NextToken: nextToken,
    };
  }

  #existing(topicArn: string): Topic {
    const topic = this.#topics.get(topicArn);
    if (topic) return topic;
    throw new AwsError("NotFound", "Topic does not exist", 404);
  }
}
