/** The figures as text and tables, pure. */
import { type Compared, mapCompared } from "./contenders.ts";
import { MESSAGE_ACCOUNTS } from "./message-experiments.ts";
import type { Figures, Times } from "./simulation-figures.ts";
import type { WriteBurst } from "./write-bursts.ts";

/** @param command - that gives this report. */
export function simulationReport(
  figures: readonly Figures[],
  bursts: readonly WriteBurst[],
  command: string,
): string {
  return [
    command,
    "",
    "Compares this program with fixed schedules under the same faults. A fixed schedule renews at set",
    "times, even if that is not needed. A failed run is repeated only by the next run, and its alarm",
    "fires at once. The rates of short faults in healthy months are estimates.",
    ...figures.flatMap(figuresText),
    "",
    "All accounts of many stacks are due at once, for example after a long outage. By Parameter Store's",
    "write rate (medians of 9 runs):",
    "",
    ...table([
      ["accounts", "writes a second", "until the last token", "failed renewals before it"],
      ...bursts.map(({ accounts, writesPerSecond, minutes, failures }) => [
        accounts.toLocaleString("en"),
        String(writesPerSecond),
        `${minutes.toFixed(0)} min`,
        failures.toLocaleString("en"),
      ]),
    ]),
    "",
  ].join("\n");
}

function figuresText(figures: Figures): string[] {
  const { lifetimeHours, firstAlarm } = figures;
  const left = (minutes: number) =>
    `${duration(minutes)} (${Math.floor((100 * minutes) / (lifetimeHours * 60))} %)`;
  return [
    "",
    `Tokens valid for ${lifetimeHours} h (healthy months: ${figures.accountDays} account-days)`,
    `By the formula, no reader notices an outage of up to ${duration(figures.formulaMinutes)}.`,
    "",
    ...table([
      ["", "this program", "daily", "every 12 h", "hourly"],
      row("longest outage that no reader notices", figures.outageSurvivedMinutes, duration),
      row("outage of a whole lifetime: first alarm", firstAlarm, ({ alarms }) =>
        Object.keys(alarms).join(", "),
      ),
      row("  lifetime left at that alarm, least", firstAlarm, (it) => left(it.leastMinutesLeft)),
      row("  lifetime left at that alarm, median", firstAlarm, (it) => left(it.medianMinutesLeft)),
      row("false alarms in healthy months", figures.falseAlarms, String),
      row("expired token with a reader, a day", figures.expiredMinutesPerAccountDay, duration),
      row("token requests, an account and day", figures.requestsPerAccountDay, (it) =>
        it.toFixed(2),
      ),
      ...timesRows("from credentials to first token", figures.firstTokenSeconds),
      ...timesRows("from a changed token to a good one", figures.editHealedSeconds),
      ...timesRows("from a deleted token to a good one", figures.deletionHealedSeconds),
    ]),
    "",
    "Messages at most: ALARM + OK (how many of the ALARMs are urgent)",
    "",
    ...table([
      [
        "",
        ...MESSAGE_ACCOUNTS.map((accounts) => `${accounts} account${accounts === 1 ? "" : "s"}`),
      ],
      ...figures.messages.map(({ situation, counts }) => [
        situation,
        ...counts.map(({ ALARM, urgent, OK }) => `${ALARM} + ${OK} (${urgent})`),
      ]),
    ]),
  ];
}

function timesRows(what: string, figure: Compared<Times>): string[][] {
  return [
    row(`${what}, median`, figure, ({ median }) => duration(median / 60)),
    row("  longest", figure, ({ longest }) => duration(longest / 60)),
  ];
}

/** In the order of the table's columns. */
function row<T>(what: string, of: Compared<T>, text: (value: T) => string): string[] {
  const { thisProgram, daily, twiceADay, hourly } = mapCompared(of, text);
  return [what, thisProgram, daily, twiceADay, hourly];
}

/** The first column is aligned to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0));
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widthOf(column)) : cell.padStart(widthOf(column)),
      )
      .join("  "),
  );
}

/** In the two largest units that are not 0. */
export function duration(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  if (seconds === 0) return "none";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const whole = Math.floor(seconds / 60);
  if (whole < 60) return `${whole} min`;
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, "0")} min`;
}
