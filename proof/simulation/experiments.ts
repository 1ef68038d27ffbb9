/**
 * What is measured, by name. Each experiment runs in a thread of its own. Its result depends on its
 * options alone, so the order in which threads end changes no report.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { firstTokens, handEdits, healthyMonths } from "./everyday-experiments.ts";
import { messageCounts } from "./message-experiments.ts";
import { firstAlarms, longestOutages } from "./outage-experiments.ts";
import { writeBursts } from "./write-bursts.ts";

export const EXPERIMENTS = {
  longestOutages,
  firstAlarms,
  firstTokens,
  handEdits,
  healthyMonths,
  messageCounts,
  writeBursts,
};

type Experiments = typeof EXPERIMENTS;
export type ExperimentName = keyof Experiments;

const THREAD_URL = new URL("./experiment-thread.ts", import.meta.url);

/** @throws what the experiment throws. */
export async function runExperiment<Name extends ExperimentName>(
  name: Name,
  options: Parameters<Experiments[Name]>[0],
): Promise<Awaited<ReturnType<Experiments[Name]>>> {
  const [result] = await once(new Worker(THREAD_URL, { workerData: { name, options } }), "message");
  return result;
}
