/** Measures what a `Budget` records. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleLambda } from "../../infra/bundle.ts";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { accountIdsOf } from "../account-ids.ts";
import { MINUTE_MS } from "../durations.ts";
import type { Budget } from "./budget.ts";
import { CountedStack } from "./counted-stack.ts";
import { runFunction } from "./function-run.ts";
import { StandIns } from "./stand-ins.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export async function measureBudget(): Promise<Budget> {
  using folder = temporaryFolder();
  const bundle = await bundleLambda();
  const path = join(folder.path, "index.mjs");
  await writeFile(path, bundle);
  const { href: url } = pathToFileURL(path);
  return {
    bundleBytes: bundle.byteLength,
    ...(await modulesOfRenewal(url)),
    callsPerCheck: await callsPerCheck(url),
  };
}

async function modulesOfRenewal(url: string) {
  const accounts = accountIdsOf(1);
  await using standIns = await StandIns.start(accounts);
  const { environment } = standIns;
  const event = { accounts, force: true };
  const run = await runFunction({ url, environment, event, checks: 1 });
  return {
    modulesAtStart: run.atStart.flatMap(builtinName).toSorted(),
    modulesByFirstCheck: (run.byFirstCheck ?? []).flatMap(builtinName).toSorted(),
  };
}

/** Public modules, and the packages inside Node such as undici; the rest is Node's own business. */
function builtinName(loaded: string): string[] {
  const [, shown, bundled] =
    /^NativeModule (?!internal\/)(.+)|^NativeModule internal\/deps\/([^/]+)/.exec(loaded) ?? [];
  const name = shown ?? bundled;
  return name === undefined ? [] : [`node:${name}`];
}

async function callsPerCheck(bundleUrl: string): Promise<Budget["callsPerCheck"]> {
  await using stack = await CountedStack.start(bundleUrl, accountIdsOf(MAX_ACCOUNTS));
  const fresh = await stack.makeChecks(1, CHECK_INTERVAL_MINUTES * MINUTE_MS);
  const renewal = await stack.renewFirst();
  return { "nothing due": fresh.calls, "one renewal": renewal.calls };
}
