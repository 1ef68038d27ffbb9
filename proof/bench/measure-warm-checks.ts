/** Checks by a process that has the function loaded already, as most are. */
import { accountIdsOf } from "../account-ids.ts";
import type { BuiltSubject, BuiltSubjects } from "./built-subjects.ts";
import { type Figure, figureOf } from "./figure.ts";
import { StandIns } from "./stand-ins.ts";
import { takeTurns } from "./take-turns.ts";
import { WarmProcess } from "./warm-process.ts";

const AGAINST = {
  bareSdk: { what: "the same calls by the SDK clients alone", aim: 1.3 },
  bareHttp: { what: "the same calls by `node:https`, signed beforehand" },
};
/** In a row, before it is the other side's turn. */
const CHECKS_A_TURN = 10;
/** Until what the checks run through is compiled. */
const WARM_UP_CHECKS = 60;

/** @throws when a check fails. */
export async function measureWarmChecks(
  subjects: BuiltSubjects,
  rounds: number,
): Promise<Figure[]> {
  const renewOne = { accounts: accountIdsOf(1), force: true };
  return [
    ...(await measure("a warm check, nothing due, 1 account", subjects, rounds, 1, {})),
    ...(await measure("a warm check, nothing due, 20 accounts", subjects, rounds, 20, {})),
    ...(await measure("a warm check that renews one account", subjects, rounds, 1, renewOne)),
  ];
}

async function measure(
  what: string,
  subjects: BuiltSubjects,
  rounds: number,
  accounts: number,
  event: object,
): Promise<Figure[]> {
  const accountIds = accountIdsOf(accounts);
  await using stack = new AsyncDisposableStack();
  const { environment } = stack.use(await StandIns.start(accountIds));
  const start = async ({ url }: BuiltSubject) => {
    const process = stack.use(await WarmProcess.start(url, environment));
    // Of the function, so that nothing is due afterwards.
    await process.makeChecks({ accounts: accountIds, force: true }, 1);
    return process;
  };
  const bareSdk = await start(subjects.bareSdk);
  const bareHttp = await start(subjects.bareHttp);
  const own = await start(subjects.function);
  for (const process of [own, bareSdk, bareHttp]) await process.makeChecks(event, WARM_UP_CHECKS);
  const taken = await takeTurns(
    {
      function: () => own.makeChecks(event, CHECKS_A_TURN),
      bareSdk: () => bareSdk.makeChecks(event, CHECKS_A_TURN),
      bareHttp: () => bareHttp.makeChecks(event, CHECKS_A_TURN),
    },
    rounds,
  );
  return [
    figureOf({ what, unit: "ms", quantity: "checkMs" }, taken, "function", AGAINST),
    figureOf(
      { what: "processor time of it", unit: "ms", quantity: "checkCpuMs" },
      taken,
      "function",
      {
        bareSdk: { what: AGAINST.bareSdk.what },
      },
    ),
  ];
}
