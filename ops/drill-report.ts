/** What a drill showed, and what to look for, pure. */
import { type AlarmDrill, type DrilledAction, isCarriedOut } from "./alarm-drill.ts";
import type { AlarmView } from "./alarm-watch.ts";
import { readableTime } from "./lifetime-text.ts";
import { opsCommand } from "./stack-commands.ts";
import {
  endpointName,
  hiddenTopics,
  listedSubscriptions,
  type WatchedTopic,
} from "./subscription-watch.ts";
import { wrapped } from "./wrapped-text.ts";

export interface DrillOutcome {
  readonly stack: string;
  readonly drills: readonly AlarmDrill[];
  /** As they were before. */
  readonly quiet: readonly AlarmView[];
  readonly firing: readonly AlarmView[];
  readonly warmingUp: readonly AlarmView[];
  readonly topics: readonly WatchedTopic[];
}

export function renderDrill(outcome: DrillOutcome): string {
  const { stack, drills, quiet, firing, warmingUp, topics } = outcome;
  const failed = drills.flatMap(({ name, actions }) =>
    actions.filter((action) => !isCarriedOut(action)).map((action) => ({ name, action })),
  );
  const notified = drills
    .filter(({ actions }) => actions.every(isCarriedOut))
    .map(({ name }) => name);
  const paragraphs = [
    notified.map((name) => `${name}: notified its topics, and was reset.`),
    failed.map(({ name, action }) => describeFailure(name, action)),
    failed.length > 0 ? [KEY_AND_POLICY] : [],
    firing.map(
      ({ name, since }) =>
        `${name}: in ALARM since ${readableTime(since)}, and not for a drill. It was skipped. See docs/operating.md.`,
    ),
    warmingUp.map(
      ({ name, warmUpEndsAt }) =>
        `${name}: skipped, because CloudWatch performs no action in its warm-up. Drill again after ${readableTime(warmUpEndsAt)}.`,
    ),
    notified.length > 0 ? whatToLookFor(stack, notified, quiet, topics) : [],
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => (line.startsWith(" ") ? line : wrapped(line))).join("\n"))
    .join("\n\n");
}

function describeFailure(name: string, { topicArn, summary }: DrilledAction): string {
  const reported = summary ?? "it reported no action in time";
  return `${name}: did NOT notify ${topicArn}. CloudWatch: ${reported}.`;
}

/** https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger */
const KEY_AND_POLICY =
  "Check that the topic exists, and that its policy lets cloudwatch.amazonaws.com do sns:Publish. If the topic is encrypted, its key must let cloudwatch.amazonaws.com do kms:Decrypt and kms:GenerateDataKey*. The key alias/aws/sns does not.";

function whatToLookFor(
  stack: string,
  notified: readonly string[],
  quiet: readonly AlarmView[],
  topics: readonly WatchedTopic[],
): string[] {
  const backToOk = quiet.filter(({ name, state }) => state === "OK" && notified.includes(name));
  return [
    `Now look at: ${[
      ...listedSubscriptions(topics).map(endpointName),
      ...hiddenTopics(topics).map((topicArn) => `what ${topicArn} notifies`),
    ].join(", ")}`,
    "By mail, within a few minutes, from no-reply@sns.amazonaws.com:",
    ...notified.map((name) => `  subject: ALARM: "${name}" in ...`),
    ...backToOk.map(({ name }) => `  subject: OK: "${name}" in ...`),
    `If nothing comes, look in the spam folder. Then see whether the subscription has a filter policy, and whether somebody unsubscribed: ${opsCommand("status", { stack })}`,
  ];
}
