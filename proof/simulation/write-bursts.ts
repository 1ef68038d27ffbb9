/**
 * How long Parameter Store's write rate delays many stacks whose accounts are all due at once, as
 * after a long outage: stacks of 20 accounts, five of them at a time, each with two writes that are
 * tried again as the function does.
 */
import pMap from "p-map";
import { retryDelays } from "../../lambda/aws-clients.ts";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { ACCOUNT_TIMEOUT_MS, CONCURRENCY } from "../../lambda/reconcile.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { MINUTE_MS } from "../durations.ts";
import { quartiles } from "../quartiles.ts";
import { createRandom, type Random } from "./random.ts";
import { VirtualTime } from "./virtual-time.ts";

/** Rates that AWS grants, with their source: see `docs/cost-and-limits.md`. */
const WRITES_PER_SECOND = [3, 10];
const ACCOUNTS = [MAX_ACCOUNTS, 200, 2000];
/** A single run depends much on the moments of its schedules. */
const RUNS = 9;

const INTERVAL_MS = CHECK_INTERVAL_MINUTES * MINUTE_MS;
/** Of a call that is answered, of either kind. */
const CALL_MS = 30;
/** Of the secret and the token together. */
const TOKEN_MS = 400;

export interface WriteBurst {
  readonly accounts: number;
  readonly writesPerSecond: number;
  /** From the moment when all are due, with up to an interval to a stack's next check. */
  readonly minutes: number;
  /** Renewals that failed on the way, to succeed at a later check. */
  readonly failures: number;
}

/** The medians of some bursts, for each number of accounts and each rate. */
export function writeBursts({ seed }: { readonly seed: number }): Promise<WriteBurst[]> {
  return Promise.all(
    ACCOUNTS.flatMap((accounts) =>
      WRITES_PER_SECOND.map((writesPerSecond) => medianBurst(accounts, writesPerSecond, seed)),
    ),
  );
}

async function medianBurst(
  accounts: number,
  writesPerSecond: number,
  seed: number,
): Promise<WriteBurst> {
  const bursts = await Promise.all(
    Array.from({ length: RUNS }, (_, index) => writeBurst(accounts, writesPerSecond, seed + index)),
  );
  const medianOf = (quantity: "minutes" | "failures") =>
    quartiles(bursts.map((burst) => burst[quantity])).median;
  const [minutes, failures] = [medianOf("minutes"), medianOf("failures")];
  return { accounts, writesPerSecond, minutes, failures };
}

export async function writeBurst(
  accounts: number,
  writesPerSecond: number,
  seed: number,
): Promise<WriteBurst> {
  const time = new VirtualTime(0);
  const random = createRandom(seed);
  const tools = { time, random, isAccepted: writeLimit(time, writesPerSecond) };
  const stacks = Array.from({ length: Math.ceil(accounts / MAX_ACCOUNTS) }, (_, index) => ({
    due: Math.min(MAX_ACCOUNTS, accounts - index * MAX_ACCOUNTS),
  }));
  let failures = 0;
  let lastMs = 0;
  const check = (stack: { due: number }) =>
    pMap(
      Array.from({ length: stack.due }),
      async () => {
        if (!(await renew(tools))) {
          failures += 1;
          return;
        }
        stack.due -= 1;
        lastMs = time.now();
      },
      { concurrency: CONCURRENCY },
    );
  for (const stack of stacks) {
    const wake = () => {
      if (stack.due === 0) return;
      void check(stack);
      time.at(time.now() + INTERVAL_MS, wake);
    };
    // Each schedule has its own moment, that of its deployment.
    time.at(random.between(0, INTERVAL_MS), wake);
  }
  while (stacks.some(({ due }) => due > 0)) await time.runUntil(time.now() + INTERVAL_MS);
  return { accounts, writesPerSecond, minutes: lastMs / MINUTE_MS, failures };
}

interface Tools {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly isAccepted: () => boolean;
}

/** Whether both writes were done within the account's time. */
async function renew(tools: Tools): Promise<boolean> {
  const endMs = tools.time.now() + ACCOUNT_TIMEOUT_MS;
  await tools.time.sleep(TOKEN_MS);
  return (await write(tools, endMs)) && (await write(tools, endMs));
}

async function write({ time, random, isAccepted }: Tools, endMs: number): Promise<boolean> {
  const delayAfter = retryDelays({ clock: time, random: random.next });
  for (let attempts = 1; ; attempts += 1) {
    await time.sleep(CALL_MS);
    if (isAccepted()) return true;
    const delayMs = delayAfter(attempts);
    if (delayMs === undefined || time.now() + delayMs > endMs) return false;
    await time.sleep(delayMs);
  }
}

/** Whether a write is accepted now: a bucket that holds the writes of one second. */
function writeLimit(time: VirtualTime, perSecond: number): () => boolean {
  let [left, filledMs] = [perSecond, 0];
  return () => {
    const grown = ((time.now() - filledMs) / 1000) * perSecond;
    [left, filledMs] = [Math.min(perSecond, left + grown), time.now()];
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
