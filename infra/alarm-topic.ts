/** Where alarms go. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { alarmTopicPolicy, type Place } from "./access.ts";
import type { CheckedArgs } from "./checked-args.ts";

export interface AlarmTopicArgs
  extends Pick<CheckedArgs, "environment" | "alarmEmails" | "alarmTopicArn"> {
  readonly place: pulumi.Output<Place>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The user's topic, or a new one. The e-mail addresses are subscribed to it. */
export function createAlarmTopic(
  name: string,
  args: AlarmTopicArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const topicArn = args.alarmTopicArn ?? createTopic(name, args, opts);
  for (const email of args.alarmEmails) {
    new aws.sns.TopicSubscription(
      `${name}-${email}`,
      { topic: topicArn, protocol: "email", endpoint: email },
      opts,
    );
  }
  return topicArn;
}

/** Not encrypted with the stack's key: alarms contain no secret, and a disabled key must not silence its alarm. */
function createTopic(
  name: string,
  { place, environment, tags }: AlarmTopicArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const topic = new aws.sns.Topic(
    `${name}-alarms`,
    { displayName: `Dintero tokens, ${environment}`, tags },
    opts,
  );
  new aws.sns.TopicPolicy(
    `${name}-alarms-policy`,
    { arn: topic.arn, policy: place.apply((it) => alarmTopicPolicy(it, topic.arn)) },
    opts,
  );
  return topic.arn;
}
