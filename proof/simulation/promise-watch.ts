/**
 * Judges the promise, for each account by itself: has somebody been notified about this account since
 * it began to fail? And was an OK sent while it still failed, with no alarm about it in ALARM?
 */
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { MINUTE_MS } from "../durations.ts";
import type { AlarmChange, AlarmModel } from "./alarm-model.ts";

/** What of a lifetime has to be left, in percent, or somebody has been notified. */
const PROMISED_PERCENT = 25;

/** How late a check may be: the schedule is to the minute, and a turn comes behind others. */
const LATE_MS = 2 * MINUTE_MS;

/**
 * How long the notification may take if a token is lost from one moment to the next: a check that finds
 * it, or the silence in which none does, and the alarm.
 */
export const LOSS_NOTICE_MINUTES = 36;

export interface Violation {
  readonly accountId: string;
  readonly atMs: number;
  readonly what: "nobody was notified" | "an OK was sent while it failed";
}

/** What a reader of the account has at a moment. */
export interface Held {
  /** Of the lifetime; 0 without a token that can be read. */
  readonly percentLeft: number;
  /** Since when, if it was lost at once and did not age. */
  readonly lostAtMs?: number | undefined;
}

interface Account {
  lastTurnMs: number;
  /** The first turn without a good result after the last good one. */
  failedAtMs: number | undefined;
}

export class PromiseWatch {
  readonly violations: Violation[] = [];
  readonly #accounts = new Map<string, Account>();
  readonly #reported = new Set<string>();
  /** Of the last ALARM about an account, by its id; of the stack's under "". */
  readonly #notifiedAtMs = new Map<string, number>();
  #seenChanges = 0;

  addAccount(accountId: string, nowMs: number): void {
    this.#accounts.set(accountId, { lastTurnMs: nowMs, failedAtMs: undefined });
  }

  removeAccount(accountId: string): void {
    this.#accounts.delete(accountId);
  }

  /** An account's turn in a check has ended. */
  onTurn(accountId: string, isGood: boolean, nowMs: number): void {
    const account = this.#accounts.get(accountId);
    if (!account) return;
    account.lastTurnMs = nowMs;
    account.failedAtMs = isGood ? undefined : (account.failedAtMs ?? nowMs);
  }

  /** Every minute, when the alarms have been evaluated. */
  judge(nowMs: number, alarms: AlarmModel, heldBy: (accountId: string) => Held | undefined): void {
    const changes = alarms.changes.slice(this.#seenChanges);
    this.#seenChanges = alarms.changes.length;
    for (const { atMs, accountId = "", state } of changes) {
      if (state === "ALARM") this.#notifiedAtMs.set(accountId, atMs);
    }
    for (const accountId of this.#accounts.keys()) {
      const failingSinceMs = this.failingSince(accountId, nowMs);
      if (failingSinceMs === undefined) {
        this.#reported.delete(accountId);
        continue;
      }
      const isNotified =
        this.#notifiedSince(accountId, failingSinceMs) || alarms.isInOwnAlarm(accountId);
      const held = heldBy(accountId);
      if (held && held.percentLeft <= PROMISED_PERCENT && !isNotified) {
        const isNew = nowMs - (held.lostAtMs ?? 0) <= LOSS_NOTICE_MINUTES * MINUTE_MS;
        if (!isNew) this.#report(accountId, nowMs, "nobody was notified");
      }
      if (
        isNotified &&
        !alarms.isInAlarm(accountId) &&
        changes.some((it) => isOkAbout(it, accountId))
      ) {
        this.#report(accountId, nowMs, "an OK was sent while it failed");
      }
    }
  }

  /** When the account began to fail: its first bad turn, or in silence the first that did not come. */
  failingSince(accountId: string, nowMs: number): number | undefined {
    const account = this.#accounts.get(accountId);
    if (!account) return undefined;
    if (account.failedAtMs !== undefined) return account.failedAtMs;
    const missedAtMs = account.lastTurnMs + CHECK_INTERVAL_MINUTES * MINUTE_MS;
    return nowMs > missedAtMs + LATE_MS ? missedAtMs : undefined;
  }

  /** One of the stack's that is in ALARM since before does not count: it was about another account. */
  #notifiedSince(accountId: string, sinceMs: number): boolean {
    const ofStack = this.#notifiedAtMs.get("") ?? 0;
    return Math.max(ofStack, this.#notifiedAtMs.get(accountId) ?? 0) >= sinceMs;
  }

  /** Once for each time that the account fails. */
  #report(accountId: string, atMs: number, what: Violation["what"]): void {
    if (this.#reported.has(accountId)) return;
    this.#reported.add(accountId);
    this.violations.push({ accountId, atMs, what });
  }
}

function isOkAbout({ state, accountId }: AlarmChange, failing: string): boolean {
  return state === "OK" && (accountId === undefined || accountId === failing);
}
