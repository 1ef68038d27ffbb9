import { describe, expect, test } from "@jest/globals";
import { withTables } from "../../../proof/bench/performance-page.ts";
import {
  costTable,
  figuresTable,
  newcomerTable,
  type Report,
  writeBurstTable,
} from "../../../proof/bench/report.ts";

const once = (value: number) => ({ lower: value, median: value, upper: value });

const REPORT: Report = {
  date: "2026-11-24",
  machine: "a processor, 2 cores, Node 24.21.0",
  rounds: 15,
  figures: [
    {
      what: "loading",
      unit: "ms",
      measured: once(120),
      against: [
        { what: "nothing", measured: once(0.5), ratio: once(240) },
        {
          what: "the clients",
          measured: once(99.96),
          ratio: { lower: 1.1, median: 1.2, upper: 1.3 },
          aim: 1.2,
        },
        { what: "the sample", measured: once(100), ratio: once(1.2), aim: 0.85 },
      ],
    },
  ],
  newcomer: [
    { command: "npm ci", seconds: 59.4 },
    { command: "npm test", seconds: 119.6 },
  ],
  cost: [
    { accounts: 1, items: [{ item: "secrets", quantity: 1, usd: 0.4 }] },
    { accounts: 20, items: [{ item: "secrets", quantity: 20, usd: 8 }] },
  ],
  writeBursts: [{ accounts: 2000, writesPerSecond: 3, minutes: 46.2, failures: 7079 }],
};

test("a figure has a row for each side, and a missed aim is said", () => {
  expect(rowsOf(figuresTable(REPORT))).toEqual([
    "| what | this program | against | takes | ratio | aim |",
    "| --- | ---: | --- | ---: | ---: | ---: |",
    "| loading | 120 ms | nothing | 0.50 ms |  |  |",
    "| | | the clients | 100.0 ms | 1.20 (1.10 to 1.30) | 1.2 |",
    "| | | the sample | 100 ms | 1.20 (1.20 to 1.20) | 0.85, missed |",
  ]);
});

test("what a newcomer waits is told in minutes and seconds", () => {
  expect(rowsOf(newcomerTable(REPORT)).slice(2)).toEqual([
    "| `npm ci` | 59 s |",
    "| `npm test` | 2 min 0 s |",
  ]);
});

test("the cost has a column for each number of accounts, and their sums", () => {
  expect(rowsOf(costTable(REPORT))).toEqual([
    "| item | 1 account | 20 accounts |",
    "| --- | ---: | ---: |",
    "| secrets | 0.40 (1) | 8.00 (20) |",
    "| **sum** | **0.40** | **8.00** |",
  ]);
});

test("a burst of writes has a row for each number of accounts and rate", () => {
  expect(rowsOf(writeBurstTable(REPORT)).slice(2)).toEqual(["| 2,000 | 3 | 46 min | 7,079 |"]);
});

test("what was not measured has no table", () => {
  const report = { ...REPORT, figures: [], newcomer: [], cost: [], writeBursts: [] };
  const tables = [figuresTable, newcomerTable, costTable, writeBurstTable];
  expect(tables.map((table) => table(report))).toEqual(["", "", "", ""]);
});

describe("withTables", () => {
  test("replaces what stands between the comments, and nothing else", () => {
    const page = "before\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\n<!-- /b -->\nafter\n";
    expect(withTables(page, { a: "| 1 |\n", b: "| 2 |\n" })).toBe(
      "before\n<!-- a -->\n| 1 |\n<!-- /a -->\nbetween\n<!-- b -->\n| 2 |\n<!-- /b -->\nafter\n",
    );
  });

  test("leaves a table that was not measured as it is", () => {
    const page = "<!-- a -->\nold\n<!-- /a -->\n";
    expect(withTables(page, { a: "" })).toBe(page);
  });

  test("tells which comment is missing", () => {
    expect(() => withTables("<!-- a -->\n", { a: "| 1 |\n" })).toThrow('has no "<!-- /a -->"');
  });
});

function rowsOf(table: string): string[] {
  return table.split("\n").filter((line) => line.startsWith("|"));
}
