/** What a story consists of, for people and for `--json`. */
import type { AccountResult } from "../../lambda/contract.ts";
import type { AlarmMail } from "./alarm-mail.ts";

/** What a check should find and do for every account, and what a reader should get after it. */
export interface Expectation {
  readonly outcome: AccountResult["outcome"];
  readonly reason?: AccountResult["reason"];
  readonly code?: NonNullable<AccountResult["error"]>["code"];
  /** Compared with what the reader got before the check. */
  readonly reader: ReaderView;
}

/** What a reader gets, compared with before. */
export type ReaderView = "new token" | "same token" | "nothing";

/** One account after a check. */
export interface AccountView {
  readonly accountId: string;
  readonly outcome: AccountResult["outcome"];
  readonly reason?: AccountResult["reason"];
  readonly error?: AccountResult["error"];
  /** The stored token as its status has it. */
  readonly token?: TokenView;
  readonly reader: ReaderView;
}

export interface TokenView {
  readonly fingerprint: string;
  readonly expiresAt: string;
  readonly lifeMs: number;
  readonly remainingMs: number;
}

/** A check, and what became of it. */
export interface Step {
  readonly at: string;
  readonly what: string;
  readonly accounts: readonly AccountView[];
  /** What is not as it should be; empty when all is. */
  readonly faults: readonly string[];
  /** The function's log, where something is not as it should be. */
  readonly log?: string;
}

/** Many checks in a row, shown as one. */
export interface Stretch {
  readonly at: string;
  readonly what: string;
  readonly checks: number;
  readonly renewalsPerAccount: number;
  /** The least lifetime that any token had left before each check, in percent. */
  readonly lifeRemainingPercent: readonly number[];
  readonly faults: readonly string[];
}

/** What the scenario's alarms did, if it is not what they should have done. */
export interface AlarmFault {
  readonly faults: readonly string[];
}

export type Entry = Step | AlarmMail | Stretch | AlarmFault;
