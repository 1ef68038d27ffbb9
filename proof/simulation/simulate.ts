/** `npm run simulate`: runs the experiments and reports their figures. */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import pMap from "p-map";
import { wrapped } from "../../ops/wrapped-text.ts";
import { errorText } from "../local/error-text.ts";
import { endOnOutputError } from "../output-errors.ts";
import { runExperiment } from "./experiments.ts";
import { pictureOf } from "./picture.ts";
import { pictureRuns } from "./picture-runs.ts";
import { DEFAULTS, readSimulateOptions, type SimulateOptions } from "./simulate-options.ts";
import { type Figures, figuresOf } from "./simulation-figures.ts";
import { simulationReport } from "./simulation-report.ts";

const PICTURE_PATH = join(import.meta.dirname, "..", "..", "docs", "outage.svg");
const DEFAULT_COMMAND = "npm run simulate";
const DAYS_OF_A_MONTH = 30;

endOnOutputError((status) => process.exit(status));
process.stdout.write(await run(readSimulateOptions(process.argv, process.env)));

async function run(options: SimulateOptions): Promise<string> {
  const { seed, lifetime, json } = options;
  const command = commandOf(options);
  // The documents show the default command and its chart.
  const picture = options.picture ?? (command === DEFAULT_COMMAND ? PICTURE_PATH : undefined);
  if (picture !== undefined) await writePicture(picture, seed);
  if (process.stderr.isTTY) process.stderr.write("Simulating. The default takes about 20 s.\n");
  const [writeBursts, ...figures] = await Promise.all([
    runExperiment("writeBursts", { seed }),
    ...lifetime.map((lifetimeHours) => measure(lifetimeHours, options)),
  ]);
  return json
    ? toJson({ command, seed, lifetimes: figures, writeBursts })
    : simulationReport(figures, writeBursts, command);
}

/** Before all that takes long, so that a path where nothing can be written is reported at once. */
async function writePicture(path: string, seed: number): Promise<void> {
  try {
    await writeFile(path, pictureOf(await pictureRuns({ seed })));
  } catch (error) {
    process.stderr.write(`${wrapped(`The picture could not be written: ${errorText(error)}`)}\n`);
    process.exit(1);
  }
}

async function measure(
  lifetimeHours: number,
  { seed, days, accounts }: SimulateOptions,
): Promise<Figures> {
  const common = { seed, lifetimeSeconds: lifetimeHours * 3600 };
  const [longestOutages, firstAlarms, firstTokens, handEdits, messages, months] = await Promise.all(
    [
      runExperiment("longestOutages", common),
      runExperiment("firstAlarms", common),
      runExperiment("firstTokens", common),
      runExperiment("handEdits", common),
      runExperiment("messageCounts", common),
      pMap(
        monthsOf(days),
        (days, index) =>
          runExperiment("healthyMonths", { ...common, seed: seed + index, accounts, days }),
        { concurrency: availableParallelism() },
      ),
    ],
  );
  return figuresOf({
    lifetimeHours,
    accounts,
    days,
    longestOutages,
    firstAlarms,
    firstTokens,
    handEdits,
    messages,
    months,
  });
}

/** Parts that can run side by side, the last one shorter. */
function monthsOf(days: number): number[] {
  return Array.from({ length: Math.ceil(days / DAYS_OF_A_MONTH) }, (_, index) =>
    Math.min(DAYS_OF_A_MONTH, days - index * DAYS_OF_A_MONTH),
  );
}

/** Without the options that have their default value. */
function commandOf({ seed, days, accounts, lifetime }: SimulateOptions): string {
  const given = [
    seed === DEFAULTS.seed ? "" : ` --seed ${seed}`,
    days === DEFAULTS.days ? "" : ` --days ${days}`,
    accounts === DEFAULTS.accounts ? "" : ` --accounts ${accounts}`,
    lifetime === DEFAULTS.lifetime ? "" : ` --lifetime ${lifetime[0]}h`,
  ].join("");
  return given === "" ? DEFAULT_COMMAND : `${DEFAULT_COMMAND} --${given}`;
}

function toJson(report: object): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
