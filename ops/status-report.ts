/** The output of `status`: the document of `--json`, and the same as text, pure. */
import type { AccountState, AccountStatus } from "./account-status.ts";
import type { AlarmStatus } from "./alarm-faults.ts";
import type { KeyView } from "./encryption-key.ts";
import type { Fault } from "./fault.ts";
import { hoursAndMinutes, lifeBar, readableTime } from "./lifetime-text.ts";
import { isMutedForLong, type MuteRuleView, muteSentence } from "./mute-rules.ts";
import { plainTable } from "./plain-table.ts";
import { opsCommand } from "./stack-commands.ts";
import { endpointName, type SubscriptionView } from "./subscription-watch.ts";
import { wrapped } from "./wrapped-text.ts";

/** Printed by `status --json`. */
export interface StatusReport {
  readonly stack: string;
  readonly awsAccountId: string;
  readonly region: string;
  /** ISO 8601 in UTC. */
  readonly checkedAt: string;
  /** Whether the exit status is 0: there are no faults. */
  readonly ok: boolean;
  readonly faults: readonly Fault[];
  readonly accounts: readonly AccountStatus[];
  /** Here and below, `null` if it could not be read. */
  readonly key: KeyView | null;
  readonly alarms: readonly AlarmStatus[] | null;
  /** The rules that mute alarms of the stack at this moment. */
  readonly muteRules: readonly MuteRuleView[] | null;
  /** Of all topics. A topic that could not be read or does not exist has none, and its own fault. */
  readonly subscriptions: readonly SubscriptionView[];
  /** ARNs of topics in other AWS accounts, which do not show who is subscribed. */
  readonly hiddenTopics: readonly string[];
}

export type Colour = "green" | "yellow" | "red";

/** The text in a colour, if its stream shows colours. */
export type Paint = (colour: Colour, text: string) => string;

/** The report as text, in lines of at most 80 characters. Only commands may be longer. */
export function renderStatus(report: StatusReport, paint: Paint): string {
  const head = ["account", "state", "lifetime", "left", "expires (UTC)", "secret"];
  const rows = report.accounts.map((account) => accountRow(account, paint));
  const sections = [
    [plainTable(head, rows)],
    awaitingLines(report),
    newCredentialsLines(report),
    clearingLines(report, paint),
    muteLines(report, paint),
    subscriptionLines(report),
    verdictLines(report, paint),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** Short texts for the table. The document has the state's own name. */
const STATES: Readonly<Record<AccountState, readonly [text: string, colour: Colour]>> = {
  fresh: ["fresh", "green"],
  renewing: ["renewing", "green"],
  overdue: ["overdue", "red"],
  "at-risk": ["at risk", "red"],
  expired: ["expired", "red"],
  replaced: ["replaced", "red"],
  missing: ["missing", "red"],
  unreadable: ["unreadable", "red"],
  "awaiting-credentials": ["no credentials", "yellow"],
  unknown: ["unknown", "yellow"],
};

function accountRow(account: AccountStatus, paint: Paint): string[] {
  const { accountId, state, lifeRemainingPercent, lifeRemainingSeconds, expiresAt } = account;
  const [text, colour] = STATES[state];
  return [
    accountId,
    paint(colour, text),
    lifeRemainingPercent === null ? "-" : paint(colour, lifeBar(lifeRemainingPercent, 10)),
    lifeRemainingSeconds === null ? "" : hoursAndMinutes(lifeRemainingSeconds),
    expiresAt === null ? "-" : readableTime(expiresAt).replace(" UTC", ""),
    secretText(account),
  ];
}

function secretText({ secret, credentialsAreCurrent }: AccountStatus): string {
  switch (secret) {
    case "stored":
      return credentialsAreCurrent === null
        ? "stored"
        : credentialsAreCurrent
          ? "in use"
          : "unused";
    case "scheduled-for-deletion":
      return "deleted";
    default:
      return secret;
  }
}

function awaitingLines(report: StatusReport): string[] {
  return report.accounts
    .filter(({ state }) => state === "awaiting-credentials")
    .map(({ accountId }) =>
      wrapped(
        `Enter the credentials of ${accountId}: ${opsCommand("credentials", report, accountId)}`,
      ),
    );
}

/** For some minutes this is normal. After that it is a fault. */
function newCredentialsLines(report: StatusReport): string[] {
  const { accounts, faults } = report;
  return accounts
    .filter(
      ({ accountId, secret, credentialsAreCurrent }) =>
        secret === "stored" &&
        credentialsAreCurrent === false &&
        !faults.some((it) => it.code === "credentials-not-used" && it.accountId === accountId),
    )
    .map(({ accountId, credentialsChangedAt }) =>
      wrapped(
        `${accountId}: its credentials changed at ${readableTime(credentialsChangedAt)}. No check has got a token with them yet. To try now, run: ${opsCommand("reconcile", report, accountId)}`,
      ),
    );
}

function clearingLines({ alarms }: StatusReport, paint: Paint): string[] {
  return (alarms ?? [])
    .filter(({ clearingSince }) => clearingSince !== null)
    .map(({ name, clearingSince }) =>
      paintLines(
        paint,
        "yellow",
        wrapped(
          `The alarm ${name} is still in ALARM, but its cause has been gone since ${readableTime(clearingSince)}. It will clear by itself.`,
        ),
      ),
    );
}

function muteLines({ muteRules, checkedAt }: StatusReport, paint: Paint): string[] {
  return (muteRules ?? [])
    .filter((rule) => !isMutedForLong(rule, Date.parse(checkedAt)))
    .map((rule) => paintLines(paint, "yellow", wrapped(muteSentence(rule))));
}

function subscriptionLines(report: StatusReport): string[] {
  const { subscriptions, hiddenTopics } = report;
  const list = (title: string, isConfirmed: boolean) => {
    const endpoints = subscriptions
      .filter((it) => it.isConfirmed === isConfirmed)
      .map(endpointName);
    return endpoints.length > 0 ? [wrapped(`${title}: ${[...new Set(endpoints)].join(", ")}`)] : [];
  };
  return [
    ...list("Notified of alarms", true),
    ...list("Not confirmed, so not notified", false),
    ...hiddenTopics.map((topicArn) =>
      wrapped(
        `This AWS account cannot see who is subscribed to ${topicArn}. To prove that it notifies someone, run: ${opsCommand("drill", report)}`,
      ),
    ),
  ];
}

function verdictLines(
  { accounts, faults, muteRules, hiddenTopics }: StatusReport,
  paint: Paint,
): string[] {
  const known = faults.filter(({ urgency }) => urgency !== "unknown");
  const unknown = faults.filter(({ urgency }) => urgency === "unknown");
  const list = (colour: Colour, title: string, group: readonly Fault[]) =>
    group.length === 0
      ? []
      : [
          paint(colour, title),
          ...group.map(({ message }) => `- ${wrapped(message, "  ").trimStart()}`),
        ];
  if (faults.length > 0) {
    return [
      ...list("red", "To fix:", known),
      ...list("yellow", "Could not be determined:", unknown),
    ];
  }
  const waiting = accounts.filter(({ state }) => state === "awaiting-credentials").length;
  if (waiting > 0) {
    return [
      paint(
        "yellow",
        wrapped(
          `OK: no token is at risk. Accounts without credentials, and so without a token: ${waiting} of ${accounts.length}.`,
        ),
      ),
    ];
  }
  if (muteRules?.length) {
    return [paint("yellow", "OK: no token is at risk. Alarms are muted (see above).")];
  }
  return hiddenTopics.length > 0
    ? [
        paint(
          "yellow",
          "OK: no token is at risk. See above how to prove that alarms reach someone.",
        ),
      ]
    : [paint("green", "OK: no token is at risk, and alarms reach someone.")];
}

/** Each line by itself: a colour across lines would also colour what a pager inserts between them. */
function paintLines(paint: Paint, colour: Colour, text: string): string {
  return text
    .split("\n")
    .map((line) => paint(colour, line))
    .join("\n");
}
