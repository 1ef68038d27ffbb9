/** Who is subscribed to the stack's topics. */
import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import { awsErrorCode } from "../lambda/aws-failure.ts";
import { explained, isRefused } from "./aws-explanation.ts";
import type { StackSession } from "./stack-session.ts";

/** As in the document of `status --json`. */
export interface SubscriptionView {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly isConfirmed: boolean;
}

export interface WatchedTopic {
  readonly topicArn: string;
  /** The addresses that the stack subscribes to the topic. */
  readonly emails: readonly string[];
  /**
   * `missing` if it does not exist; `hidden` if it is in another AWS account, which does not let this one
   * list its subscriptions.
   */
  readonly subscriptions: readonly SubscriptionView[] | "missing" | "hidden";
}

/** Who is subscribed to the topic. @throws {@link OpsError} when SNS does not list them. */
export async function readTopic(
  { clients, outputs }: StackSession,
  topicArn: string,
  emails: readonly string[],
  signal: AbortSignal,
): Promise<WatchedTopic> {
  const isForeign = topicArn.split(":")[4] !== outputs.awsAccountId;
  const subscriptions = await explained(
    {
      doing: `Reading who is subscribed to ${topicArn}`,
      permission: `sns:ListSubscriptionsByTopic on the topic ${topicArn}`,
    },
    async () => {
      try {
        return await listSubscriptions(clients.sns, topicArn, signal);
      } catch (error) {
        if (NOT_FOUND.test(awsErrorCode(error))) return "missing";
        if (isForeign && isRefused(error)) return "hidden";
        throw error;
      }
    },
  );
  return { topicArn, emails, subscriptions };
}

/** The subscriptions that could be listed. */
export function listedSubscriptions(topics: readonly WatchedTopic[]): SubscriptionView[] {
  return topics.flatMap(({ subscriptions }) =>
    typeof subscriptions === "string" ? [] : subscriptions,
  );
}

/** The ARNs of the topics whose subscriptions cannot be seen from here. */
export function hiddenTopics(topics: readonly WatchedTopic[]): string[] {
  return topics.filter((it) => it.subscriptions === "hidden").map(({ topicArn }) => topicArn);
}

async function listSubscriptions(
  client: SNSClient,
  topicArn: string,
  signal: AbortSignal,
): Promise<SubscriptionView[]> {
  const found: SubscriptionView[] = [];
  const pages = paginateListSubscriptionsByTopic(
    { client },
    { TopicArn: topicArn },
    { abortSignal: signal },
  );
  for await (const { Subscriptions = [] } of pages) {
    for (const it of Subscriptions) {
      // Instead of an ARN, SNS sends "PendingConfirmation" or "Deleted".
      if (it.SubscriptionArn === "Deleted") continue;
      const isConfirmed = it.SubscriptionArn?.startsWith("arn:") ?? false;
      const { Protocol: protocol = "unknown", Endpoint: endpoint = "unknown" } = it;
      found.push({ topicArn, protocol, endpoint, isConfirmed });
    }
  }
  return found;
}

const NOT_FOUND = /^NotFound(Exception)?$/;

/** `on-call@example.com (email)`. */
export function endpointName({
  protocol,
  endpoint,
}: Pick<SubscriptionView, "protocol" | "endpoint">): string {
  return `${endpoint} (${protocol})`;
}
