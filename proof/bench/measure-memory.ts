/** How much memory the function takes in the long run, which decides what it is given. */
import { accountIdsOf } from "../account-ids.ts";
import type { BuiltSubject, BuiltSubjects } from "./built-subjects.ts";
import { type Figure, figureOf } from "./figure.ts";
import { StandIns } from "./stand-ins.ts";
import { takeTurns } from "./take-turns.ts";
import { WarmProcess } from "./warm-process.ts";

const CHECKS = 50;
/** A round takes seconds, and the peaks of a process hardly differ. */
const MAX_ROUNDS = 5;

export async function measureMemory(subjects: BuiltSubjects, rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const accounts of [1, 20]) figures.push(await measure(accounts, subjects, rounds));
  return figures;
}

async function measure(accounts: number, subjects: BuiltSubjects, rounds: number): Promise<Figure> {
  const accountIds = accountIdsOf(accounts);
  await using standIns = await StandIns.start(accountIds);
  const peak = (subject: BuiltSubject) => async () => {
    await using process = await WarmProcess.start(subject.url, standIns.environment);
    return await process.makeChecks({ accounts: accountIds, force: true }, CHECKS);
  };
  const taken = await takeTurns(
    { function: peak(subjects.function), bareSdk: peak(subjects.bareSdk) },
    Math.min(rounds, MAX_ROUNDS),
  );
  const what = `peak memory of ${CHECKS} checks that renew all, ${accounts} ${accounts === 1 ? "account" : "accounts"}`;
  return figureOf({ what, unit: "MiB", quantity: "peakMiB" }, taken, "function", {
    bareSdk: { what: "the same calls by the SDK clients alone" },
  });
}
