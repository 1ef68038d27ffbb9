/** `npm run bench`: measures speed, size and cost, and reports them. */
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { type BenchOptions, type Part, readBenchOptions } from "./bench-options.ts";
import { BuiltSubjects } from "./built-subjects.ts";
import { monthlyCost } from "./cost.ts";
import type { Figure } from "./figure.ts";
import { measureBudget } from "./measure-budget.ts";
import { measureFirstCheck } from "./measure-first-check.ts";
import { measureLoad } from "./measure-load.ts";
import { measureMemory } from "./measure-memory.ts";
import { measureNewcomer } from "./measure-newcomer.ts";
import { measurePulumi } from "./measure-pulumi.ts";
import { measureUsage } from "./measure-usage.ts";
import { measureWarmChecks } from "./measure-warm-checks.ts";
import { withTables } from "./performance-page.ts";
import { costTable, figuresTable, newcomerTable, type Report, writeBurstTable } from "./report.ts";
import { medianBurst, type WriteBurst } from "./write-burst.ts";

const PAGE_PATH = join(import.meta.dirname, "..", "..", "docs", "performance.md");
const RECORD_PATH = join(import.meta.dirname, "recorded.json");

const options = readBenchOptions(process.argv);
if (options.record) {
  await writeFile(RECORD_PATH, toJson(await measureBudget()));
} else {
  const report = await measure(options);
  const tables = {
    figures: figuresTable(report),
    newcomer: newcomerTable(report),
    cost: costTable(report),
    "write-bursts": writeBurstTable(report),
  };
  process.stdout.write(
    options.json ? toJson(report) : Object.values(tables).filter(Boolean).join("\n"),
  );
  if (options.write) {
    await writeFile(PAGE_PATH, withTables(await readFile(PAGE_PATH, "utf8"), tables));
  }
}

async function measure({ only, rounds, newcomer }: BenchOptions): Promise<Report> {
  const wants = (part: Part) => {
    if (newcomer || (only !== undefined && only !== part)) return false;
    // A line and no spinner, which would take turns with what is measured.
    process.stderr.write(`measuring: ${part}\n`);
    return true;
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    rounds,
    figures: newcomer ? [] : await measureFigures(wants, rounds),
    newcomer: newcomer ? await measureNewcomer() : [],
    cost: wants("cost") ? await measureCost([1, MAX_ACCOUNTS]) : [],
    writeBursts: wants("write-burst") ? await Promise.all(writeBursts()) : [],
  };
}

async function measureFigures(wants: (part: Part) => boolean, rounds: number): Promise<Figure[]> {
  await using subjects = await BuiltSubjects.build();
  return [
    ...(wants("load") ? await measureLoad(subjects, rounds) : []),
    ...(wants("first-check") ? await measureFirstCheck(subjects, rounds) : []),
    ...(wants("warm-checks") ? await measureWarmChecks(subjects, rounds) : []),
    ...(wants("memory") ? await measureMemory(subjects, rounds) : []),
    ...(wants("pulumi") ? await measurePulumi(rounds) : []),
  ];
}

async function measureCost(counts: readonly number[]): Promise<Report["cost"]> {
  const cost: Report["cost"][number][] = [];
  for (const accounts of counts) {
    cost.push({ accounts, items: monthlyCost(await measureUsage(accounts)) });
  }
  return cost;
}

/** By the rates that AWS grants: see docs/performance.md. */
function writeBursts(): Promise<WriteBurst>[] {
  return [MAX_ACCOUNTS, 200, 2000].flatMap((accounts) =>
    [3, 10].map((writesPerSecond) => medianBurst(accounts, writesPerSecond)),
  );
}

/** Enough to compare with, and nothing that tells which machine it is. */
function machine(): string {
  const cores = cpus();
  return `${cores[0]?.model ?? "unknown processor"}, ${cores.length} cores, Node ${process.versions.node}`;
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
