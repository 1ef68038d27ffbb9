/** Shows a story to people: plain words, a bar for a token's life, colour on a terminal. */
import { styleText } from "node:util";
import type { DueReason } from "../../lambda/contract.ts";
import { AT_RISK_THIRDS_LEFT, RENEW_AT_THIRDS_LEFT } from "../../lambda/renewal-policy.ts";
import { hoursAndMinutes, lifeBar } from "../../ops/lifetime-text.ts";
import { MINUTE_MS } from "../durations.ts";
import type { Scenario } from "./scenarios.ts";
import type { AccountView, Entry, Step, Stretch, TokenView } from "./story.ts";

const MAX_ACCOUNTS_SHOWN = 3;
const LEVELS = "▁▂▃▄▅▆▇█";

const WHY: Readonly<Record<DueReason, string>> = {
  missing: "there was no token",
  replaced: "somebody else wrote the parameter",
  "key-changed": "the stack has another key",
  aging: "a third of its life is over",
  "credentials-changed": "the secret has a new version",
  forced: "somebody asked for it",
};

export function printIntroduction(run: {
  readonly bundleBytes: number;
  readonly accountIds: readonly string[];
  readonly lifetimeHours: number;
}): void {
  const accounts = `${run.accountIds.length} account${run.accountIds.length === 1 ? "" : "s"}`;
  print(
    styleText("bold", "Tokens kept fresh, by the function that is deployed"),
    dim(
      `dist/lambda/index.mjs, ${Math.round(run.bundleBytes / 1024)} KiB, against AWS and Dintero on this machine`,
    ),
    dim(`${accounts}, tokens that live for ${run.lifetimeHours} h`),
  );
}

export function printScenario(scenario: Scenario, number: number): void {
  print(
    "",
    styleText("bold", `${number}. ${scenario.title}`),
    dim(`   --scenario ${scenario.name}`),
  );
}

export function printEntry(entry: Entry): void {
  if ("text" in entry) print(`   ${entry.text}`);
  else if ("accounts" in entry) printStep(entry);
  else printStretch(entry);
}

/** The last line. */
export function printVerdict(isGood: boolean, durationMs: number): void {
  const seconds = (durationMs / 1000).toFixed(1);
  print(
    "",
    isGood
      ? styleText("green", `All of it is as it should be (${seconds} s).`)
      : styleText("red", `Something is not as it should be: see ✗ above (${seconds} s).`),
  );
}

function printStep({ at, what, isGiven, accounts, faults, log }: Step): void {
  if (isGiven && faults.length === 0) {
    print(dim(`   ${clockTime(at)}  ${what}`));
    return;
  }
  print(`   ${clockTime(at)}  ${what}`);
  for (const account of accounts.slice(0, MAX_ACCOUNTS_SHOWN)) printAccount(account);
  const hidden = accounts.length - MAX_ACCOUNTS_SHOWN;
  if (hidden > 0) print(dim(`          and ${hidden} more`));
  printFaults(faults);
  if (log) print(log);
}

function printAccount({ accountId, outcome, reason, error, token, reader }: AccountView): void {
  const why = reason ? `, since ${WHY[reason]}` : "";
  const what = error ? `${outcome} (${error.code})${why}` : `${outcome.replace("-", " ")}${why}`;
  print(`          ${accountId}  ${error ? styleText("red", what) : what}`);
  if (error) print(dim(`            log     ${error.message}`));
  if (token) print(`            token   ${token.fingerprint}  ${bar(token)}  ${remaining(token)}`);
  print(`            reader  ${reader ?? "finds no parameter"}`);
}

function printStretch({
  at,
  what,
  checks,
  renewalsPerAccount,
  lifeRemainingPercent,
  faults,
}: Stretch): void {
  const perCell = Math.ceil(lifeRemainingPercent.length / 72);
  const cells = Array.from(
    { length: Math.ceil(lifeRemainingPercent.length / perCell) },
    (_, index) => Math.min(...lifeRemainingPercent.slice(index * perCell, (index + 1) * perCell)),
  );
  print(`   ${clockTime(at)}  ${what}: ${checks} checks, ${renewalsPerAccount} renewals`);
  print(`            life    ${cells.map(level).join("")}`);
  print(
    `            least   ${Math.min(...lifeRemainingPercent).toFixed(0)} % of its life left in a reader's hands`,
  );
  printFaults(faults);
}

function printFaults(faults: readonly string[]): void {
  if (faults.length === 0) print(styleText("green", "          ✓ as it should be"));
  for (const fault of faults) print(styleText("red", `          ✗ ${fault}`));
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
  return styleText(colour, lifeBar(percent));
}

function remaining({ remainingMs, lifeMs }: TokenView): string {
  if (remainingMs <= 0) return "expired";
  // To the nearest minute: the clock runs on by some milliseconds while a check is made.
  const time = hoursAndMinutes(60 * Math.round(remainingMs / MINUTE_MS));
  return `${time} left (${Math.round((100 * remainingMs) / lifeMs)} %)`;
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
