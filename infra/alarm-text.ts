/** What the on-call person reads when an alarm fires or clears, pure. */
import {
  AT_RISK_THIRDS_LEFT,
  CHECK_INTERVAL_MINUTES,
  RENEW_AT_THIRDS_LEFT,
} from "../lambda/renewal-policy.ts";
import type { Place } from "./access.ts";
import { type AlarmDefinition, SILENCE_MINUTES } from "./alarm-definitions.ts";

type AlarmKind = AlarmDefinition["kind"];

export interface AlarmTextArgs {
  /** Dintero account, of an alarm that is about one. */
  readonly account: string | undefined;
  readonly stack: string;
  readonly place: Place;
  readonly functionName: string;
  /** The page of `docs/operating.md` in one's own copy, without a fragment. */
  readonly runbookUrl: string | undefined;
}

/**
 * The same text is in the mail about ALARM and in the one about OK, and its first line is what a phone
 * shows. At most 1,024 characters, whatever the names. Source: CloudWatch, `PutMetricAlarm`.
 */
export function alarmText(kind: AlarmKind, args: AlarmTextArgs): string {
  const { account, stack, place } = args;
  const { headline, meaning, failNow, less, ok, lookFor } = WORDS[kind];
  return [
    headline(account ?? ""),
    `Stack ${stack}, AWS account ${place.awsAccountId}.`,
    "",
    `ALARM: ${meaning}`,
    ...(failNow ? [`${failNow} Otherwise they fail after:`] : ["From ALARM until services fail:"]),
    ...DOCUMENTED_LIFETIMES_HOURS.map((hours) => timeLeftLine(kind, hours)),
    ...(less ? [less] : []),
    `OK: ${ok}`,
    "",
    `${lookFor}:`,
    checkCommand(args),
    "",
    `What to do: ${runbook(kind, args)}`,
  ].join("\n");
}

/** Lifetimes that Dintero documents, in hours. */
export const DOCUMENTED_LIFETIMES_HOURS = [4, 24] as const;

/** How long after an alarm the token still works, in minutes. */
export interface TimeLeft {
  readonly leastMinutes: number;
  /** For an alarm that has an upper bound too. */
  readonly mostMinutes?: number;
  /** If renewals had failed before the cause of the alarm, without an alarm of their own. */
  readonly leastMinutesAfterFailures?: number;
}

/** What a metric and an alarm may take after the datapoint: `docs/reliability.md` has the measurements. */
const NOTICE_MINUTES = 3 * CHECK_INTERVAL_MINUTES;

/** From the rules of renewal; the tests have the results for {@link DOCUMENTED_LIFETIMES_HOURS}. */
export function timeLeft(kind: AlarmKind, lifetimeHours: number): TimeLeft {
  const thirdMinutes = (lifetimeHours * 60) / 3;
  const renewing = RENEW_AT_THIRDS_LEFT * thirdMinutes;
  const atRisk = AT_RISK_THIRDS_LEFT * thirdMinutes;
  // The check before the silence, the silence, and the notice.
  const silence = CHECK_INTERVAL_MINUTES + SILENCE_MINUTES + NOTICE_MINUTES;
  switch (kind) {
    case "token-at-risk":
      return { leastMinutes: atRisk - NOTICE_MINUTES, mostMinutes: atRisk };
    case "rotation-silent":
      return { leastMinutes: renewing - silence, leastMinutesAfterFailures: atRisk - silence };
    default:
      // Three checks that fail, and the notice of the last one.
      return { leastMinutes: renewing - CHECK_INTERVAL_MINUTES - NOTICE_MINUTES };
  }
}

interface Words {
  readonly headline: (account: string) => string;
  readonly meaning: string;
  /** When services fail at once, which comes before the times. */
  readonly failNow?: string;
  /** When services have less time than the text says. */
  readonly less?: string;
  readonly ok: string;
  /** What the command shows. */
  readonly lookFor: string;
}

/** Of the same account, which may have failed for another cause. */
const LESS_AFTER_AN_ALARM = "Less if another alarm fired before.";

const WORDS: Readonly<Record<AlarmKind, Words>> = {
  "token-at-risk": {
    headline: (account) =>
      `URGENT when in ALARM: the Dintero token of ${account} expires soon or is gone.`,
    meaning:
      "renewals keep failing, and less than a third of the token's lifetime is left, or nothing.",
    failNow: "No token: services fail now, unless the account is new.",
    ok: "the account has a good token. Nothing to do.",
    lookFor: "To see the cause and the token's end (expiresAt, UTC), run a check",
  },
  "rotation-silent": {
    headline: () => "URGENT when in ALARM: Dintero tokens may expire with no other message.",
    meaning: `for ${SILENCE_MINUTES} min no check saw all accounts. Causes: schedule or KMS key off, function stopped, parameters unreadable.`,
    failNow: "KMS key off: services fail now.",
    ok: "checks see all accounts. Any at risk has its own alarm.",
    lookFor: "To see the cause, run a check. No error: the schedule is off",
  },
  "check-broken": {
    headline: () =>
      "Not urgent when in ALARM: if no check works, the urgent alarm rotation-silent follows within 30 min.",
    meaning:
      "several checks ended in an error: wrong settings, no answer from AWS, or a bug in the program.",
    less: LESS_AFTER_AN_ALARM,
    ok: "checks end without an error.",
    lookFor: "To see the error, run a check",
  },
  "renewals-failing": {
    headline: () =>
      "Not urgent when in ALARM: if it lasts, the account's urgent alarm token-at-risk follows with a third of the lifetime left.",
    meaning: "three checks could not renew a token. The old one still works.",
    failNow: "KMS key off: services fail now (rotation-silent follows).",
    less: LESS_AFTER_AN_ALARM,
    ok: "renewals work, or the account is at risk (see its own alarm).",
    lookFor: "To see the account and the cause, run a check",
  },
  "credentials-rejected": {
    headline: () =>
      "Not urgent when in ALARM: get new credentials before the urgent alarm token-at-risk (a third of the lifetime left).",
    meaning:
      "Dintero rejects an API client's id or secret: changed, revoked or mistyped. The old token still works.",
    less: LESS_AFTER_AN_ALARM,
    ok: "no client is rejected, or the account is at risk (see its own alarm).",
    lookFor: "To see the account, run a check",
  },
};

function timeLeftLine(kind: AlarmKind, lifetimeHours: number): string {
  const { leastMinutes, mostMinutes, leastMinutesAfterFailures } = timeLeft(kind, lifetimeHours);
  const least = duration(leastMinutes);
  const time = mostMinutes ? `${least} to ${duration(mostMinutes)}` : `at least ${least}`;
  const after = leastMinutesAfterFailures
    ? ` (${duration(leastMinutesAfterFailures)} if renewals failed before)`
    : "";
  return `- ${lifetimeHours} h tokens: ${time}${after}`;
}

/** `15 h 20 min`. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return [hours > 0 ? `${hours} h` : "", minutes % 60 > 0 ? `${minutes % 60} min` : ""]
    .filter(Boolean)
    .join(" ");
}

/**
 * As patient as the function's own time-out of 150 s, and once: by itself the CLI gives up after 60 s
 * and begins another check beside the first. Source: AWS CLI user guide, "Retries" and
 * `--cli-read-timeout`.
 */
function checkCommand({ account, place, functionName }: AlarmTextArgs): string {
  const event = account === undefined ? "{}" : `{"accounts":["${account}"]}`;
  return `AWS_MAX_ATTEMPTS=1 aws lambda invoke --region ${place.region} --function-name ${functionName} --cli-read-timeout 160 --payload '${event}' --cli-binary-format raw-in-base64-out /dev/stdout`;
}

function runbook(kind: AlarmKind, { runbookUrl }: AlarmTextArgs): string {
  return runbookUrl
    ? `${runbookUrl}#${kind}`
    : `docs/operating.md, section ${kind}, in your copy of dintero-token-rotation.`;
}
