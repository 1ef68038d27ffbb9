/** The tables of the documents about performance and cost, pure. */
import type { Quartiles } from "../quartiles.ts";
import { BILLED_SECONDS_A_CHECK, type CostItem, PRICE_LIST, sumOf } from "./cost.ts";
import type { Comparison, Figure, Unit } from "./figure.ts";

export interface Report {
  /** Day of the run, ISO 8601. */
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  /** A month's cost, by the number of accounts. */
  readonly cost: readonly { readonly accounts: number; readonly items: readonly CostItem[] }[];
}

/** A row for each side that a figure is compared with; empty if nothing was measured. */
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

function rowsOf({ what, unit, median, against }: Figure): string[] {
  const own = `| ${what} | ${amount(median, unit)} |`;
  return against.map((other, index) => `${index === 0 ? own : "| | |"} ${comparison(other, unit)}`);
}

function comparison({ what, median, ratio, aim }: Comparison, unit: Unit): string {
  const cells = [what, amount(median, unit), ratioText(ratio), aimText(ratio, aim)];
  return `${cells.join(" | ")} |`;
}

function ratioText({ lower, median, upper }: Quartiles): string {
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
