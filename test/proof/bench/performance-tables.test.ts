import { describe, expect, test } from "@jest/globals";
import { withTables } from "../../../proof/bench/performance-page.ts";
import { costTable, figuresTable, type Report } from "../../../proof/bench/performance-tables.ts";

const REPORT: Report = {
  date: "2026-11-24",
  machine: "a processor, 2 cores, Node 24.21.0",
  rounds: 15,
  figures: [
    {
      what: "loading",
      unit: "ms",
      median: 120,
      against: [
        {
          what: "the clients",
          median: 99.96,
          ratio: { lower: 1.1, median: 1.2, upper: 1.3 },
          aim: 1.2,
        },
        {
          what: "the sample",
          median: 100,
          ratio: { lower: 1.2, median: 1.2, upper: 1.2 },
          aim: 0.85,
        },
      ],
    },
  ],
  cost: [
    { accounts: 1, items: [{ item: "secrets", quantity: 1, usd: 0.4 }] },
    { accounts: 20, items: [{ item: "secrets", quantity: 20, usd: 8 }] },
  ],
};

test("A figure has a row for each side and marks an aim that is missed", () => {
  expect(rowsOf(figuresTable(REPORT))).toEqual([
    "| what | this program | against | takes | ratio | aim |",
    "| --- | ---: | --- | ---: | ---: | ---: |",
    "| loading | 120 ms | the clients | 100.0 ms | 1.20 (1.10 to 1.30) | 1.2 |",
    "| | | the sample | 100 ms | 1.20 (1.20 to 1.20) | 0.85, missed |",
  ]);
});

test("The cost has a column for each number of accounts, and their sums", () => {
  expect(rowsOf(costTable(REPORT))).toEqual([
    "| item | 1 account | 20 accounts |",
    "| --- | ---: | ---: |",
    "| secrets | 0.40 (1) | 8.00 (20) |",
    "| **sum** | **0.40** | **8.00** |",
  ]);
});

test("What was not measured has no table", () => {
  const report = { ...REPORT, figures: [], cost: [] };
  expect([figuresTable(report), costTable(report)]).toEqual(["", ""]);
});

describe("The page", () => {
  test("gets new tables between its comments, and keeps the rest", () => {
    const page = "before\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\n";
    expect(withTables(page, { a: "| 1 |\n", b: "" })).toBe(
      "before\n<!-- a -->\n| 1 |\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\n",
    );
  });

  test("is refused if it lacks a comment", () => {
    expect(() => withTables("<!-- a -->\n", { a: "| 1 |\n" })).toThrow("<!-- /a -->");
  });
});

function rowsOf(table: string): string[] {
  return table.split("\n").filter((line) => line.startsWith("|"));
}
