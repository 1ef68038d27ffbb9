/**
 * What happens in a scenario, step by step, compared with what should happen. Scenarios write it;
 * `story-printer` shows it to people, `--json` to programs.
 */
import { decodeJwt } from "jose";
import type { AccountResult } from "../../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { tokenFingerprint } from "../../lambda/token-fingerprint.ts";
import { MINUTE_MS } from "../durations.ts";
import { alarmMail } from "./alarm-mail.ts";
import { AlarmWatch } from "./alarm-watch.ts";
import type { Invocation } from "./lambda-runtime.ts";
import type { Sandbox } from "./sandbox.ts";
import type { AccountView, Entry, Expectation } from "./story-entry.ts";

/** What a scenario can do and show. */
export class Story {
  readonly sandbox: Sandbox;
  readonly entries: Entry[] = [];
  readonly #onEntry: (entry: Entry) => void;
  readonly #alarms: AlarmWatch;
  #readerTokens = new Map<string, string | undefined>();

  /** @param onEntry - is given each entry as soon as it is there. */
  constructor(sandbox: Sandbox, onEntry: (entry: Entry) => void) {
    this.sandbox = sandbox;
    this.#onEntry = onEntry;
    const { accountIds, clock } = sandbox;
    this.#alarms = new AlarmWatch({ accountIds, nowMs: clock.now() });
  }

  /** Whether everything happened as it should. */
  get isGood(): boolean {
    return this.entries.every((entry) => !("faults" in entry) || entry.faults.length === 0);
  }

  /** Does something for every account, all at the same time. */
  async forEachAccount(action: (accountId: string) => Promise<void>): Promise<void> {
    await Promise.all(this.sandbox.accountIds.map(action));
  }

  /** What readers get from now on. */
  async readTokens(): Promise<void> {
    this.#readerTokens = await this.#readTokens();
  }

  /** Invokes the function for all accounts. */
  async check(what: string, expected: Expectation): Promise<void> {
    await this.#checkWith(what, [{}], expected);
  }

  /** Invokes the function with an event for each account. */
  async checkEach(
    what: string,
    eventFor: (accountId: string) => unknown,
    expected: Expectation,
  ): Promise<void> {
    await this.#checkWith(what, this.sandbox.accountIds.map(eventFor), expected);
  }

  /** Time passes, without a check. */
  pass(durationMs: number): void {
    const { clock } = this.sandbox;
    for (const change of this.#alarms.advanceTo(clock.now() + durationMs)) {
      this.#add(alarmMail(change));
    }
    clock.advance(durationMs);
  }

  /** Time passes, with the check of every few minutes. Shows mails, and what has none of the outcomes. */
  async passWithChecks(
    durationMs: number,
    ...outcomes: readonly Expectation["outcome"][]
  ): Promise<void> {
    const intervalMs = CHECK_INTERVAL_MINUTES * MINUTE_MS;
    for (let passedMs = 0; passedMs + intervalMs <= durationMs; passedMs += intervalMs) {
      this.pass(intervalMs);
      const { result, output } = await this.#invoke({});
      const others = result?.accounts.filter(({ outcome }) => !outcomes.includes(outcome)) ?? [];
      if (result && others.length === 0) continue;
      return this.#add({ faults: [`the check at ${this.#time()} went wrong: ${output}`] });
    }
  }

  /** At the end: exactly these e-mails must have been sent, by alarm and state. */
  expectMails(expected: readonly string[]): void {
    const sent = new Set(
      this.entries.flatMap((entry) => ("subject" in entry ? `${entry.state} ${entry.alarm}` : [])),
    );
    const missing = expected.filter((mail) => !sent.delete(mail));
    const faults = [
      ...missing.map((mail) => `no e-mail: ${mail}`),
      ...[...sent].map((mail) => `an unexpected e-mail: ${mail}`),
    ];
    if (faults.length > 0) this.#add({ faults });
  }

  async #checkWith(what: string, events: readonly unknown[], expected: Expectation) {
    const before = this.#readerTokens;
    const invocations = [];
    for (const event of events) invocations.push(await this.#invoke(event));
    this.#readerTokens = await this.#readTokens();
    const results = invocations.flatMap(({ result }) => result?.accounts ?? []);
    const accounts = await Promise.all(
      results.map((result) => this.#view(result, before.get(result.accountId))),
    );
    const faults = [
      ...invocations.flatMap(({ result, error }) => [
        ...(error ? [`the function failed: ${error.errorMessage}`] : []),
        ...(result?.error ? [`the check failed: ${result.error.message}`] : []),
      ]),
      ...this.sandbox.accountIds
        .filter((id) => !accounts.some(({ accountId }) => accountId === id))
        .map((id) => `${id}: the result does not have it`),
      ...accounts.flatMap((view) =>
        accountFaults(expected, view, this.#readerTokens.get(view.accountId)),
      ),
    ];
    const log = invocations.map(({ output }) => output).join("");
    this.#add({ at: this.#time(), what, accounts, faults, ...(faults.length > 0 && { log }) });
  }

  async #invoke(event: unknown): Promise<Invocation> {
    const invocation = await this.sandbox.check(event);
    this.#alarms.record(invocation, this.sandbox.clock.now());
    return invocation;
  }

  /** Checks again and again while time passes: each must leave every reader with a valid token. */
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
      this.pass(everyMs);
      const expiries = [...this.#readerTokens.values()].map(jwtExpiryMs);
      lifeRemainingPercent.push((100 * (Math.min(...expiries) - clock.now())) / lifeMs);
      const invocation = await this.#invoke({});
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

  async #view(
    { accountId, outcome, reason, error }: AccountResult,
    tokenBefore: string | undefined,
  ): Promise<AccountView> {
    const status = await this.sandbox.readStatus(accountId);
    const token = this.#readerTokens.get(accountId);
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
      reader: token === undefined ? "nothing" : token === tokenBefore ? "same token" : "new token",
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
  token: string | undefined,
): string[] {
  const pairs = [
    ["outcome", view.outcome, expected.outcome],
    ["reason", view.reason, expected.reason],
    ["error", view.error?.code, expected.code],
    ["what a reader gets", view.reader, expected.reader],
    // A reader must get the token that the status describes.
    ["fingerprint", token && tokenFingerprint(token), view.token?.fingerprint],
  ];
  return pairs
    .filter(([, actual, wanted]) => actual !== wanted)
    .map(
      ([name, actual = "none", wanted = "none"]) =>
        `${view.accountId}: ${name} is ${actual} instead of ${wanted}`,
    );
}

/** When a reader's token expires, as it says itself. No token counts as expired. */
function jwtExpiryMs(token: string | undefined): number {
  return token === undefined ? 0 : (decodeJwt(token).exp ?? 0) * 1000;
}
