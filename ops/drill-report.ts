/** The result of a drill, and what to look for, pure. */
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
  /** In their state before the drill. */
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
        `${name}: skipped, because it has been in ALARM since ${readableTime(since)} (not a drill). See docs/operating.md.`,
    ),
    warmingUp.map(
      ({ name, warmUpEndsAt }) =>
        `${name}: skipped, because CloudWatch performs no actions during its warm-up. Drill again after ${readableTime(warmUpEndsAt)}.`,
    ),
    notified.length > 0 ? whatToLookFor(stack, notified, quiet, topics) : [],
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => wrapped(lines.join("\n")))
    .join("\n\n");
}

function describeFailure(name: string, { topicArn, summary }: DrilledAction): string {
  const reported = summary ?? "no action in time";
  return `${name}: did NOT notify ${topicArn}. CloudWatch reported: ${reported}.`;
}

/** https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger */
const KEY_AND_POLICY =
  "Check that the topic exists and that its policy allows cloudwatch.amazonaws.com to call sns:Publish. If the topic is encrypted, its key must allow cloudwatch.amazonaws.com to call kms:Decrypt and kms:GenerateDataKey*. The key alias/aws/sns does not allow that.";

function whatToLookFor(
  stack: string,
  notified: readonly string[],
  quiet: readonly AlarmView[],
  topics: readonly WatchedTopic[],
): string[] {
  const backToOk = quiet.filter(({ name, state }) => state === "OK" && notified.includes(name));
  return [
    "Check that each of these was notified:",
    ...listedSubscriptions(topics).map((it) => `  ${endpointName(it)}`),
    ...hiddenTopics(topics).map((topicArn) => `  the subscribers of ${topicArn}`),
    "E-mail comes within a few minutes, from no-reply@sns.amazonaws.com:",
    ...notified.map((name) => `  subject: ALARM: "${name}" in ...`),
    ...backToOk.map(({ name }) => `  subject: OK: "${name}" in ...`),
    `If nothing comes, look in the spam folder. Check whether the subscription has a filter policy. To see whether somebody unsubscribed, run: ${opsCommand("status", { stack })}`,
  ];
}
