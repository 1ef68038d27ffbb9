/** The report of a run in Markdown, for the terminal and the page alike. Pure. */
import { BILLED_SECONDS_A_CHECK, type CostItem, PRICE_LIST, sumOf } from "./cost.ts";
import type { Comparison, Figure, Unit } from "./figure.ts";
import type { Wait } from "./measure-newcomer.ts";
import type { Quartiles } from "./statistics.ts";
import type { WriteBurst } from "./write-burst.ts";

export interface Report {
  /** Day of the run, ISO 8601. */
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  /** In the order in which a newcomer gives the commands. */
  readonly newcomer: readonly Wait[];
  /** A month's cost, by the number of accounts. */
  readonly cost: readonly { readonly accounts: number; readonly items: readonly CostItem[] }[];
  readonly writeBursts: readonly WriteBurst[];
}

/** Each figure a row for each side that it is compared with. */
export function figuresTable({ date, machine, rounds, figures }: Report): string {
  if (figures.length === 0) return "";
  return lines(
    `Measured on ${date}, ${machine}: medians of ${rounds} rounds (memory 5, Pulumi 9 at most), both sides`,
    "in turn. In brackets the quartiles of the ratio, round by round.",
    "",
    "| what | this program | against | takes | ratio | aim |",
    "| --- | ---: | --- | ---: | ---: | ---: |",
    ...figures.flatMap(rowsOf),
  );
}

export function newcomerTable({ date, machine, newcomer }: Report): string {
  if (newcomer.length === 0) return "";
  return lines(
    `Once each on ${date}, ${machine}, in a new checkout and with an empty npm cache.`,
    "",
    "| command | takes |",
    "| --- | ---: |",
    ...newcomer.map(({ command, seconds }) => `| \`${command}\` | ${duration(seconds)} |`),
  );
}

export function costTable({ cost }: Report): string {
  const [first] = cost;
  if (!first) return "";
  const columns = cost.map(({ accounts }) =>
    accounts === 1 ? "1 account" : `${accounts} accounts`,
  );
  return lines(
    `A month of 30 days in US dollars, list prices of ${PRICE_LIST.region}, ${PRICE_LIST.date}, without free tiers; a check is`,
    `billed as ${BILLED_SECONDS_A_CHECK} s. In brackets the quantity.`,
    "",
    `| item | ${columns.join(" | ")} |`,
    `| --- |${" ---: |".repeat(cost.length)}`,
    ...first.items.map(({ item }, index) => {
      const cells = cost.map(({ items }) => costCell(items[index]));
      return `| ${item} | ${cells.join(" | ")} |`;
    }),
    `| **sum** | ${cost.map(({ items }) => `**${sumOf(items).toFixed(2)}**`).join(" | ")} |`,
  );
}

export function writeBurstTable({ writeBursts }: Report): string {
  if (writeBursts.length === 0) return "";
  return lines(
    "| accounts due at once | writes a second | until the last token | renewals that failed first |",
    "| ---: | ---: | ---: | ---: |",
    ...writeBursts.map(
      ({ accounts, writesPerSecond, minutes, failures }) =>
        `| ${withCommas(accounts)} | ${writesPerSecond} | ${minutes.toFixed(0)} min | ${withCommas(failures)} |`,
    ),
  );
}

function rowsOf({ what, unit, measured, against }: Figure): string[] {
  const own = `| ${what} | ${amount(measured.median, unit)} |`;
  return against.map((other, index) => `${index === 0 ? own : "| | |"} ${comparison(other, unit)}`);
}

function comparison({ what, measured, ratio, aim }: Comparison, unit: Unit): string {
  const cells = [what, amount(measured.median, unit), ratioText(ratio), aimText(ratio, aim)];
  return `${cells.join(" | ")} |`;
}

function ratioText({ lower, median, upper }: Quartiles): string {
  // Against next to nothing, a ratio says nothing.
  if (median > 100) return "";
  return `${median.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
}

function aimText({ median }: Quartiles, aim: number | undefined): string {
  if (aim === undefined) return "";
  return `${aim}${median > aim ? ", missed" : ""}`;
}

function amount(value: number, unit: Unit): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
}

function costCell(item: CostItem | undefined): string {
  if (!item) return "";
  const { quantity, usd } = item;
  return `${usd.toFixed(2)} (${withCommas(Number(quantity.toPrecision(3)))})`;
}

function withCommas(value: number): string {
  return value.toLocaleString("en");
}

function lines(...parts: readonly string[]): string {
  return `${parts.join("\n")}\n`;
}
