/** `npm run bench`: measures speed, size and cost, and reports them. */
import { readFile, writeFile } from "node:fs/promises";
import { constants, cpus } from "node:os";
import { join } from "node:path";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { endOnOutputError } from "../output-errors.ts";
import { type Part, readBenchOptions } from "./bench-options.ts";
import { monthlyCost } from "./cost.ts";
import { measureBudget } from "./measure-budget.ts";
import { measureFunction } from "./measure-function.ts";
import { measurePulumi } from "./measure-pulumi.ts";
import { measureUsage } from "./measure-usage.ts";
import { withTables } from "./performance-page.ts";
import { costTable, figuresTable, type Report } from "./performance-tables.ts";

const DOCUMENTS = join(import.meta.dirname, "..", "..", "docs");
const PERFORMANCE_PATH = join(DOCUMENTS, "building", "performance.md");
const COST_PATH = join(DOCUMENTS, "cost-and-limits.md");
const RECORD_PATH = join(import.meta.dirname, "recorded.json");

endOnOutputError((status) => process.exit(status));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}
const { record, only, rounds, json, write } = readBenchOptions(process.argv, process.env);
if (record) {
  await writeFile(RECORD_PATH, toJson(await measureBudget()));
} else {
  const report = await measure();
  const [figures, cost] = [figuresTable(report), costTable(report)];
  process.stdout.write(json ? toJson(report) : [figures, cost].filter(Boolean).join("\n"));
  if (write) {
    await writeTables(PERFORMANCE_PATH, { figures });
    await writeTables(COST_PATH, { cost });
  }
}

async function writeTables(path: string, tables: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(path, withTables(await readFile(path, "utf8"), tables));
}

async function measure(): Promise<Report> {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    rounds,
    figures: [
      ...(wants("function") ? await measureFunction(rounds) : []),
      ...(wants("pulumi") ? await measurePulumi(rounds) : []),
    ],
    cost: wants("cost") ? [await costOf(1), await costOf(MAX_ACCOUNTS)] : [],
  };
}

function wants(part: Part): boolean {
  if (only !== undefined && only !== part) return false;
  // A line and no spinner, which would take turns with what is measured.
  process.stderr.write(`measuring: ${part}\n`);
  return true;
}

async function costOf(accounts: number): Promise<Report["cost"][number]> {
  return { accounts, items: monthlyCost(await measureUsage(accounts)) };
}

/** Enough to compare with, without identifying the machine. */
function machine(): string {
  const cores = cpus();
  return `${cores[0]?.model ?? "unknown processor"}, ${cores.length} cores, Node ${process.versions.node}`;
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
