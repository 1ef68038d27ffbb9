/** Checks that are broken on purpose, each around the deployed one. */
import { isAccountError } from "../../lambda/errors.ts";
import {
  type AccountReport,
  type ReconcileDependencies,
  reconcile,
} from "../../lambda/reconcile.ts";
import type { StoredToken } from "../../lambda/renewal-policy.ts";
import type { WorldParts } from "../../proof/simulation/function-model.ts";

type Reconcile = WorldParts["reconcile"];

/** Asks Dintero three times in a row, whatever it says. */
export const tryingRejectedAgain: Reconcile = (request, dependencies) => {
  const { tokenEndpoint } = dependencies;
  return reconcile(request, {
    ...dependencies,
    tokenEndpoint: {
      requestToken: async (...args) => {
        for (let attempt = 1; ; attempt += 1) {
          try {
            return await tokenEndpoint.requestToken(...args);
          } catch (error) {
            if (attempt === 3 || !isAccountError(error)) throw error;
          }
        }
      },
    },
  });
};

/** Writes the status first, with the version that the token is to get. */
export const writingTheStatusFirst: Reconcile = (request, dependencies) => {
  const { tokenStore } = dependencies;
  const held = new Map<string, () => Promise<number>>();
  return reconcile(request, {
    ...dependencies,
    tokenStore: {
      ...tokenStore,
      writeToken: async (accountId, accessToken, stored, signal) => {
        held.set(accountId, () => tokenStore.writeToken(accountId, accessToken, stored, signal));
        return (stored.tokenParameter?.version ?? 0) + 1;
      },
      writeStatus: async (accountId, ...rest) => {
        await tokenStore.writeStatus(accountId, ...rest);
        await held.get(accountId)?.();
      },
    },
  });
};

/** Reports a failed account as if all were well, without its lifetime. */
export const hidingFailures: Reconcile = async (request, dependencies) => {
  const hiding = ({ result: { accountId, outcome }, durationMs }: AccountReport) => ({
    result: { accountId, outcome: outcome === "failed" ? ("fresh" as const) : outcome },
    durationMs,
  });
  const { accounts, ...report } = await reconcile(request, {
    ...dependencies,
    onReport: (account) =>
      // Its turn is reported as it was, so that the promise is judged by what is true.
      dependencies.onReport({ ...hiding(account), result: account.result }),
  });
  return { ...report, accounts: accounts.map(hiding) };
};

/** Keeps what it once read or wrote instead of looking at what is stored: event- and not state-driven. */
export function trustingItsMemory(): Reconcile {
  const known = new Map<string, StoredToken>();
  return (request, dependencies: ReconcileDependencies) => {
    const { tokenStore, clock } = dependencies;
    return reconcile(request, {
      ...dependencies,
      tokenStore: {
        ...tokenStore,
        read: async (accountIds) => accountIds.map((accountId) => known.get(accountId) ?? {}),
        writeStatus: async (accountId, status, ...rest) => {
          await tokenStore.writeStatus(accountId, status, ...rest);
          const lastModifiedMs = clock.now();
          known.set(accountId, {
            tokenParameter: { version: status.tokenVersion, lastModifiedMs },
            statusParameter: { lastModifiedMs, status },
          });
        },
      },
    });
  };
}
