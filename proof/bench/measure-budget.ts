/** Measures what `budget` compares. Called by the test that guards it, and by `--record`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleLambda } from "../../infra/bundle.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { accountIdsOf } from "../account-ids.ts";
import type { Budget } from "./budget.ts";
import { CountedStack } from "./counted-stack.ts";
import { loadedModules } from "./loaded-modules.ts";
import { StandIns } from "./stand-ins.ts";

export async function measureBudget(): Promise<Budget> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const bundle = await bundleLambda();
    const path = join(directory, "index.mjs");
    await writeFile(path, bundle);
    const modules = await modulesOfRenewal();
    return {
      bundleBytes: bundle.byteLength,
      modulesAtStart: modules.atStart,
      modulesByFirstCheck: modules.byFirstCheck,
      callsPerCheck: {
        ...(await callsPerCheck(pathToFileURL(path).href, 1)),
        ...(await callsPerCheck(pathToFileURL(path).href, 20)),
      },
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function modulesOfRenewal() {
  const accounts = accountIdsOf(1);
  await using standIns = await StandIns.start(accounts);
  return await loadedModules(standIns.environment, { accounts, force: true });
}

async function callsPerCheck(
  bundleUrl: string,
  accounts: number,
): Promise<Budget["callsPerCheck"]> {
  await using stack = await CountedStack.start(bundleUrl, accountIdsOf(accounts));
  const fresh = await stack.makeChecks(1, CHECK_INTERVAL_MINUTES * 60_000);
  const renewal = await stack.renewFirst();
  const of = accounts === 1 ? "1 account" : `${accounts} accounts`;
  return {
    [`${of}, nothing due`]: fresh.calls,
    [`${of}, one renewal`]: renewal.calls,
  };
}
