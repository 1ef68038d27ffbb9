/**
 * One check: compares what is stored for each account with what should be, and renews what is
 * due.
 */
import pMap from "p-map";
import { describeAwsError, isAccessDenied, isUnanswered } from "./aws-failure.ts";
import type { Clock } from "./clock.ts";
import {
  type AccountResult,
  type DueReason,
  type Outcome,
  tokenParameterName,
} from "./contract.ts";
import { type EncryptionKey, KEY_ENABLED, keyIsOff } from "./encryption-key.ts";
import { type AccountError, isAccountError, RotationError } from "./errors.ts";
import { type RenewalDependencies, renewToken } from "./renew-token.ts";
import {
  atRiskAtMs,
  awaitsCredentials,
  currentStatus,
  dueReason,
  isLifeTooShort,
  lifeRemainingPercent,
  MIN_LIFE_MS,
  type StoredToken,
  type TokenStatus,
} from "./renewal-policy.ts";
import { ACCOUNTS_PER_READ, type TokenStore } from "./token-store.ts";

/** Accounts that are worked on at a time. */
export const CONCURRENCY = 5;

/** Reading what is stored for all accounts. */
export const READ_TIMEOUT_MS = 20_000;

/** All that is done for one account. After the reads, four rounds of five end within 140 s. */
export const ACCOUNT_TIMEOUT_MS = 30_000;

export interface ReconcileDependencies extends RenewalDependencies {
  readonly clock: Clock;
  readonly encryptionKey: EncryptionKey;
  /** Receives each account's report when its turn ends, whatever becomes of the others. */
  readonly onReport: (report: AccountReport) => void;
}

export interface ReconcileRequest {
  readonly accountIds: readonly string[];
  /** Renew also what is not due. */
  readonly force: boolean;
}

/** An account's result, and what else of it goes to the log and the metrics. */
export interface AccountReport {
  readonly result: AccountResult;
  readonly durationMs: number;
  /** Of the stored token, where one can be relied on. */
  readonly tokenFingerprint?: string;
  /** 0 to 100. Absent where no token is expected yet, and where what is stored is not known. */
  readonly lifeRemainingPercent?: number;
}

export interface CheckReport {
  /** In the order of the request, failures included. */
  readonly accounts: readonly AccountReport[];
  /** Whether the check learned where each account stands, and found the key enabled. */
  readonly isComplete: boolean;
  /** Why the key's state is not known. */
  readonly error?: AccountError;
}

/**
 * Checks the accounts and renews what is due; one account's failure never stops another's.
 * @throws {@link RotationError} `aws-unreachable` when AWS answered nothing at all; an
 * `AggregateError` of what is no {@link RotationError} (a defect), once each account had its turn.
 */
export async function reconcile(
  { accountIds, force }: ReconcileRequest,
  dependencies: ReconcileDependencies,
): Promise<CheckReport> {
  const { clock } = dependencies;
  const signal = clock.timeout(READ_TIMEOUT_MS);
  const [reads, key] = await Promise.all([
    readStored(accountIds, dependencies, signal),
    readKey(dependencies, signal),
  ]);
  const accounts = await pMap(
    reads,
    async ([accountId, read]) => {
      const startedAtMs = clock.elapsed();
      const turn = await checkAccount(accountId, read, { force, key }, dependencies);
      const report = toReport(accountId, turn, clock.now(), clock.elapsed() - startedAtMs);
      dependencies.onReport(report);
      return report;
    },
    { concurrency: CONCURRENCY, stopOnError: false },
  );
  return {
    accounts,
    isComplete: key.state === KEY_ENABLED && reads.every(([, read]) => "stored" in read),
    ...(key.error && { error: key.error }),
  };
}

/** What is stored for one account, or what was thrown when it was read. */
type Read = { readonly stored: StoredToken } | { readonly thrown: unknown };

async function readStored(
  accountIds: readonly string[],
  { tokenStore }: ReconcileDependencies,
  signal: AbortSignal,
): Promise<[accountId: string, read: Read][]> {
  const groups = groupsOf(ACCOUNTS_PER_READ, accountIds);
  const reads = (
    await Promise.all(groups.map((group) => readGroup(group, tokenStore, signal)))
  ).flat();
  const unanswered = reads
    .map(([, read]) => ("thrown" in read ? read.thrown : undefined))
    .filter((thrown): thrown is AccountError => isAccountError(thrown) && isUnanswered(thrown));
  if (unanswered.length === reads.length) {
    throw new RotationError(
      "aws-unreachable",
      `No parameter could be read: ${describeAwsError(unanswered[0]?.cause)}. Check the function's credentials, its network and AWS's health dashboard. The next check tries again.`,
      { cause: unanswered[0] },
    );
  }
  return reads;
}

async function readGroup(
  group: readonly string[],
  tokenStore: TokenStore,
  signal: AbortSignal,
): Promise<[accountId: string, read: Read][]> {
  try {
    const tokens = await tokenStore.read(group, signal);
    return group.map((accountId, index) => [accountId, { stored: tokens[index] ?? {} }]);
  } catch (thrown) {
    // One name that a policy denies makes AWS refuse them all.
    if (group.length > 1 && isAccountError(thrown) && isAccessDenied(thrown.cause)) {
      const reads = group.map((accountId) => readGroup([accountId], tokenStore, signal));
      return (await Promise.all(reads)).flat();
    }
    return group.map((accountId) => [accountId, { thrown }]);
  }
}

function groupsOf<Item>(size: number, items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** The key's state, or why it is not known. */
type Key =
  | { readonly state: string; readonly error?: never }
  | { readonly state?: never; readonly error: AccountError };

async function readKey(
  { encryptionKey }: ReconcileDependencies,
  signal: AbortSignal,
): Promise<Key> {
  try {
    return { state: await encryptionKey.state(signal) };
  } catch (error) {
    if (!isAccountError(error)) throw error;
    return { error };
  }
}

/** Where an account stands after its turn. */
interface AccountTurn {
  readonly outcome: Outcome;
  readonly reason?: DueReason | undefined;
  readonly error?: AccountError;
  /** Of the token now stored; absent where there is none that can be relied on. */
  readonly status?: TokenStatus | undefined;
  /** Whether what is stored is known, and a token ought to be there. */
  readonly expectsToken: boolean;
}

async function checkAccount(
  accountId: string,
  read: Read,
  { force, key }: { readonly force: boolean; readonly key: Key },
  dependencies: ReconcileDependencies,
): Promise<AccountTurn> {
  if ("thrown" in read) {
    if (!isAccountError(read.thrown)) throw read.thrown;
    return { outcome: "failed", error: read.thrown, expectsToken: false };
  }
  const { stored } = read;
  const { clock, credentials, keyId } = dependencies;
  const signal = clock.timeout(ACCOUNT_TIMEOUT_MS);
  // Read once, so that all is judged at one moment, however long the secret takes.
  const nowMs = clock.now();
  let reason: DueReason | undefined;
  let status = currentStatus(stored, nowMs);
  let expectsToken = true;
  try {
    const credentialsVersionId = await credentials.currentVersionId(accountId, signal);
    expectsToken = credentialsVersionId !== undefined || !awaitsCredentials(stored);
    // An unknown state stops nothing: what needs the key is tried, and fails by itself.
    if (key.state !== undefined && key.state !== KEY_ENABLED) {
      throw keyIsOff(accountId, keyId, key.state);
    }
    if (!expectsToken) return { outcome: "awaiting-credentials", expectsToken };
    reason = dueReason(stored, { nowMs, keyId, credentialsVersionId, force });
    if (reason) {
      // With any other reason than age, readers or a person wait for the token.
      const patientUntilMs = reason === "aging" && status && !force ? atRiskAtMs(status) : 0;
      status = await renewToken(accountId, stored, reason, dependencies, signal, patientUntilMs);
    }
    // Reported at every check and not only when renewing, so that it lasts as long as the short lifetime.
    if (status && isLifeTooShort(status)) throw lifetimeTooShort(accountId);
    return { outcome: reason ? "renewed" : "fresh", reason, status, expectsToken };
  } catch (error) {
    if (!isAccountError(error)) throw error;
    return { outcome: "failed", reason, error, status, expectsToken };
  }
}

function lifetimeTooShort(accountId: string): AccountError {
  return new RotationError(
    "lifetime-too-short",
    `The token in ${tokenParameterName(accountId)} is valid for less than ${MIN_LIFE_MS / 3_600_000} h, too short for an alarm to come in time. It is used all the same. Ask Dintero for a longer lifetime.`,
  );
}

function toReport(
  accountId: string,
  { outcome, reason, error, status, expectsToken }: AccountTurn,
  nowMs: number,
  durationMs: number,
): AccountReport {
  return {
    result: {
      accountId,
      outcome,
      ...(reason && { reason }),
      ...(status && { expiresAt: new Date(status.expiresAtMs).toISOString() }),
      ...(error && { error: { code: error.code, message: error.message } }),
    },
    durationMs: Math.round(durationMs),
    ...(status && { tokenFingerprint: status.tokenFingerprint }),
    ...(expectsToken && { lifeRemainingPercent: lifeRemainingPercent(status, nowMs) }),
  };
}
