/** `npm run simulate`: runs the experiments, or a scenario, and reports what they gave. */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Crew } from "./crew.ts";
import { pictureOf } from "./picture.ts";
import { pictureRuns } from "./picture-runs.ts";
import { Progress } from "./progress.ts";
import { type Figures, figuresOf } from "./report.ts";
import { reportText, type ScenarioReport, scenarioText } from "./report-text.ts";
import { readScenario, type Scenario } from "./scenario-file.ts";
import { DEFAULTS } from "./simulate-limits.ts";
import { readSimulateOptions, type SimulateOptions } from "./simulate-options.ts";

const PICTURE_PATH = join(import.meta.dirname, "..", "..", "docs", "outage.svg");
const DAYS_OF_A_MONTH = 30;

const options = readSimulateOptions(process.argv);
try {
  process.stdout.write(await run(options));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function run(options: SimulateOptions): Promise<string> {
  const { seed, scenario: path, json } = options;
  const scenario = path === undefined ? undefined : await openScenario(path, options.days);
  await using crew = new Crew(availableParallelism());
  if (scenario) {
    const scenarios = await playAll(crew, scenario, options);
    const command = commandOf(options);
    return json ? toJson({ command, seed, scenarios }) : scenarioText(scenarios, command);
  }
  const lifetimes = await measureAll(crew, options);
  await drawPicture(options);
  const command = commandOf(options);
  return json ? toJson({ command, seed, lifetimes }) : reportText(lifetimes, command);
}

async function openScenario(path: string, days: number | undefined): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new Error(`${path} cannot be read${code}.`, { cause: error });
  }
  return readScenario(text, path, days);
}

/** What the command line says goes before what the file says. */
function playAll(
  crew: Crew,
  scenario: Scenario,
  options: SimulateOptions,
): Promise<ScenarioReport[]> {
  const days = options.days ?? scenario.days ?? DEFAULTS.scenarioDays;
  const accounts = options.accounts ?? scenario.accounts ?? DEFAULTS.scenarioAccounts;
  return Promise.all(
    lifetimesOf(options.lifetime ?? scenario.lifetime).map(async (lifetimeHours) => {
      const outcome = await crew.run("playScenario", {
        seed: options.seed,
        accounts,
        days,
        lifetimeSeconds: lifetimeHours * 3600,
        incidents: scenario.incidents,
      });
      return { lifetimeHours, accounts, days, outcome };
    }),
  );
}

function measureAll(crew: Crew, options: SimulateOptions): Promise<Figures[]> {
  const { seed, days = DEFAULTS.days, accounts = DEFAULTS.accounts } = options;
  const progress = new Progress();
  const track = <T>(result: Promise<T>): Promise<T> => progress.track(result);
  return Promise.all(
    lifetimesOf(options.lifetime).map(async (lifetimeHours) => {
      const common = { seed, lifetimeSeconds: lifetimeHours * 3600 };
      const [longestOutages, firstAlarms, firstTokens, handEdits, ...months] = await Promise.all([
        track(crew.run("longestOutages", common)),
        track(crew.run("firstAlarms", common)),
        track(crew.run("firstTokens", common)),
        track(crew.run("handEdits", common)),
        ...monthsOf(days).map((days, index) =>
          track(crew.run("healthyMonths", { ...common, seed: seed + index, accounts, days })),
        ),
      ]);
      return figuresOf({
        lifetimeHours,
        accounts,
        days,
        longestOutages,
        firstAlarms,
        firstTokens,
        handEdits,
        months,
      });
    }),
  );
}

function lifetimesOf(hours: number | undefined): readonly number[] {
  return hours === undefined ? DEFAULTS.lifetimes : [hours];
}

/** Parts that can be run side by side, the last one shorter. */
function monthsOf(days: number): number[] {
  return Array.from({ length: Math.ceil(days / DAYS_OF_A_MONTH) }, (_, index) =>
    Math.min(DAYS_OF_A_MONTH, days - index * DAYS_OF_A_MONTH),
  );
}

/** The picture of the documents is the one of the default options. */
async function drawPicture({ picture, ...options }: SimulateOptions): Promise<void> {
  const { seed, days, accounts, lifetime } = options;
  const isDefault = [days, accounts, lifetime].every((option) => option === undefined);
  const path = picture ?? (isDefault && seed === DEFAULTS.seed ? PICTURE_PATH : undefined);
  if (path !== undefined) await writeFile(path, pictureOf(await pictureRuns({ seed })));
}

/** As it can be run again; what has its default value is left out. */
function commandOf({ seed, days, accounts, lifetime, scenario }: SimulateOptions): string {
  const given = [
    seed === DEFAULTS.seed ? "" : ` --seed ${seed}`,
    days === undefined ? "" : ` --days ${days}`,
    accounts === undefined ? "" : ` --accounts ${accounts}`,
    lifetime === undefined ? "" : ` --lifetime ${lifetime}h`,
    scenario === undefined ? "" : ` --scenario ${scenario}`,
  ].join("");
  return `npm run simulate${given === "" ? "" : ` --${given}`}`;
}

function toJson(report: object): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
