/**
 * How long Parameter Store's write rate delays many stacks whose accounts are all due at once, as
 * after a long outage. A model on virtual time: stacks of 20 accounts, five of them at a time, each
 * with two writes that are tried again as the function does. Called by `npm run bench`.
 */
import { awsRetryDelayMs, RETRY_TIME_MS } from "../../lambda/aws-clients.ts";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { ACCOUNT_TIMEOUT_MS, CONCURRENCY } from "../../lambda/reconcile.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { createRandom, type Random } from "../simulation/random.ts";
import { VirtualTime } from "../simulation/virtual-time.ts";
import { quartiles } from "./statistics.ts";

const INTERVAL_MS = CHECK_INTERVAL_MINUTES * 60_000;
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

const RUNS = 9;

/** The medians of some bursts, since the moments of the schedules make much of one. */
export async function medianBurst(accounts: number, writesPerSecond: number): Promise<WriteBurst> {
  const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
  const bursts = await Promise.all(
    seeds.map((seed) => writeBurst(accounts, writesPerSecond, seed)),
  );
  const medianOf = (quantity: "minutes" | "failures") =>
    quartiles(bursts.map((burst) => burst[quantity])).median;
  return {
    accounts,
    writesPerSecond,
    minutes: medianOf("minutes"),
    failures: medianOf("failures"),
  };
}

/** The same for the same seed. */
export async function writeBurst(
  accounts: number,
  writesPerSecond: number,
  seed: number,
): Promise<WriteBurst> {
  const time = new VirtualTime(0);
  const random = createRandom(seed);
  const limit = new WriteLimit(time, writesPerSecond);
  const stacks = Array.from({ length: Math.ceil(accounts / MAX_ACCOUNTS) }, (_, index) => ({
    due: Math.min(MAX_ACCOUNTS, accounts - index * MAX_ACCOUNTS),
  }));
  let failures = 0;
  let lastMs = 0;
  const check = async (stack: { due: number }): Promise<void> => {
    let left = stack.due;
    const work = async () => {
      while (left > 0) {
        left -= 1;
        if (await renew(time, limit, random)) {
          stack.due -= 1;
          lastMs = time.now();
        } else {
          failures += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  };
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
  return { accounts, writesPerSecond, minutes: lastMs / 60_000, failures };
}

/** Whether both writes were done within the account's time. */
async function renew(time: VirtualTime, limit: WriteLimit, random: Random): Promise<boolean> {
  const endMs = time.now() + ACCOUNT_TIMEOUT_MS;
  await time.sleep(TOKEN_MS);
  return (await write(time, limit, random, endMs)) && (await write(time, limit, random, endMs));
}

async function write(
  time: VirtualTime,
  limit: WriteLimit,
  random: Random,
  endMs: number,
): Promise<boolean> {
  const callEndMs = Math.min(endMs, time.now() + RETRY_TIME_MS);
  for (let attempts = 1; ; attempts += 1) {
    await time.sleep(CALL_MS);
    if (limit.takes()) return true;
    const delayMs = awsRetryDelayMs(attempts, () => random.next());
    if (time.now() + delayMs > callEndMs) return false;
    await time.sleep(delayMs);
  }
}

/** A bucket that holds the writes of one second. */
class WriteLimit {
  readonly #time: VirtualTime;
  readonly #perSecond: number;
  #tokens: number;
  #filledMs = 0;

  constructor(time: VirtualTime, perSecond: number) {
    this.#time = time;
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
  }

  takes(): boolean {
    const nowMs = this.#time.now();
    const grown = ((nowMs - this.#filledMs) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + grown);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
