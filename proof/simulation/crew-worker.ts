/** One thread of a `Crew`: runs the experiments it is sent, one at a time. */
import { parentPort } from "node:worker_threads";
import { EXPERIMENTS, type ExperimentName } from "./experiments.ts";

interface Order {
  readonly name: ExperimentName;
  // Name and options fit each other, since `Crew` sends them; no type can say so for all at once.
  readonly options: never;
}

parentPort?.on("message", ({ name, options }: Order) => {
  // A rejection ends this thread, and `Crew` hands it on.
  void EXPERIMENTS[name](options).then((result) => parentPort?.postMessage(result));
});
