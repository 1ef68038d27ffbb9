/** The text that the on-call person gets when an alarm fires or clears, pure. */
import {
  AT_RISK_THIRDS_LEFT,
  CHECK_INTERVAL_MINUTES,
  RENEW_AT_THIRDS_LEFT,
} from "../lambda/renewal-policy.ts";
import type { Place } from "./access.ts";
import { type AlarmDefinition, SILENCE_MINUTES } from "./alarm-definitions.ts";

type AlarmKind = AlarmDefinition["kind"];

export interface AlarmTextArgs {
  /** The Dintero account, if the alarm is about one. */
  readonly account: string | undefined;
  readonly stack: string;
  readonly place: Place;
  readonly functionName: string;
  /** The address of `docs/operating.md` in the user's copy, without a fragment. */
  readonly runbookUrl: string | undefined;
}

/**
 * The mails about ALARM and about OK have the same text. A phone shows only its first line. At most 1,024
 * characters, also with the longest names. Source: CloudWatch, `PutMetricAlarm`.
 */
export function alarmText(kind: AlarmKind, args: AlarmTextArgs): string {
  const { account, stack, place } = args;
  const { headline, meaning, failNow, less, ok, lookFor } = WORDS[kind];
  return [
    headline(account ?? ""),
    `Stack ${stack}, AWS account ${place.awsAccountId}.`,
    "",
    `ALARM: ${meaning}`,
    failNow ?? "Time from ALARM until services fail:",
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

/** For how long after an alarm the token still works, in minutes. */
export interface TimeLeft {
  readonly leastMinutes: number;
  /** For an alarm that has an upper bound too. */
  readonly mostMinutes?: number;
  /** If renewals already failed before, without an alarm. */
  readonly leastMinutesAfterFailures?: number;
}

/** Until a check finds it, although one check may be lost, and the alarm has notified. */
const NOTICE_MINUTES = 3 * CHECK_INTERVAL_MINUTES;

/** From the rules of renewal; the tests have the results for {@link DOCUMENTED_LIFETIMES_HOURS}. */
export function timeLeft(kind: AlarmKind, lifetimeHours: number): TimeLeft {
  const thirdMinutes = (lifetimeHours * 60) / 3;
  const renewing = RENEW_AT_THIRDS_LEFT * thirdMinutes;
  const atRisk = AT_RISK_THIRDS_LEFT * thirdMinutes;
  // Up to the last good check, then the silence, then the notice.
  const silence = CHECK_INTERVAL_MINUTES + SILENCE_MINUTES + NOTICE_MINUTES;
  switch (kind) {
    case "token-at-risk":
      return { leastMinutes: atRisk - NOTICE_MINUTES, mostMinutes: atRisk };
    case "rotation-silent":
      return { leastMinutes: renewing - silence, leastMinutesAfterFailures: atRisk - silence };
    default:
      // The third check that fails comes up to three intervals after the renewal was due. Its notice takes
      // less than one more.
      return { leastMinutes: renewing - 4 * CHECK_INTERVAL_MINUTES };
  }
}

interface Words {
  readonly headline: (account: string) => string;
  readonly meaning: string;
  /** When services fail at once. The times complete its sentence. */
  readonly failNow?: string;
  /** When services have less time than the text says. */
  readonly less?: string;
  readonly ok: string;
  /** What the command shows. */
  readonly lookFor: string;
}

/** The account may have failed before, for another cause. */
const LESS_AFTER_FAILURES = "Less if renewals failed before.";

const WORDS: Readonly<Record<AlarmKind, Words>> = {
  "token-at-risk": {
    headline: (account) =>
      `URGENT when in ALARM: the Dintero token of ${account} expires soon or is gone.`,
    meaning:
      "renewals keep failing. Less than a third of the token's lifetime is left, or there is no token.",
    failNow:
      "If there is no token, services fail now, unless the account is new. If there is one, they fail in:",
    ok: "the account has a good token. Nothing to do.",
    lookFor: "Find the cause, and when the token expires (expiresAt, UTC), with a check",
  },
  "rotation-silent": {
    headline: () => "URGENT when in ALARM: tokens may expire without another alarm.",
    meaning: `no check has read all accounts in ${SILENCE_MINUTES} min. Causes: schedule or KMS key disabled, function stopped, parameters unreadable.`,
    failNow: "If the key is disabled, services fail now, otherwise in:",
    ok: "checks read all accounts. One at risk has its own alarm.",
    lookFor: "Find the cause (all fresh or renewed: the schedule is off)",
  },
  "check-broken": {
    headline: () =>
      "Not urgent when in ALARM: checks end in errors. If no check works, the urgent alarm rotation-silent fires within 30 min.",
    meaning:
      "three checks in 30 min ended in an error. The settings are wrong, AWS does not answer, or the program has a bug.",
    less: LESS_AFTER_FAILURES,
    ok: "checks end without an error.",
    lookFor: "Find the error with a check",
  },
  "renewals-failing": {
    headline: () =>
      "Not urgent when in ALARM: a token could not be renewed. If this lasts, the urgent alarm token-at-risk fires.",
    meaning:
      "three checks could not renew a token. The old one still works, unless the KMS key is disabled.",
    failNow: "If the key is disabled, services fail now (and rotation-silent fires), otherwise in:",
    less: LESS_AFTER_FAILURES,
    ok: "renewals work, or the account is at risk (see its own alarm).",
    lookFor: "Find the account and the cause with a check",
  },
  "credentials-rejected": {
    headline: () =>
      "Not urgent when in ALARM: Dintero rejects an API client. Fix it before the urgent alarm token-at-risk fires.",
    meaning:
      "an API client was revoked, or its id or secret was changed or mistyped. The old token still works.",
    less: LESS_AFTER_FAILURES,
    ok: "no client is rejected, or the account is at risk (see its own alarm).",
    lookFor: "Find the account with a check",
  },
};

function timeLeftLine(kind: AlarmKind, lifetimeHours: number): string {
  const { leastMinutes, mostMinutes, leastMinutesAfterFailures } = timeLeft(kind, lifetimeHours);
  const least = duration(leastMinutes);
  const time = mostMinutes ? `${least} to ${duration(mostMinutes)}` : `${least} or more`;
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
 * It waits longer than the function's own time-out of 150 s, and makes one attempt. With its defaults the
 * CLI gives up after 60 s and starts another check. Source: AWS CLI user guide, "Retries" and
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
