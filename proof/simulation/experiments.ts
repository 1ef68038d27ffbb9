/** What is measured, by name. Run by the crew's workers, and by tests. */
import { firstTokens, handEdits, healthyMonths } from "./everyday-experiments.ts";
import { firstAlarms, longestOutages } from "./outage-experiments.ts";
import { playScenario } from "./scenario-run.ts";

export const EXPERIMENTS = {
  longestOutages,
  firstAlarms,
  firstTokens,
  handEdits,
  healthyMonths,
  playScenario,
};

type Experiments = typeof EXPERIMENTS;
export type ExperimentName = keyof Experiments;
export type ExperimentOptions<Name extends ExperimentName> = Parameters<Experiments[Name]>[0];
export type ExperimentResult<Name extends ExperimentName> = Awaited<ReturnType<Experiments[Name]>>;
