/** What `status` says: the document of `--json`, and the same in words, pure. */
import type { AccountState, AccountStatus } from "./account-status.ts";
import type { AlarmView, SubscriptionView } from "./alarm-watch.ts";
import { hoursAndMinutes, lifeBar } from "./lifetime-text.ts";
import { plainTable } from "./plain-table.ts";

/** Printed by `status --json`. */
export interface StatusReport {
  readonly stack: string;
  readonly awsAccountId: string;
  readonly region: string;
  /** ISO 8601 in UTC. */
  readonly checkedAt: string;
  /** Whether the exit status is 0: there are no faults. */
  readonly isGood: boolean;
  /** In words; each says what to do where it is not plain. */
  readonly faults: readonly string[];
  readonly accounts: readonly AccountStatus[];
  /** `null` where they could not be read. */
  readonly alarms: readonly AlarmView[] | null;
  /** `null` where they could not be read. */
  readonly subscriptions: readonly SubscriptionView[] | null;
}

export type Colour = "green" | "yellow" | "red";

/** The text in a colour, as the stream that it goes to shows colours. */
export type Paint = (colour: Colour, text: string) => string;

/** The report as a person reads it. */
export function renderStatus(report: StatusReport, paint: Paint): string {
  const { accounts, alarms, subscriptions, faults } = report;
  const head = ["account", "state", "life left", "", "expires (UTC)", "credentials"];
  const sections = [
    [
      plainTable(
        head,
        accounts.map((account) => accountRow(account, paint)),
      ),
    ],
    awaitingLines(report),
    oldCredentialsLines(report),
    alarms ? alarmLines(alarms, paint) : [],
    subscriptions ? subscriptionLines(subscriptions) : [],
    faults.length === 0
      ? [paint("green", "No token is at risk, and people would be told.")]
      : [paint("red", "Not as it should be:"), ...faults.map((fault) => `  ${fault}`)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

const COLOURS: Readonly<Record<AccountState, Colour>> = {
  fresh: "green",
  renewing: "green",
  "at-risk": "red",
  expired: "red",
  missing: "red",
  "awaiting-credentials": "yellow",
  unknown: "yellow",
};

function accountRow(account: AccountStatus, paint: Paint): string[] {
  const { accountId, state, lifeRemainingPercent, lifeRemainingSeconds, expiresAt } = account;
  const colour = COLOURS[state];
  return [
    accountId,
    paint(colour, state.replaceAll("-", " ")),
    lifeRemainingPercent === null ? "-" : paint(colour, lifeBar(lifeRemainingPercent)),
    lifeRemainingSeconds === null ? "" : hoursAndMinutes(lifeRemainingSeconds),
    expiresAt === null ? "-" : readableTime(expiresAt),
    credentials(account),
  ];
}

function credentials({ credentialsVersionId, credentialsAreCurrent }: AccountStatus): string {
  if (credentialsVersionId === null) return "-";
  const version = credentialsVersionId.slice(0, 8);
  if (credentialsAreCurrent === null) return version;
  return `${version}, ${credentialsAreCurrent ? "current" : "no longer current"}`;
}

function awaitingLines({ stack, accounts }: StatusReport): string[] {
  return accounts
    .filter(({ state }) => state === "awaiting-credentials")
    .map(
      ({ accountId }) =>
        `Enter the credentials of ${accountId}: npm run ops -- credentials ${accountId} --stack ${stack}`,
    );
}

/** For minutes that is as it should be; for longer, the new credentials do not work. */
function oldCredentialsLines({ stack, accounts }: StatusReport): string[] {
  return accounts
    .filter(({ credentialsAreCurrent }) => credentialsAreCurrent === false)
    .map(
      ({ accountId }) =>
        `${accountId} has newer credentials than its token comes from. If that lasts, see why: npm run ops -- reconcile ${accountId} --stack ${stack}`,
    );
}

function alarmLines(alarms: readonly AlarmView[], paint: Paint): string[] {
  const firing = alarms.filter(({ state }) => state === "ALARM");
  if (firing.length === 0) return ["No alarm is on."];
  return [
    paint("red", "Alarms that are on:"),
    ...firing.map(
      ({ name, since, reason }) =>
        `  ${name}${since === null ? "" : ` since ${readableTime(since)} UTC`}${reason === null ? "" : `: ${reason}`}`,
    ),
  ];
}

function subscriptionLines(subscriptions: readonly SubscriptionView[]): string[] {
  const list = (title: string, isConfirmed: boolean) => {
    const endpoints = subscriptions
      .filter((it) => it.isConfirmed === isConfirmed)
      .map(endpointName);
    return endpoints.length > 0 ? [`${title}: ${endpoints.join(", ")}`] : [];
  };
  return [...list("Told of alarms", true), ...list("Not confirmed, so not told", false)];
}

/** `on-call@example.com (email)`. */
export function endpointName({ protocol, endpoint }: SubscriptionView): string {
  return `${endpoint} (${protocol})`;
}

function readableTime(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}
