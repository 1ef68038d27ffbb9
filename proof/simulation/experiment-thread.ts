/** A thread that runs one experiment and sends its result. */
import { parentPort, workerData } from "node:worker_threads";
import { EXPERIMENTS, type ExperimentName } from "./experiments.ts";

interface Order {
  readonly name: ExperimentName;
  // `runExperiment` checks that name and options belong together. No type can say so for all names.
  readonly options: never;
}

const { name, options }: Order = workerData;
parentPort?.postMessage(await EXPERIMENTS[name](options));
