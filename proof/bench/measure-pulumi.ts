/** Loading the Pulumi program and registering what it makes, under Pulumi's own runtime. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Figure, figureOf } from "./figure.ts";
import { runOwnProgram } from "./own-program.ts";
import { type Sample, takeTurns } from "./take-turns.ts";

/** A round takes half a minute. */
const MAX_ROUNDS = 9;

export async function measurePulumi(rounds: number): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const nodePath = await nodeWithDefaultLoader(directory);
    const taken = await takeTurns(
      {
        one: () => timeOf(1),
        twenty: () => timeOf(20),
        empty: () => timeOf(1, { main: "proof/bench/subjects/empty-program" }),
        emptyCached: () => timeOf(1, { main: "proof/bench/subjects/empty-program-cached" }),
        oneByDefault: () => timeOf(1, { nodePath }),
        twentyByDefault: () => timeOf(20, { nodePath }),
      },
      Math.min(rounds, MAX_ROUNDS),
    );
    const empty = { what: "an empty program that imports the same SDK" };
    const emptyCached = { what: "the same, with Node's compile cache as in this program" };
    const byDefault = { what: "the same program under Pulumi's default loader", aim: 1 };
    const programOf = (accounts: string) =>
      ({
        what: `the Pulumi program from start to end, ${accounts}`,
        unit: "ms",
        quantity: "programMs",
      }) as const;
    return [
      figureOf(programOf("1 account"), taken, "one", {
        empty: { ...empty, aim: 1.3 },
        emptyCached,
        oneByDefault: byDefault,
      }),
      figureOf(programOf("20 accounts"), taken, "twenty", {
        empty: { ...empty, aim: 1.5 },
        emptyCached,
        twentyByDefault: byDefault,
      }),
    ];
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function timeOf(...program: Parameters<typeof runOwnProgram>): Promise<Sample> {
  const startedAtMs = performance.now();
  await runOwnProgram(...program);
  return { programMs: performance.now() - startedAtMs };
}

/** A Node that is told what the CLI tells it where `Pulumi.yaml` does not say `typescript: false`. */
async function nodeWithDefaultLoader(directory: string): Promise<string> {
  const path = join(directory, "node");
  await writeFile(
    path,
    `#!/bin/sh\nPULUMI_NODEJS_TYPESCRIPT=true exec "${process.execPath}" "$@"\n`,
  );
  await chmod(path, 0o755);
  return path;
}
