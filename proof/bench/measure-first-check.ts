/** Loading the bundle and making the first check, which renews one account, in a fresh process. */
import { accountIdsOf } from "../account-ids.ts";
import type { BuiltSubject, BuiltSubjects } from "./built-subjects.ts";
import { type Figure, figureOf } from "./figure.ts";
import { runFresh } from "./fresh-process.ts";
import { StandIns } from "./stand-ins.ts";
import { takeTurns } from "./take-turns.ts";

export async function measureFirstCheck(
  subjects: BuiltSubjects,
  rounds: number,
): Promise<Figure[]> {
  const accounts = accountIdsOf(1);
  await using standIns = await StandIns.start(accounts);
  const { environment } = standIns;
  const event = { accounts, force: true };
  const run =
    ({ url }: BuiltSubject) =>
    () =>
      runFresh({ url, environment, event });
  const taken = await takeTurns(
    {
      function: run(subjects.function),
      bareSdk: run(subjects.bareSdk),
      bareHttp: run(subjects.bareHttp),
    },
    rounds,
  );
  const bareSdk = "the same calls by the SDK clients alone";
  return [
    figureOf(
      { what: "load and first check, one renewal", unit: "ms", quantity: "loadAndCheckMs" },
      taken,
      "function",
      {
        bareSdk: { what: bareSdk, aim: 1.2 },
        bareHttp: { what: "the same calls by `node:https`, signed at the first use" },
      },
    ),
    figureOf(
      { what: "processor time of both", unit: "ms", quantity: "loadAndCheckCpuMs" },
      taken,
      "function",
      { bareSdk: { what: bareSdk } },
    ),
  ];
}
