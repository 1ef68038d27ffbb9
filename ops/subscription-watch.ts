/** Who is subscribed to the stack's topics. */
import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { awsErrorCode } from "../lambda/aws-failure.ts";
import { explained } from "./aws-explanation.ts";
import type { StackSession } from "./stack-session.ts";

/** As in the document of `status --json`. */
export interface SubscriptionView {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly isConfirmed: boolean;
}

/**
 * Who is subscribed to the topic; `undefined` if it does not exist.
 * @throws {@link OpsError} when SNS does not list them.
 */
export async function readSubscriptions(
  { clients }: StackSession,
  topicArn: string,
  signal: AbortSignal,
): Promise<SubscriptionView[] | undefined> {
  return explained(
    {
      doing: `Reading who is subscribed to ${topicArn}`,
      permission: `sns:ListSubscriptionsByTopic on the topic ${topicArn}`,
    },
    async () => {
      const found: SubscriptionView[] = [];
      const pages = paginateListSubscriptionsByTopic(
        { client: clients.sns },
        { TopicArn: topicArn },
        { abortSignal: signal },
      );
      try {
        for await (const { Subscriptions = [] } of pages) {
          for (const it of Subscriptions) {
            // In place of an ARN, SNS says "PendingConfirmation" or "Deleted".
            if (it.SubscriptionArn === "Deleted") continue;
            const isConfirmed = it.SubscriptionArn?.startsWith("arn:") ?? false;
            const { Protocol: protocol = "unknown", Endpoint: endpoint = "unknown" } = it;
            found.push({ topicArn, protocol, endpoint, isConfirmed });
          }
        }
      } catch (error) {
        if (NOT_FOUND.test(awsErrorCode(error))) return undefined;
        throw error;
      }
      return found;
    },
  );
}

const NOT_FOUND = /^NotFound(Exception)?$/;

/** `on-call@example.com (email)`. */
export function endpointName({
  protocol,
  endpoint,
}: Pick<SubscriptionView, "protocol" | "endpoint">): string {
  return `${endpoint} (${protocol})`;
}
