/** The report in words and tables, pure. Called by `simulate`. */
import { CONTENDERS, type Compared, mapCompared } from "./contenders.ts";
import type { Figures, Times } from "./report.ts";
import type { ScenarioAlarm, ScenarioOutcome } from "./scenario-run.ts";

type Row = readonly [what: string, of: Compared<string>];

export function reportText(figures: readonly Figures[], command: string): string {
  return [
    command,
    "",
    "This program, and what fixed schedules give on the same faults. They renew at their times, needed",
    "or not, leave a failure to their next run, and are given an alarm that is on at once when a run",
    "failed. Passing faults of healthy months are the models' estimates.",
    ...figures.flatMap(figuresText),
    "",
  ].join("\n");
}

function figuresText(figures: Figures): string[] {
  const { lifetimeHours, firstAlarm } = figures;
  const whole = lifetimeHours * 60;
  const left = (minutes: number) =>
    `${duration(minutes)} (${Math.floor((100 * minutes) / whole)} %)`;
  const rows: Row[] = [
    ["longest outage that no reader notices", mapCompared(figures.outageSurvivedMinutes, duration)],
    ["in longer ones: first alarm", mapCompared(firstAlarm, ({ alarms }) => names(alarms))],
    ["  life left by then, least", mapCompared(firstAlarm, (it) => left(it.leastMinutesLeft))],
    ["  life left by then, median", mapCompared(firstAlarm, (it) => left(it.medianMinutesLeft))],
    ["false alarms in healthy months", mapCompared(figures.falseAlarms, String)],
    [
      "expired token with a reader, a day",
      mapCompared(figures.expiredMinutesPerAccountDay, (it) => duration(it)),
    ],
    [
      "token requests, an account and day",
      mapCompared(figures.requestsPerAccountDay, (it) => it.toFixed(2)),
    ],
    ...timesRows("from credentials to first token", figures.firstTokenSeconds),
    ...timesRows("from a hand edit to a good token", figures.editHealedSeconds),
    ...timesRows("from a deletion to a good token", figures.deletionHealedSeconds),
  ];
  return [
    "",
    `Tokens that live for ${lifetimeHours} h (healthy months: ${figures.accountDays} account-days)`,
    `By the formula no reader notices an outage of ${duration(figures.formulaMinutes)}.`,
    "",
    ...table(rows),
  ];
}

export interface ScenarioReport {
  readonly lifetimeHours: number;
  readonly accounts: number;
  readonly days: number;
  readonly outcome: Compared<ScenarioOutcome>;
}

export function scenarioText(reports: readonly ScenarioReport[], command: string): string {
  return [command, ...reports.flatMap(outcomeText), ""].join("\n");
}

function outcomeText({ lifetimeHours, accounts, days, outcome }: ScenarioReport): string[] {
  const first = ({ alarms }: ScenarioOutcome) => alarms.find(({ state }) => state === "ALARM");
  const minutes = (ms: number) => duration(ms / 60_000);
  const rows: Row[] = [
    ["first alarm", mapCompared(outcome, (it) => first(it)?.alarm ?? "none")],
    ["  so long after the start", mapCompared(outcome, (it) => ofAlarm(first(it), "afterMs"))],
    ["  life left by then", mapCompared(outcome, (it) => ofAlarm(first(it), "leftMs"))],
    ["expired token with a reader, in all", mapCompared(outcome, (it) => minutes(it.expiredMs))],
    ["  times that nobody had been told", mapCompared(outcome, (it) => String(it.untold))],
    ["no token to be read, in all", mapCompared(outcome, (it) => minutes(it.withoutTokenMs))],
    ["token requests", mapCompared(outcome, (it) => String(it.requests))],
  ];
  const told = outcome.thisProgram.alarms.map(
    ({ afterMs, alarm, state, leftMs }) =>
      `  ${duration(afterMs / 60_000).padStart(11)}  ${alarm} is ${state === "ALARM" ? "on" : "off"}, ${duration(leftMs / 60_000)} of life left`,
  );
  return [
    "",
    `Tokens that live for ${lifetimeHours} h, ${count(accounts, "account")}, ${count(days, "day")}`,
    "",
    ...table(rows),
    "",
    told.length > 0 ? "This program's alarms:" : "This program told nobody of anything.",
    ...told,
  ];
}

function ofAlarm(alarm: ScenarioAlarm | undefined, field: "afterMs" | "leftMs"): string {
  return alarm ? duration(alarm[field] / 60_000) : "-";
}

/** Names to the left, figures to the right of their columns. */
function table(rows: readonly Row[]): string[] {
  const all: Row[] = [["", CONTENDERS], ...rows];
  const widthOf = (cells: readonly string[]) => Math.max(...cells.map((cell) => cell.length));
  const first = widthOf(all.map(([what]) => what));
  const widths = cellsOf(all.map(([, of]) => of)).map(widthOf);
  return all.map(([what, of]) => {
    const cells = [of.thisProgram, of.daily, of.twiceADay, of.hourly];
    return [
      what.padEnd(first),
      ...cells.map((cell, index) => cell.padStart(widths[index] ?? 0)),
    ].join("  ");
  });
}

function cellsOf(rows: readonly Compared<string>[]): string[][] {
  return [
    rows.map(({ thisProgram }) => thisProgram),
    rows.map(({ daily }) => daily),
    rows.map(({ twiceADay }) => twiceADay),
    rows.map(({ hourly }) => hourly),
  ];
}

function timesRows(what: string, figure: Compared<Times>): Row[] {
  return [
    [`${what}, median`, mapCompared(figure, ({ median }) => duration(median / 60))],
    ["  longest", mapCompared(figure, ({ longest }) => duration(longest / 60))],
  ];
}

function names(alarms: Readonly<Record<string, number>>): string {
  return Object.keys(alarms).join(", ");
}

/** In the two largest units that say something. */
export function duration(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  if (seconds === 0) return "none";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const whole = Math.floor(seconds / 60);
  if (whole < 60) return `${whole} min`;
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, "0")} min`;
}

function count(number: number, of: string): string {
  return `${number} ${of}${number === 1 ? "" : "s"}`;
}
