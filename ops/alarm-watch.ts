/**
 * Whether people would be told: the stack's alarms, and who is subscribed to them.
 */
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import { explained } from "./aws-explanation.ts";
import type { StackSession } from "./stack-session.ts";

/** As in the document of `status --json`. */
export interface AlarmView {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA" | "MISSING";
  /** When it got into this state, ISO 8601 in UTC; `null` where AWS does not say. */
  readonly since: string | null;
  readonly reason: string | null;
  /** Whether going on tells the stack's topic. */
  readonly tellsTopic: boolean;
}

/** As in the document of `status --json`. */
export interface SubscriptionView {
  readonly protocol: string;
  readonly endpoint: string;
  readonly isConfirmed: boolean;
}

/** The stack's alarms, one that does not exist included. @throws {@link OpsError} */
export async function readAlarms(
  { clients, outputs: { alarmNames, alarmTopicArn } }: StackSession,
  signal: AbortSignal,
): Promise<AlarmView[]> {
  const { MetricAlarms = [] } = await explained(
    {
      doing: "Reading the alarms",
      permission: `cloudwatch:DescribeAlarms on the alarms ${alarmNames.join(", ")}`,
    },
    () =>
      // Up to 100 names make one page.
      clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [...alarmNames] }), {
        abortSignal: signal,
      }),
  );
  return alarmNames.map((name) => {
    const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName === name);
    if (!alarm) return { name, state: "MISSING", since: null, reason: null, tellsTopic: false };
    const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
    return {
      name,
      state: alarm.StateValue ?? "INSUFFICIENT_DATA",
      since: since?.toISOString() ?? null,
      reason: alarm.StateReason ?? null,
      tellsTopic:
        alarm.ActionsEnabled === true && (alarm.AlarmActions ?? []).includes(alarmTopicArn),
    };
  });
}

/** Who is subscribed to the stack's alarm topic. @throws {@link OpsError} */
export async function readSubscriptions(
  { clients, outputs: { alarmTopicArn } }: StackSession,
  signal: AbortSignal,
): Promise<SubscriptionView[]> {
  return explained(
    {
      doing: "Reading who is subscribed to alarms",
      permission: `sns:ListSubscriptionsByTopic on ${alarmTopicArn}`,
      remedies: { NotFoundException: "The topic is gone: deploy the stack again." },
    },
    async () => {
      const found: SubscriptionView[] = [];
      const pages = paginateListSubscriptionsByTopic(
        { client: clients.sns },
        { TopicArn: alarmTopicArn },
        { abortSignal: signal },
      );
      for await (const { Subscriptions = [] } of pages) {
        for (const {
          Protocol = "unknown",
          Endpoint = "unknown",
          SubscriptionArn,
        } of Subscriptions) {
          // In place of an ARN, SNS says "PendingConfirmation" or "Deleted".
          const isConfirmed = SubscriptionArn?.startsWith("arn:") ?? false;
          if (SubscriptionArn === "Deleted") continue;
          found.push({ protocol: Protocol, endpoint: Endpoint, isConfirmed });
        }
      }
      return found;
    },
  );
}

/** Why nobody would be told of an alarm, in words; empty where somebody would. */
export function warningFaults(
  alarms: readonly AlarmView[] | undefined,
  subscriptions: readonly SubscriptionView[] | undefined,
): string[] {
  return [
    ...(alarms ?? []).flatMap(({ name, state, tellsTopic }) => {
      if (state === "MISSING") {
        return [
          `The alarm ${name} does not exist. Deploy the stack with --refresh to make it again.`,
        ];
      }
      return tellsTopic
        ? []
        : [
            `The alarm ${name} tells nobody: its actions are disabled, or do not name the topic. Run: aws cloudwatch enable-alarm-actions --alarm-names ${name}, or deploy the stack with --refresh.`,
          ];
    }),
    ...(subscriptions && !subscriptions.some(({ isConfirmed }) => isConfirmed)
      ? [
          `Nobody would be told of an alarm: ${subscriptions.length === 0 ? "nobody is subscribed" : "no subscription is confirmed"}. ${CONFIRM}`,
        ]
      : []),
  ];
}

/**
 * How a subscription is confirmed, and for how long it can be.
 * https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
export const CONFIRM =
  'Follow the link in the mail from AWS with the subject "AWS Notification - Subscription Confirmation"; it is good for two days, and a new one comes when the subscription is made again.';
