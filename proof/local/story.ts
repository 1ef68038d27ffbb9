/**
 * What happens in a scenario, step by step, beside what should happen. Scenarios write it;
 * `story-printer` shows it to people, `--json` to programs.
 */
import { decodeJwt } from "jose";
import type { AccountResult } from "../../lambda/contract.ts";
import { tokenFingerprint } from "../../lambda/token-fingerprint.ts";
import type { Sandbox } from "./sandbox.ts";

/** What a check should find and do for every account, and what a reader should get after it. */
export interface Expectation {
  readonly outcome: AccountResult["outcome"];
  readonly reason?: AccountResult["reason"];
  readonly code?: NonNullable<AccountResult["error"]>["code"];
  /** Compared with what the reader got before the check. */
  readonly reader: "new token" | "same token" | "nothing";
}

/** One account after a check. */
export interface AccountView {
  readonly accountId: string;
  readonly outcome: AccountResult["outcome"];
  readonly reason?: AccountResult["reason"];
  readonly error?: AccountResult["error"];
  /** The stored token as its status has it. */
  readonly token?: TokenView;
  /** What a reader gets, masked; `null` when there is nothing. */
  readonly reader: string | null;
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
  /** Whether it only makes the state that the scenario starts from. */
  readonly isGiven: boolean;
  readonly accounts: readonly AccountView[];
  /** What is not as it should be; empty when all is. */
  readonly faults: readonly string[];
  /** The function's log, where something is not as it should be. */
  readonly log?: string;
}

/** Many checks in a row, told as one. */
export interface Stretch {
  readonly at: string;
  readonly what: string;
  readonly checks: number;
  readonly renewalsPerAccount: number;
  /** Least life left of any token before each check, in percent. */
  readonly lifeRemainingPercent: readonly number[];
  readonly faults: readonly string[];
}

export type Entry = { readonly text: string } | Step | Stretch;

/** What a scenario can do and tell. */
export class Story {
  readonly sandbox: Sandbox;
  readonly entries: Entry[] = [];
  readonly #onEntry: (entry: Entry) => void;
  #readerTokens = new Map<string, string | undefined>();

  /** @param onEntry - is given each entry as soon as it is there. */
  constructor(sandbox: Sandbox, onEntry: (entry: Entry) => void) {
    this.sandbox = sandbox;
    this.#onEntry = onEntry;
  }

  /** Whether all that was told is what should happen. */
  get isGood(): boolean {
    return this.entries.every((entry) => !("faults" in entry) || entry.faults.length === 0);
  }

  tell(text: string): void {
    this.#add({ text });
  }

  /** Does something for every account, all at the same time. */
  async forEachAccount(action: (accountId: string) => Promise<void>): Promise<void> {
    await Promise.all(this.sandbox.accountIds.map(action));
  }

  /** Wakes the function for all accounts, for the state that the scenario starts from. */
  async given(what: string, expected: Expectation): Promise<void> {
    await this.#checkWith(what, true, [{}], expected);
  }

  /** Wakes the function for all accounts. */
  async check(what: string, expected: Expectation): Promise<void> {
    await this.#checkWith(what, false, [{}], expected);
  }

  /** Wakes the function with an event for each account. */
  async checkEach(
    what: string,
    eventFor: (accountId: string) => unknown,
    expected: Expectation,
  ): Promise<void> {
    await this.#checkWith(what, false, this.sandbox.accountIds.map(eventFor), expected);
  }

  async #checkWith(
    what: string,
    isGiven: boolean,
    events: readonly unknown[],
    expected: Expectation,
  ): Promise<void> {
    const before = this.#readerTokens;
    const invocations = [];
    for (const event of events) invocations.push(await this.sandbox.check(event));
    this.#readerTokens = await this.#readTokens();
    const results = invocations.flatMap(({ result }) => result?.accounts ?? []);
    const accounts = await Promise.all(results.map((result) => this.#view(result)));
    const faults = [
      ...invocations.flatMap(({ result, error }) => [
        ...(error ? [`the function failed: ${error.errorMessage}`] : []),
        ...(result?.error ? [`the check failed: ${result.error.message}`] : []),
      ]),
      ...this.sandbox.accountIds
        .filter((id) => !accounts.some(({ accountId }) => accountId === id))
        .map((id) => `${id}: nothing was told of it`),
      ...accounts.flatMap((view) =>
        accountFaults(
          expected,
          view,
          before.get(view.accountId),
          this.#readerTokens.get(view.accountId),
        ),
      ),
    ];
    const log = invocations.map(({ output }) => output).join("");
    this.#add({
      at: this.#time(),
      what,
      isGiven,
      accounts,
      faults,
      ...(faults.length > 0 && { log }),
    });
  }

  /** Checks again and again while time passes: each must leave every reader with a live token. */
  async checkRepeatedly(
    what: string,
    { times, everyMs }: { readonly times: number; readonly everyMs: number },
  ): Promise<void> {
    const { clock, dintero } = this.sandbox;
    const lifeMs = dintero.lifetimeSeconds * 1000;
    const faults: string[] = [];
    const lifeRemainingPercent: number[] = [];
    let renewals = 0;
    for (let round = 0; round < times; round += 1) {
      clock.advance(everyMs);
      const expiries = [...this.#readerTokens.values()].map(jwtExpiryMs);
      lifeRemainingPercent.push((100 * (Math.min(...expiries) - clock.now())) / lifeMs);
      const invocation = await this.sandbox.check();
      const results = invocation.result?.accounts ?? [];
      const good = results.filter(({ outcome }) => outcome === "fresh" || outcome === "renewed");
      if (invocation.result?.error || good.length < this.sandbox.accountIds.length) {
        faults.push(`the check at ${this.#time()} went wrong: ${invocation.output}`);
      }
      const renewed = results.filter(({ outcome }) => outcome === "renewed").length;
      renewals += renewed;
      if (renewed > 0) this.#readerTokens = await this.#readTokens();
    }
    if (Math.min(...lifeRemainingPercent) <= 0) faults.push("a reader held an expired token");
    this.#add({
      at: this.#time(),
      what,
      checks: times,
      renewalsPerAccount: renewals / this.sandbox.accountIds.length,
      lifeRemainingPercent,
      faults,
    });
  }

  async #readTokens(): Promise<Map<string, string | undefined>> {
    const { accountIds } = this.sandbox;
    const tokens = await Promise.all(accountIds.map((id) => this.sandbox.readToken(id)));
    return new Map(accountIds.map((accountId, index) => [accountId, tokens[index]]));
  }

  async #view({ accountId, outcome, reason, error }: AccountResult): Promise<AccountView> {
    const status = await this.sandbox.readStatus(accountId);
    const readerToken = this.#readerTokens.get(accountId);
    return {
      accountId,
      outcome,
      ...(reason && { reason }),
      ...(error && { error }),
      ...(status && {
        token: {
          fingerprint: status.tokenFingerprint,
          expiresAt: status.expiresAt,
          lifeMs: Date.parse(status.expiresAt) - Date.parse(status.issuedAt),
          remainingMs: Date.parse(status.expiresAt) - this.sandbox.clock.now(),
        },
      }),
      reader: readerToken === undefined ? null : mask(readerToken),
    };
  }

  #time(): string {
    return new Date(this.sandbox.clock.now()).toISOString();
  }

  #add(entry: Entry): void {
    this.entries.push(entry);
    this.#onEntry(entry);
  }
}

function accountFaults(
  expected: Expectation,
  view: AccountView,
  tokenBefore: string | undefined,
  token: string | undefined,
): string[] {
  const reader =
    token === undefined ? "nothing" : token === tokenBefore ? "same token" : "new token";
  const pairs = [
    ["outcome", view.outcome, expected.outcome],
    ["reason", view.reason, expected.reason],
    ["error", view.error?.code, expected.code],
    ["what a reader gets", reader, expected.reader],
    // What a reader gets must be the token that the status tells of.
    ["fingerprint", token && tokenFingerprint(token), view.token?.fingerprint],
  ];
  return pairs
    .filter(([, actual, wanted]) => actual !== wanted)
    .map(
      ([name, actual = "none", wanted = "none"]) =>
        `${view.accountId}: ${name} is ${actual} instead of ${wanted}`,
    );
}

/** Enough to see that it changed, and of no use to anybody. */
function mask(token: string): string {
  return `${token.slice(0, 4)}… (${token.length} characters)`;
}

/** When a reader's token expires by its own word; what is no token has expired. */
function jwtExpiryMs(token: string | undefined): number {
  return token === undefined ? 0 : (decodeJwt(token).exp ?? 0) * 1000;
}
