/**
 * Judges the promise, for each account by itself: has somebody been notified about this account since
 * it began to fail? And was an OK sent while it still failed, with no alarm about it in ALARM? An alarm
 * that is in ALARM from before is no notification: it comes out as a violation of its own.
 */
import { AT_RISK_PERCENT, CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { MINUTE_MS } from "../durations.ts";
import type { AlarmModel } from "./alarm-model.ts";

/** What of a lifetime has to be left, in percent, or somebody has been notified. */
const PROMISED_PERCENT = 25;

/** How late a check may be: the schedule is to the minute, and a turn comes behind others. */
const LATE_MS = 2 * MINUTE_MS;
const NEXT_CHECK_MS = CHECK_INTERVAL_MINUTES * MINUTE_MS + LATE_MS;

/** What a metric and an alarm take. */
const NOTICE_MS = 5 * MINUTE_MS;

/**
 * How long the notification may take if a token is lost from one moment to the next: a check that finds
 * it, or the silence in which none does, and the alarm.
 */
export const LOSS_NOTICE_MINUTES = 36;

export interface Violation {
  readonly accountId: string;
  readonly atMs: number;
  readonly what:
    | "nobody was notified"
    | "only an alarm from before was in ALARM"
    | "an OK was sent while it failed";
}

/** What a reader of the account has at a moment. */
export interface Held {
  /** Of the lifetime; 0 without a token that can be read. */
  readonly percentLeft: number;
  /** Since when, if it was lost at once and did not age. */
  readonly lostAtMs?: number | undefined;
  /** No account's token can be read. */
  readonly isKeyOff?: boolean;
}

/** How a check's turn for an account ended. */
export interface Turn {
  readonly isGood: boolean;
  /** Whether the check learned what is left of the token, and reported it. */
  readonly isSeen: boolean;
}

interface Account {
  lastTurnMs: number;
  lastSeenMs: number;
  /** Since when each check has seen it. */
  seenSinceMs: number;
  /** The first turn without a good result after the last good one. */
  failedAtMs: number | undefined;
  /** Since it began to fail, so that each is reported once. */
  readonly violated: Set<Violation["what"]>;
}

export class PromiseWatch {
  readonly violations: Violation[] = [];
  readonly #accounts = new Map<string, Account>();
  /** Of the last ALARM about an account, by its id; of the stack's under "". */
  readonly #notifiedAtMs = new Map<string, number>();
  #silentUntilMs = Number.NEGATIVE_INFINITY;
  #seenChanges = 0;

  addAccount(accountId: string, nowMs: number): void {
    this.#accounts.set(accountId, {
      ...{ lastTurnMs: nowMs, lastSeenMs: nowMs, seenSinceMs: nowMs },
      ...{ failedAtMs: undefined, violated: new Set<Violation["what"]>() },
    });
  }

  removeAccount(accountId: string): void {
    this.#accounts.delete(accountId);
  }

  /** An account's turn in a check has ended. */
  onTurn(accountId: string, { isGood, isSeen }: Turn, nowMs: number): void {
    const account = this.#accounts.get(accountId);
    if (!account) return;
    // After a silence it has been failing since then.
    account.failedAtMs = isGood ? undefined : (this.failingSince(accountId, nowMs) ?? nowMs);
    account.lastTurnMs = nowMs;
    if (!isSeen) return;
    if (nowMs - account.lastSeenMs > NEXT_CHECK_MS) account.seenSinceMs = nowMs;
    account.lastSeenMs = nowMs;
  }

  /** Every minute, when the alarms have been evaluated. */
  judge(nowMs: number, alarms: AlarmModel, heldBy: (accountId: string) => Held | undefined): void {
    const changes = alarms.changes.slice(this.#seenChanges);
    this.#seenChanges = alarms.changes.length;
    for (const { atMs, accountId = "", state } of changes) {
      if (state === "ALARM") this.#notifiedAtMs.set(accountId, atMs);
    }
    if (alarms.isInStackAlarm("rotation-silent")) this.#silentUntilMs = nowMs;
    for (const [accountId, { violated }] of this.#accounts) {
      const failingSinceMs = this.failingSince(accountId, nowMs);
      if (failingSinceMs === undefined) {
        violated.clear();
        continue;
      }
      const report = (what: Violation["what"]) => {
        if (!violated.has(what)) this.violations.push({ accountId, atMs: nowMs, what });
        violated.add(what);
      };
      const held = heldBy(accountId);
      const isNotified = this.#notifiedSince(accountId, failingSinceMs);
      const isInAlarmFromBefore =
        alarms.isInOwnAlarm(accountId) ||
        // Its text is about every account that no check sees, and about the key.
        (nowMs - this.#silentUntilMs <= NOTICE_MS &&
          (held?.isKeyOff || !this.#isSeen(accountId, nowMs)));
      if (held && held.percentLeft <= PROMISED_PERCENT && !isNotified) {
        const lostMs = held.lostAtMs && nowMs - Math.max(held.lostAtMs, failingSinceMs);
        const isNew = lostMs !== undefined && lostMs <= LOSS_NOTICE_MINUTES * MINUTE_MS;
        if (!isNew) {
          report(
            isInAlarmFromBefore ? "only an alarm from before was in ALARM" : "nobody was notified",
          );
        }
      }
      const isAtRisk = held !== undefined && held.percentLeft < AT_RISK_PERCENT;
      const isFalseOk = changes.some(
        ({ state, accountId: about }) =>
          state === "OK" &&
          (about === accountId
            ? isAtRisk
            : !about && (isNotified || isInAlarmFromBefore) && !alarms.isInAlarm(accountId)),
      );
      if (isFalseOk) report("an OK was sent while it failed");
    }
  }

  /** When the account began to fail: its first bad turn, or in silence the first that did not come. */
  failingSince(accountId: string, nowMs: number): number | undefined {
    const account = this.#accounts.get(accountId);
    if (!account) return undefined;
    if (account.failedAtMs !== undefined) return account.failedAtMs;
    const missedAtMs = account.lastTurnMs + CHECK_INTERVAL_MINUTES * MINUTE_MS;
    return nowMs > account.lastTurnMs + NEXT_CHECK_MS ? missedAtMs : undefined;
  }

  /** For so long that its own alarm has had time to fire. */
  #isSeen(accountId: string, nowMs: number): boolean {
    const { lastSeenMs = 0, seenSinceMs = 0 } = this.#accounts.get(accountId) ?? {};
    return nowMs - lastSeenMs <= NEXT_CHECK_MS && nowMs - seenSinceMs > NOTICE_MS;
  }

  /** One of the stack's that is in ALARM since before does not count: it was about another account. */
  #notifiedSince(accountId: string, sinceMs: number): boolean {
    const ofStack = this.#notifiedAtMs.get("") ?? 0;
    return Math.max(ofStack, this.#notifiedAtMs.get(accountId) ?? 0) >= sinceMs;
  }
}
