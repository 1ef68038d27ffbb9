/**
 * What a check depends on, as fakes that answer at once, keep nothing and note each call. For tests
 * of `reconcile` and `renew-token`; each hands in only the answers that it is about.
 */

import type { ClientCredentials } from "../../lambda/contract.ts";
import type { Credentials } from "../../lambda/credentials.ts";
import type { AccountReport, ReconcileDependencies } from "../../lambda/reconcile.ts";
import type { StoredToken, TokenStatus } from "../../lambda/renewal-policy.ts";
import type { IssuedToken } from "../../lambda/token-reply.ts";
import { HOUR_MS } from "../../proof/durations.ts";
import { TestClock } from "./test-clock.ts";

export const NOW_MS = Date.parse("2026-01-01T00:00:00.000Z");

/** Answers for an account; one that throws makes the call fail. */
type Answer<Value> = (accountId: string, signal: AbortSignal) => Value | Promise<Value>;

export interface Answers {
  /** Default: a fresh token of this stack, see {@link stored}. */
  readonly read?: (accountIds: readonly string[]) => StoredToken[] | Promise<StoredToken[]>;
  /** Default: `version-1`, which the stored token came from. */
  readonly currentVersionId?: Answer<string | undefined>;
  /** Default: of `version-1`. */
  readonly credentials?: Answer<Credentials>;
  /** Default: a token `new-token` that lives for 24 h. */
  readonly token?: Answer<IssuedToken>;
  /** Default: enabled. */
  readonly keyState?: () => string | Promise<string>;
  /** Called when the token is to be written. */
  readonly write?: Answer<void>;
}

export interface FakeCheck extends ReconcileDependencies {
  readonly clock: TestClock;
  /** `describe T00000001` and the like, in the order of the calls. */
  readonly calls: string[];
  /** The signal that each call got, by its text in `calls`. */
  readonly signals: Map<string, AbortSignal>;
  /** What the token endpoint was called with. */
  readonly sent: ClientCredentials[];
  /** Until when it was allowed to wait, by call. */
  readonly patientUntilMs: number[];
  /** What was written, each token with its status. */
  readonly writes: Write[];
  /** What was told of each account, in the order of telling. */
  readonly reports: AccountReport[];
}

interface Write {
  readonly accountId: string;
  readonly accessToken: string;
  readonly status: TokenStatus;
  readonly stored: StoredToken;
}

export function fakeCheck(answers: Answers = {}): FakeCheck {
  const clock = new TestClock(NOW_MS);
  const calls: string[] = [];
  const signals = new Map<string, AbortSignal>();
  const sent: ClientCredentials[] = [];
  const patience: number[] = [];
  const writes: Write[] = [];
  const written = new Map<string, string>();
  const reports: AccountReport[] = [];
  const note = (call: string, signal: AbortSignal) => {
    calls.push(call);
    signals.set(call, signal);
  };
  return {
    clock,
    calls,
    signals,
    sent,
    patientUntilMs: patience,
    writes,
    reports,
    onReport: (report) => reports.push(report),
    keyId: "this-key",
    encryptionKey: {
      async state(signal) {
        note("key", signal);
        return answers.keyState ? answers.keyState() : "Enabled";
      },
    },
    credentials: {
      async currentVersionId(accountId, signal) {
        note(`describe ${accountId}`, signal);
        return answers.currentVersionId ? answers.currentVersionId(accountId, signal) : "version-1";
      },
      async read(accountId, signal) {
        note(`secret ${accountId}`, signal);
        return (
          (await answers.credentials?.(accountId, signal)) ?? {
            client_id: "client",
            client_secret: "secret",
            versionId: "version-1",
          }
        );
      },
    },
    tokenEndpoint: {
      async requestToken(accountId, credentials, signal, patientUntilMs) {
        note(`token ${accountId}`, signal);
        sent.push(credentials);
        patience.push(patientUntilMs);
        return (await answers.token?.(accountId, signal)) ?? issued();
      },
    },
    tokenStore: {
      async read(accountIds, signal) {
        note(`read ${accountIds.join(",")}`, signal);
        return (await answers.read?.(accountIds)) ?? accountIds.map(() => stored());
      },
      async writeToken(accountId, accessToken, stored, signal) {
        note(`write ${accountId}`, signal);
        await answers.write?.(accountId, signal);
        written.set(accountId, accessToken);
        return (stored.tokenParameter?.version ?? 0) + 1;
      },
      async writeStatus(accountId, status, stored, signal) {
        note(`status ${accountId}`, signal);
        writes.push({ accountId, accessToken: written.get(accountId) ?? "none", status, stored });
      },
    },
  };
}

/** A status of this stack's, one hour into a life of 24 h. */
export function tokenStatus(differences: Partial<TokenStatus> = {}): TokenStatus {
  return {
    issuedAtMs: NOW_MS - HOUR_MS,
    expiresAtMs: NOW_MS + 23 * HOUR_MS,
    tokenVersion: 7,
    // Of `stored-token`.
    tokenFingerprint: "6f69975abe58",
    credentialsVersionId: "version-1",
    keyId: "this-key",
    ...differences,
  };
}

/** Both parameters as a renewal an hour ago left them. */
export function stored(differences: Partial<TokenStatus> = {}): StoredToken {
  return {
    tokenParameter: { version: 7, lastModifiedMs: NOW_MS - HOUR_MS },
    statusParameter: { lastModifiedMs: NOW_MS - HOUR_MS, status: tokenStatus(differences) },
  };
}

export function issued(differences: Partial<IssuedToken> = {}): IssuedToken {
  return {
    accessToken: "new-token",
    issuedAtMs: NOW_MS,
    expiresAtMs: NOW_MS + 24 * HOUR_MS,
    ...differences,
  };
}
