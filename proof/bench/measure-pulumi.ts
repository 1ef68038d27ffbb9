/** Loading the Pulumi program and registering its resources, under Pulumi's own runtime. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { type Figure, figureOf } from "./figure.ts";
import { runOwnProgram } from "./own-program.ts";
import { type Sample, takeTurns } from "./take-turns.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A round takes seconds. */
const MAX_ROUNDS = 9;

export async function measurePulumi(rounds: number): Promise<Figure[]> {
  using folder = temporaryFolder();
  const nodePath = await nodeWithDefaultLoader(folder.path);
  const taken = await takeTurns(
    {
      function: () => timeOf({}),
      empty: () => timeOf({ main: "proof/bench/subjects/empty-program.mjs" }),
      defaultLoader: () => timeOf({ nodePath }),
    },
    Math.min(rounds, MAX_ROUNDS),
  );
  const what = `the Pulumi program from start to end, ${MAX_ACCOUNTS} accounts`;
  return [
    figureOf({ what, unit: "ms", quantity: "programMs" }, taken, {
      empty: { what: "an empty program that imports the same SDK", aim: 1.5 },
      defaultLoader: { what: "the same program under Pulumi's default loader", aim: 1 },
    }),
  ];
}

async function timeOf(changed: Parameters<typeof runOwnProgram>[1]): Promise<Sample> {
  const startedAtMs = performance.now();
  await runOwnProgram(MAX_ACCOUNTS, changed);
  return { programMs: performance.now() - startedAtMs };
}

/** A Node with the variable that the CLI sets unless `Pulumi.yaml` says `typescript: false`. */
async function nodeWithDefaultLoader(directory: string): Promise<string> {
  const path = join(directory, "node");
  await writeFile(
    path,
    `#!/bin/sh\nPULUMI_NODEJS_TYPESCRIPT=true exec "${process.execPath}" "$@"\n`,
  );
  await chmod(path, 0o755);
  return path;
}
