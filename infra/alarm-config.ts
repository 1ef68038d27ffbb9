/** Which settings of the stack say who is notified, and what is wrong with them. Pure. */
import type { ConfigFault } from "./config-fault.ts";

export interface AlarmConfig {
  /** Who is notified of alarms by e-mail. */
  readonly alarmEmails: readonly string[];
  /** The user's own topic for alarms. Without it, the stack creates one. */
  readonly alarmTopicArn?: string | undefined;
  /** Also receives urgent alarms. */
  readonly urgentAlarmTopicArn?: string | undefined;
  /** The address of `docs/operating.md` in the user's copy, for the alarm texts. */
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
            fault: `alarmEmails[${index}] is a duplicate: ${email}.`,
            fix: `pulumi config rm --path 'alarmEmails[${index}]'`,
          },
        ],
  );
  // From the last to the first, because removing an entry moves the later ones.
  return [...wrong, ...doubled.toReversed()];
}

function nobodyFaults(alarmEmails: readonly string[]): ConfigFault[] {
  if (alarmEmails.length > 0) return [];
  return [
    {
      fault:
        "alarmEmails and alarmTopicArn are missing, so nobody would be notified of alarms: set one of them.",
      fix: "pulumi config set --path 'alarmEmails[0]' on-call@example.com",
    },
  ];
}

function topicFaults(setting: string, topicArn: string, region: string | undefined): ConfigFault[] {
  const fix = `pulumi config set ${setting} arn:aws:sns:${region ?? "REGION"}:ACCOUNT:TOPIC`;
  // Only a standard topic: an alarm cannot notify a FIFO topic (its name ends in ".fifo").
  const [, topicRegion] = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]+$/.exec(topicArn) ?? [];
  if (!topicRegion) {
    return [
      {
        fault: `${setting}: ${topicArn || "nothing"} is not the ARN of a standard topic (not FIFO).`,
        fix,
      },
    ];
  }
  if (region && topicRegion !== region) {
    const fault = `${setting} is in ${topicRegion}, but an alarm can only notify a topic in its own Region, ${region}.`;
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
        "urgentAlarmTopicArn is the same topic as alarmTopicArn, which every alarm already notifies.",
      fix: "pulumi config rm urgentAlarmTopicArn",
    },
  ];
}

/** With a longer one, an alarm text could exceed CloudWatch's limit. */
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

/** Never shows the address, because it may contain a password. */
function runbookFault(runbookUrl: string): string | undefined {
  if (runbookUrl.length > MAX_RUNBOOK_URL_LENGTH) {
    return `has ${runbookUrl.length} characters, but at most ${MAX_RUNBOOK_URL_LENGTH} fit into an alarm text`;
  }
  const url = URL.canParse(runbookUrl) ? new URL(runbookUrl) : undefined;
  if (!/^[\x21-\x7e]*$/.test(runbookUrl)) {
    return "contains a blank or another character that an address cannot have: for a blank, write %20";
  }
  if (url?.protocol !== "https:") return "is not a valid address that begins with https://";
  if (url.username !== "" || url.password !== "") return "contains a user name or a password";
  // Each alarm adds the section of its own runbook.
  if (runbookUrl.includes("#")) return "contains a fragment: remove everything from the # on";
  return undefined;
}
