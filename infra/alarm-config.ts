/** Which settings of the stack say who is notified, and what is wrong with them. Pure. */
import type { ConfigFault } from "./config-fault.ts";

export interface AlarmConfig {
  /** Who is notified of alarms by e-mail. */
  readonly alarmEmails: readonly string[];
  /** The user's own topic for alarms; the stack makes one if it is absent. */
  readonly alarmTopicArn?: string | undefined;
  /** Where urgent alarms go too. */
  readonly urgentAlarmTopicArn?: string | undefined;
  /** The page of `docs/operating.md` in one's own copy, for the alarm texts. */
  readonly runbookUrl?: string | undefined;
}

/** @param region - the stack's, if it is known. */
export function alarmConfigFaults(
  { alarmEmails, alarmTopicArn, urgentAlarmTopicArn, runbookUrl }: AlarmConfig,
  region: string | undefined,
): ConfigFault[] {
  return [
    ...emailFaults(alarmEmails),
    ...(alarmTopicArn === undefined
      ? nobodyFaults(alarmEmails)
      : topicFaults("alarmTopicArn", alarmTopicArn, region)),
    ...(urgentAlarmTopicArn === undefined
      ? []
      : urgentTopicFaults(urgentAlarmTopicArn, alarmTopicArn, region)),
    ...(runbookUrl === undefined ? [] : runbookFaults(runbookUrl)),
  ];
}

function emailFaults(alarmEmails: readonly string[]): ConfigFault[] {
  const wrong = alarmEmails.flatMap((email, index) =>
    /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(email)
      ? []
      : [
          {
            fault: `alarmEmails[${index}]: ${email} is not a valid e-mail address.`,
            fix: `pulumi config set --path 'alarmEmails[${index}]' on-call@example.com`,
          },
        ],
  );
  const doubled = alarmEmails.flatMap((email, index) =>
    alarmEmails.indexOf(email) === index
      ? []
      : [
          {
            fault: `alarmEmails[${index}] names ${email} again.`,
            fix: `pulumi config rm --path 'alarmEmails[${index}]'`,
          },
        ],
  );
  // From the last to the first, because removing one moves those behind it.
  return [...wrong, ...doubled.toReversed()];
}

function nobodyFaults(alarmEmails: readonly string[]): ConfigFault[] {
  if (alarmEmails.length > 0) return [];
  return [
    {
      fault:
        "nobody would be notified of an alarm: set alarmEmails, or alarmTopicArn to your own topic.",
      fix: "pulumi config set --path 'alarmEmails[0]' on-call@example.com",
    },
  ];
}

function topicFaults(setting: string, topicArn: string, region: string | undefined): ConfigFault[] {
  const fix = `pulumi config set ${setting} arn:aws:sns:${region ?? "REGION"}:ACCOUNT:TOPIC`;
  // Standard topics only: an alarm cannot notify a FIFO topic, whose name ends in ".fifo".
  const [, topicRegion] = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]+$/.exec(topicArn) ?? [];
  if (!topicRegion) {
    return [{ fault: `${setting}: ${topicArn} is not the ARN of a standard topic.`, fix }];
  }
  if (region && topicRegion !== region) {
    const fault = `${setting} is in ${topicRegion}, and an alarm can only notify a topic of its own Region, ${region}.`;
    return [{ fault, fix }];
  }
  return [];
}

function urgentTopicFaults(
  urgentAlarmTopicArn: string,
  alarmTopicArn: string | undefined,
  region: string | undefined,
): ConfigFault[] {
  if (urgentAlarmTopicArn !== alarmTopicArn) {
    return topicFaults("urgentAlarmTopicArn", urgentAlarmTopicArn, region);
  }
  return [
    {
      fault:
        "urgentAlarmTopicArn is the same topic as alarmTopicArn, which every alarm notifies already.",
      fix: "pulumi config rm urgentAlarmTopicArn",
    },
  ];
}

/** So long that every alarm text fits into what CloudWatch takes. */
export const MAX_RUNBOOK_URL_LENGTH = 120;

function runbookFaults(runbookUrl: string): ConfigFault[] {
  const fault = runbookFault(runbookUrl);
  if (fault === undefined) return [];
  return [
    {
      fault: `runbookUrl ${fault}.`,
      fix: "pulumi config set runbookUrl https://git.example.com/tokens/blob/main/docs/operating.md",
    },
  ];
}

/** Never the address itself, which may hold a password. */
function runbookFault(runbookUrl: string): string | undefined {
  if (runbookUrl.length > MAX_RUNBOOK_URL_LENGTH) {
    return `has ${runbookUrl.length} characters, and only ${MAX_RUNBOOK_URL_LENGTH} fit into an alarm text`;
  }
  const url = URL.canParse(runbookUrl) ? new URL(runbookUrl) : undefined;
  if (url?.protocol !== "https:" || !/^[\x21-\x7e]+$/.test(runbookUrl)) {
    return "is not a valid https address";
  }
  if (url.username !== "" || url.password !== "") return "has a user name or a password in it";
  // Each alarm adds the section of its own page.
  if (runbookUrl.includes("#")) return "has a fragment: omit what begins with #";
  return undefined;
}
