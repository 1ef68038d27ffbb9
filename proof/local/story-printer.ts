/** Shows a story to people: plain words in 80 columns, a bar for a token's lifetime, colour on a terminal. */
import { styleText } from "node:util";
import type { DueReason } from "../../lambda/contract.ts";
import { AT_RISK_THIRDS_LEFT, RENEW_AT_THIRDS_LEFT } from "../../lambda/renewal-policy.ts";
import { hoursAndMinutes, lifeBar } from "../../ops/lifetime-text.ts";
import { wrapped } from "../../ops/wrapped-text.ts";
import { MINUTE_MS } from "../durations.ts";
import type { AlarmMail } from "./alarm-mail.ts";
import type { Scenario } from "./scenarios.ts";
import type { AccountView, Entry, ReaderView, Step, Stretch, TokenView } from "./story-entry.ts";

const MAX_ACCOUNTS_SHOWN = 3;
const LEVELS = "▁▂▃▄▅▆▇█";
const INDENT = "         ";

const WHY: Readonly<Record<DueReason, string>> = {
  missing: "there was no token",
  replaced: "somebody else wrote the parameter",
  "key-changed": "the stack has another key",
  aging: "a third of its lifetime is over",
  "credentials-changed": "the secret has a new version",
  forced: "somebody asked for it",
};

const READER: Readonly<Record<ReaderView, string>> = {
  "new token": "reader has the new token",
  "same token": "reader keeps its token",
  nothing: "reader finds no token",
};

export function printIntroduction(run: {
  readonly bundleBytes: number;
  readonly accountIds: readonly string[];
  readonly lifetimeHours: number;
  /** A server of the user's, in place of the stand-in for AWS. */
  readonly endpoint?: URL;
}): void {
  const accounts = `${run.accountIds.length} account${run.accountIds.length === 1 ? "" : "s"}`;
  const servers = run.endpoint
    ? `${run.endpoint.href} in place of AWS, and a stand-in for Dintero`
    : "stand-ins for AWS and Dintero";
  print(
    styleText("bold", "Local demo: the deployed function keeps tokens fresh (virtual clock)"),
    dim(
      wrapped(
        `dist/lambda/index.mjs (${Math.round(run.bundleBytes / 1024)} KiB) runs with ${servers}. ${accounts}, tokens valid for ${run.lifetimeHours} h. A reader is a service that reads the token. A token itself is never shown, only its fingerprint of 12 hex digits.`,
      ),
    ),
  );
}

export function printScenario(scenario: Scenario, number: number): void {
  print("", styleText("bold", `${number}. ${scenario.title}`) + dim(`   ${scenario.name}`));
}

export function printEntry(entry: Entry): void {
  if ("subject" in entry) printMail(entry);
  else if ("accounts" in entry) printStep(entry);
  else if ("checks" in entry) printStretch(entry);
  else printFaults(entry.faults);
}

/** The last line. */
export function printVerdict(isGood: boolean, scenarios: number, durationMs: number): void {
  const seconds = (durationMs / 1000).toFixed(1);
  const all = scenarios === 1 ? "The scenario" : `All ${scenarios} scenarios`;
  print(
    "",
    isGood
      ? styleText("green", `${all} passed (${seconds} s).`)
      : styleText("red", `Not everything happened as it should: see ✗ above (${seconds} s).`),
  );
}

function printStep({ at, what, accounts, faults, log }: Step): void {
  const [first] = accounts;
  print(`  ${clockTime(at)}  ${what}`);
  if (first && faults.length === 0) print(INDENT + outcomeOf(first));
  for (const account of accounts.slice(0, MAX_ACCOUNTS_SHOWN)) {
    printAccount(account, { isAlone: accounts.length === 1, isGood: faults.length === 0 });
  }
  const hidden = accounts.length - MAX_ACCOUNTS_SHOWN;
  if (hidden > 0) print(dim(`${INDENT}and ${hidden} more`));
  printFaults(faults);
  if (log) print(log);
}

/** The same for each account, as the scenario expects. */
function outcomeOf({ outcome, reason, error }: AccountView): string {
  const why = reason ? WHY[reason] : "nothing to do";
  if (error) return `due: ${why}; ${styleText("red", `failed: ${error.code}`)}`;
  return outcome === "fresh" ? "fresh: nothing is due" : `${outcome.replace("-", " ")}: ${why}`;
}

function printAccount(
  { accountId, token, reader }: AccountView,
  { isAlone, isGood }: { readonly isAlone: boolean; readonly isGood: boolean },
): void {
  const mark = isGood ? styleText("green", "✓") : " ";
  const name = isAlone ? "" : `${accountId.padEnd(9)}  `;
  const view = token
    ? `  ${isAlone ? `${token.fingerprint}  ` : ""}${bar(token)}  ${remaining(token)}`
    : "";
  print(`${INDENT}${mark} ${name}${READER[reader]}${view}`);
}

/** Of an urgent alarm that fires, what somebody reads at 3 a.m.; of others the first line. */
function printMail({ at, state, subject, text }: AlarmMail): void {
  const [whole] = text.split("\nOK: ");
  const isUrgent = state === "ALARM" && text.startsWith("URGENT");
  const colour = state === "ALARM" ? (isUrgent ? "red" : "yellow") : "green";
  print(`  ${clockTime(at)}  e-mail  ${styleText(colour, subject)}`);
  if (!isUrgent || whole === undefined) return;
  const quote = `${INDENT}| `;
  const lines = whole.split("\n").filter(Boolean);
  print(
    dim(lines.map((line) => wrapped(line, quote)).join("\n")),
    dim(`${quote}(and: what OK means, a command that shows the cause, the runbook)`),
  );
}

function printStretch({
  at,
  what,
  checks,
  renewalsPerAccount,
  lifeRemainingPercent,
  faults,
}: Stretch): void {
  const perCell = Math.ceil(lifeRemainingPercent.length / 60);
  const cells = Array.from(
    { length: Math.ceil(lifeRemainingPercent.length / perCell) },
    (_, index) => Math.min(...lifeRemainingPercent.slice(index * perCell, (index + 1) * perCell)),
  );
  const least = Math.min(...lifeRemainingPercent).toFixed(0);
  print(
    `  ${clockTime(at)}  ${what}: ${checks} checks, ${renewalsPerAccount} renewals`,
    `${INDENT}left  ${cells.map(level).join("")}`,
  );
  if (faults.length === 0) {
    print(
      `${INDENT}${styleText("green", "✓")} reader always had at least ${least} % of a lifetime left`,
    );
  }
  printFaults(faults);
}

function printFaults(faults: readonly string[]): void {
  for (const fault of faults) print(styleText("red", `${INDENT}✗ ${fault}`));
}

function bar({ remainingMs, lifeMs }: TokenView): string {
  const thirdsLeft = (3 * remainingMs) / lifeMs;
  const colour =
    thirdsLeft < AT_RISK_THIRDS_LEFT
      ? "red"
      : thirdsLeft <= RENEW_AT_THIRDS_LEFT
        ? "yellow"
        : "green";
  const percent = Math.min(100, Math.max(0, (100 * remainingMs) / lifeMs));
  return styleText(colour, lifeBar(percent, 10));
}

function remaining({ remainingMs }: TokenView): string {
  if (remainingMs <= 0) return "expired";
  // To the nearest minute: the clock runs on by some milliseconds while a check is made.
  return `${hoursAndMinutes(60 * Math.round(remainingMs / MINUTE_MS))} left`;
}

function level(percent: number): string {
  const index = Math.floor((percent / 100) * LEVELS.length);
  return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, index))] ?? "";
}

function clockTime(iso: string): string {
  return iso.slice(11, 16);
}

function dim(text: string): string {
  return styleText("dim", text);
}

function print(...lines: string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
