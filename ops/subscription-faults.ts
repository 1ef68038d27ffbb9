/** Why someone who should be notified is not notified, pure. */
import { KEY_ENABLED } from "../lambda/encryption-key.ts";
import { refreshAdvice } from "./encryption-key.ts";
import type { Fault, FaultCode, Urgency } from "./fault.ts";
import { awsCommand, opsCommand, type StackAdvice } from "./stack-commands.ts";
import { endpointName, type SubscriptionView, type WatchedTopic } from "./subscription-watch.ts";

export function subscriptionFaults(topic: WatchedTopic, advice: StackAdvice): Fault[] {
  const { topicArn, emails, subscriptions } = topic;
  // Hidden subscriptions may be fine. Only a drill can prove it.
  if (subscriptions === "hidden") return [];
  if (subscriptions === "missing") {
    const message = `The topic ${topicArn} does not exist, so nobody is notified. If it is your own topic, create it again. If the stack created it, deploy the stack. ${refreshAdvice(advice)}`;
    return [fault("topic-missing", "urgent", message)];
  }
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed);
  const urgency = confirmed.length === 0 ? "urgent" : "not-urgent";
  const addressFaults = emails.flatMap((email) => {
    const found = subscriptions.filter((it) => isEmail(it, email));
    if (found.length === 0) return [unsubscribed(email, urgency, advice)];
    return found.some(({ isConfirmed }) => isConfirmed) ? [] : [unconfirmed(email, urgency)];
  });
  // An unconfirmed address that the stack does not know matters only if nobody else is notified.
  if (addressFaults.length > 0 || confirmed.length > 0) return addressFaults;
  return subscriptions.length > 0
    ? [unconfirmed(subscriptions.map(endpointName).join(", "), urgency)]
    : [withoutSubscribers(topicArn, advice)];
}

/**
 * How a subscription is confirmed, and for how long it can be.
 * https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
export const CONFIRM =
  'Confirm within two days. The e-mail from AWS has the subject "AWS Notification - Subscription Confirmation". "Who is notified" in docs/operating.md has the command.';

function unconfirmed(who: string, urgency: Urgency): Fault {
  const message = `Not confirmed, so not notified: ${who}. ${CONFIRM}`;
  return fault("address-unconfirmed", urgency, message);
}

/** With `--refresh`, because otherwise Pulumi assumes that the subscription exists. */
function unsubscribed(email: string, urgency: Urgency, advice: StackAdvice): Fault {
  const message = `${email} is not subscribed, so it is not notified: somebody unsubscribed it, or nobody confirmed it in time. ${refreshAdvice(advice)}${advice.keyState === KEY_ENABLED ? ` ${CONFIRM}` : ""}`;
  return fault("address-unsubscribed", urgency, message);
}

/** The user's own topic: the stack subscribes nobody to it, so no confirmation mail comes. */
function withoutSubscribers(topicArn: string, advice: StackAdvice): Fault {
  const subscribe = awsCommand(
    `sns subscribe --topic-arn ${topicArn} --protocol email --notification-endpoint ADDRESS`,
    advice,
  );
  const message = `Nobody is subscribed to the topic ${topicArn}, so nobody is notified. Subscribe someone: ${subscribe}\nThen test it: ${opsCommand("drill", advice)}`;
  return fault("topic-without-subscribers", "urgent", message);
}

/** Upper and lower case do not matter in a domain, and nobody uses them in the part before it. */
function isEmail({ protocol, endpoint }: SubscriptionView, email: string): boolean {
  return /^email(-json)?$/.test(protocol) && endpoint.toLowerCase() === email.toLowerCase();
}

function fault(code: FaultCode, urgency: Urgency, message: string): Fault {
  return { code, urgency, message };
}
