/** The alarm mute rules that mute alarms of the stack at this moment. */
import {
  type CloudWatchClient,
  GetAlarmMuteRuleCommand,
  type GetAlarmMuteRuleCommandOutput,
  paginateListAlarmMuteRules,
} from "@aws-sdk/client-cloudwatch";
import pMap from "p-map";
import { type AlarmView, URGENT_KINDS } from "./alarm-watch.ts";
import { explained } from "./aws-explanation.ts";
import type { Fault } from "./fault.ts";
import { readableTime } from "./lifetime-text.ts";
import { muteEndMs } from "./mute-schedule.ts";
import { awsCommand, type StackAdvice } from "./stack-commands.ts";
import type { StackSession } from "./stack-session.ts";

/** As in the document of `status --json`. */
export interface MuteRuleView {
  readonly name: string;
  /** The stack's alarms that it mutes. */
  readonly alarmNames: readonly string[];
  /** As CloudWatch has it: `at(...)` or `cron(...)`. */
  readonly schedule: string;
  /** ISO 8601, such as `PT4H`. */
  readonly duration: string;
  readonly timeZone: string;
  /** When it ends, ISO 8601 in UTC; `null` if it has no end. */
  readonly endsAt: string | null;
}

/** Requests at a time, so that CloudWatch does not refuse any. */
const CONCURRENCY = 5;

/** The rules that are active now. @throws {@link OpsError} */
export async function readMuteRules(
  { clients, outputs: { alarmNames } }: StackSession,
  signal: AbortSignal,
): Promise<MuteRuleView[]> {
  const found = await pMap(
    alarmNames,
    async (alarmName) => {
      const names = await activeRuleNames(clients.cloudWatch, alarmName, signal);
      return names.map((name) => ({ name, alarmName }));
    },
    { concurrency: CONCURRENCY },
  );
  const mutes = found.flat();
  return pMap(
    new Set(mutes.map(({ name }) => name)),
    async (name) =>
      toView(
        name,
        mutes.flatMap((mute) => (mute.name === name ? [mute.alarmName] : [])),
        await readRule(clients.cloudWatch, name, signal),
      ),
    { concurrency: CONCURRENCY },
  );
}

/** People mute alarms for planned work, and a deployment must not fail because of that. */
const LONGEST_MUTE_MS = 24 * 3_600_000;

/** Whether it mutes for such a long time that it is a fault. */
export function isMutedForLong({ endsAt }: MuteRuleView, nowMs: number): boolean {
  return endsAt === null || Date.parse(endsAt) - nowMs > LONGEST_MUTE_MS;
}

export function muteFaults(
  rules: readonly MuteRuleView[],
  alarms: readonly AlarmView[],
  advice: StackAdvice,
  nowMs: number,
): Fault[] {
  return rules
    .filter((rule) => isMutedForLong(rule, nowMs))
    .map((rule) => {
      const isUrgent = alarms.some(
        ({ name, kind }) => rule.alarmNames.includes(name) && URGENT_KINDS.includes(kind),
      );
      const remove = `cloudwatch delete-alarm-mute-rule --alarm-mute-rule-name '${rule.name}'`;
      return {
        code: "alarm-muted",
        urgency: isUrgent ? "urgent" : "not-urgent",
        message: `${muteSentence(rule)} To end it, run: ${awsCommand(remove, advice)}`,
      };
    });
}

/** What the rule does, and until when. */
export function muteSentence(rule: MuteRuleView): string {
  const { name, alarmNames, schedule, duration, timeZone, endsAt } = rule;
  const count = alarmNames.length === 1 ? "1 alarm" : `${alarmNames.length} alarms`;
  const isOnce = schedule.startsWith("at(");
  const end = endsAt === null && !isOnce ? "without an end" : `until ${readableTime(endsAt)}`;
  // For a recurring schedule no times are computed: CloudWatch's own expression is exact.
  const when = isOnce && endsAt !== null ? "" : ` Schedule: ${schedule} ${timeZone}, ${duration}.`;
  return `The alarm mute rule ${name} mutes ${count} of the stack ${end}.${when}`;
}

async function activeRuleNames(
  client: CloudWatchClient,
  AlarmName: string,
  abortSignal: AbortSignal,
): Promise<string[]> {
  const call = {
    doing: `Reading the alarm mute rules of the alarm ${AlarmName}`,
    permission: "cloudwatch:ListAlarmMuteRules",
  };
  return explained(call, async () => {
    const names: string[] = [];
    const pages = paginateListAlarmMuteRules(
      { client },
      { AlarmName, Statuses: ["ACTIVE"] },
      { abortSignal },
    );
    for await (const { AlarmMuteRuleSummaries = [] } of pages) {
      // A summary has no name but in its ARN.
      for (const { AlarmMuteRuleArn = "" } of AlarmMuteRuleSummaries) {
        names.push(AlarmMuteRuleArn.replace(RULE_ARN, ""));
      }
    }
    return names;
  });
}

/** Up to the name. AWS's own examples have both forms of the end. */
const RULE_ARN = /^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm-mute-rule[:/]/;

async function readRule(
  client: CloudWatchClient,
  name: string,
  abortSignal: AbortSignal,
): Promise<GetAlarmMuteRuleCommandOutput> {
  const call = {
    doing: `Reading the alarm mute rule ${name}`,
    permission: `cloudwatch:GetAlarmMuteRule on the alarm mute rule ${name}`,
  };
  return explained(call, () =>
    client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name }), { abortSignal }),
  );
}

function toView(
  name: string,
  alarmNames: readonly string[],
  { Rule, ExpireDate }: GetAlarmMuteRuleCommandOutput,
): MuteRuleView {
  const { Expression: schedule = "unknown", Duration: duration = "unknown" } = Rule?.Schedule ?? {};
  const timeZone = Rule?.Schedule?.Timezone ?? "UTC";
  const endMs = muteEndMs({ schedule, duration, timeZone }) ?? ExpireDate?.getTime();
  const endsAt = endMs === undefined ? null : new Date(endMs).toISOString();
  return { name, alarmNames, schedule, duration, timeZone, endsAt };
}
