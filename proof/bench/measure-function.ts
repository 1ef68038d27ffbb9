/** The function's load, first check, memory and size, side by side with alternatives. */
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { accountIdsOf } from "../account-ids.ts";
import { type BuiltSubject, type BuiltSubjects, buildSubjects } from "./built-subjects.ts";
import { type Figure, figureOf } from "./figure.ts";
import { runFunction } from "./function-run.ts";
import { StandIns } from "./stand-ins.ts";
import { takeTurns } from "./take-turns.ts";

const SDK_CLIENTS = { what: "the SDK clients alone, bundled the same way", aim: 1.2 };
const BARE_SDK = "the same calls by the SDK clients alone";

export async function measureFunction(rounds: number): Promise<Figure[]> {
  using subjects = await buildSubjects();
  return [
    ...(await measureLoad(subjects, rounds)),
    ...(await measureFirstCheck(subjects, rounds)),
    await measureMemory(subjects, rounds),
  ];
}

async function measureLoad(subjects: BuiltSubjects, rounds: number): Promise<Figure[]> {
  // The clients are made when the bundle is loaded, and need a Region.
  const environment = { AWS_REGION: "eu-north-1" };
  const load =
    (url: string, bytes = 0) =>
    async () => {
      const { loadMs } = await runFunction({ url, environment, checks: 0 });
      return { loadMs, kib: bytes / 1024 };
    };
  const taken = await takeTurns(
    {
      function: load(subjects.function.url, subjects.function.bytes),
      sdkClients: load(subjects.sdkClients.url, subjects.sdkClients.bytes),
      wholeSdkClients: load(subjects.wholeSdkClients.url),
      // Not bundled: it imports from this project's `node_modules`.
      nodeSample: load(new URL("./subjects/node-sample.mjs", import.meta.url).href),
    },
    rounds,
  );
  return [
    figureOf(
      { what: "loading the bundle in a fresh process", unit: "ms", quantity: "loadMs" },
      taken,
      {
        sdkClients: SDK_CLIENTS,
        wholeSdkClients: {
          what: "the same, with the credential providers that Lambda never uses",
        },
        nodeSample: { what: "Dintero's Node sample, unbundled", aim: 0.85 },
      },
    ),
    figureOf({ what: "the bundle, not compressed", unit: "KiB", quantity: "kib" }, taken, {
      sdkClients: SDK_CLIENTS,
    }),
  ];
}

async function measureFirstCheck(subjects: BuiltSubjects, rounds: number): Promise<Figure[]> {
  const accounts = accountIdsOf(1);
  await using standIns = await StandIns.start(accounts);
  const { environment } = standIns;
  const check =
    ({ url }: BuiltSubject) =>
    async () => {
      const event = { accounts, force: true };
      const run = await runFunction({ url, environment, event, checks: 1 });
      const { firstCheckMs = Number.NaN, firstCheckCpuMs = Number.NaN } = run;
      return { firstCheckMs, firstCheckCpuMs };
    };
  const taken = await takeTurns(
    { function: check(subjects.function), bareSdk: check(subjects.bareSdk) },
    rounds,
  );
  return [
    figureOf(
      { what: "load and first check, one renewal", unit: "ms", quantity: "firstCheckMs" },
      taken,
      { bareSdk: { what: BARE_SDK, aim: 1.2 } },
    ),
    figureOf(
      {
        what: "processor time of loading and first check",
        unit: "ms",
        quantity: "firstCheckCpuMs",
      },
      taken,
      {
        bareSdk: { what: BARE_SDK },
      },
    ),
  ];
}

const MEMORY_CHECKS = 50;
/** A round takes seconds, and the peaks of a process hardly differ. */
const MAX_MEMORY_ROUNDS = 5;

async function measureMemory(subjects: BuiltSubjects, rounds: number): Promise<Figure> {
  const accounts = accountIdsOf(MAX_ACCOUNTS);
  await using standIns = await StandIns.start(accounts);
  const { environment } = standIns;
  const peak =
    ({ url }: BuiltSubject) =>
    async () => {
      const event = { accounts, force: true };
      const { peakMiB } = await runFunction({ url, environment, event, checks: MEMORY_CHECKS });
      return { peakMiB };
    };
  const taken = await takeTurns(
    { function: peak(subjects.function), bareSdk: peak(subjects.bareSdk) },
    Math.min(rounds, MAX_MEMORY_ROUNDS),
  );
  const what = `peak memory of ${MEMORY_CHECKS} checks that renew all, ${MAX_ACCOUNTS} accounts`;
  return figureOf({ what, unit: "MiB", quantity: "peakMiB" }, taken, {
    bareSdk: { what: BARE_SDK },
  });
}
