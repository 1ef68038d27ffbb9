/** Observes the checks of a simulated world from outside. */
import type { AccountErrorCode } from "../../lambda/contract.ts";
import type { AccountReport } from "../../lambda/reconcile.ts";
import type { TokenStatus } from "../../lambda/renewal-policy.ts";
import type { WorldParts } from "../../proof/simulation/function-model.ts";

export interface Failure {
  readonly atMs: number;
  readonly code: AccountErrorCode | undefined;
}

export class WatchedChecks {
  readonly failures: Failure[] = [];
  readonly writes: { readonly accountId: string; readonly atMs: number }[] = [];
  /** The last status of each account, as Parameter Store took it. */
  readonly written = new Map<string, TokenStatus>();
  /** Whether a status was written before its token. */
  statusBeforeToken = false;
  readonly #tokenVersions = new Map<string, number>();
  /** Accounts that a check said were due. */
  dueCount = 0;
  readonly reconcile: WorldParts["reconcile"];

  constructor(inner: WorldParts["reconcile"]) {
    this.reconcile = async (request, dependencies) => {
      const { clock, tokenStore } = dependencies;
      const report = await inner(request, {
        ...dependencies,
        tokenStore: {
          read: tokenStore.read,
          writeToken: async (accountId, ...rest) => {
            const version = await tokenStore.writeToken(accountId, ...rest);
            this.#tokenVersions.set(accountId, version);
            return version;
          },
          writeStatus: async (accountId, status, ...rest) => {
            if (status.tokenVersion > (this.#tokenVersions.get(accountId) ?? 0)) {
              this.statusBeforeToken = true;
            }
            await tokenStore.writeStatus(accountId, status, ...rest);
            this.written.set(accountId, status);
            this.writes.push({ accountId, atMs: clock.now() });
          },
        },
      });
      for (const account of report.accounts) this.#note(account, clock.now());
      return report;
    };
  }

  #note({ result }: AccountReport, atMs: number): void {
    if (result.reason) this.dueCount += 1;
    if (result.outcome === "failed") this.failures.push({ atMs, code: result.error?.code });
  }
}
