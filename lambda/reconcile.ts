/**
 * One check: compares what is stored for each account with what should be stored, and renews what is
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

/** Accounts at a time. */
export const CONCURRENCY = 5;

/** For reading what is stored for all accounts. */
export const READ_TIMEOUT_MS = 20_000;

/** For everything that is done for one account. After the reads, four rounds of five end within 140 s. */
export const ACCOUNT_TIMEOUT_MS = 30_000;

export interface ReconcileDependencies extends RenewalDependencies {
  readonly clock: Clock;
  readonly encryptionKey: EncryptionKey;
  /** Receives each account's report when its turn ends, without waiting for the others. */
  readonly onReport: (report: AccountReport) => void;
}

export interface ReconcileRequest {
  readonly accountIds: readonly string[];
  /** Renew also what is not due. */
  readonly force: boolean;
}

/** An account's result, and what else goes to the log and the metrics. */
export interface AccountReport {
  readonly result: AccountResult;
  readonly durationMs: number;
  /** Of the stored token, if there is a reliable one. */
  readonly tokenFingerprint?: string;
  /** 0 to 100. Absent if no token is expected yet, and if it is not known what is stored. */
  readonly lifeRemainingPercent?: number;
}

export interface CheckReport {
  /** In the order of the request, failures included. */
  readonly accounts: readonly AccountReport[];
  /** Whether the check read the state of every account, and found the key enabled. */
  readonly isComplete: boolean;
  /** Why the key's state is not known. */
  readonly error?: AccountError;
}

/**
 * Checks the accounts and renews what is due. One account's failure never stops another account.
 * @throws {@link RotationError} `aws-unreachable` when AWS answered nothing at all. After all accounts, an
 * `AggregateError` of the errors that are not a {@link RotationError} (defects).
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

/** What is stored for one account, or the error from reading it. */
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
      `Could not read any parameter: ${describeAwsError(unanswered[0]?.cause)}. Check the function's credentials, its network and AWS's health dashboard. The next check tries again.`,
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
    // If a policy denies one name, AWS refuses all of them.
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

/** The key's state, or why it is unknown. */
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

/** The state of an account after its turn. */
interface AccountTurn {
  readonly outcome: Outcome;
  readonly reason?: DueReason | undefined;
  readonly error?: AccountError;
  /** Of the token that is stored now. Absent if there is no reliable one. */
  readonly status?: TokenStatus | undefined;
  /** Whether it is known what is stored, and there should be a token. */
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
  // Read once, so that every rule uses the same moment, even if reading the secret takes long.
  const nowMs = clock.now();
  let reason: DueReason | undefined;
  let status = currentStatus(stored, nowMs);
  let expectsToken = true;
  try {
    const credentialsVersionId = await credentials.currentVersionId(accountId, signal);
    expectsToken = credentialsVersionId !== undefined || !awaitsCredentials(stored);
    // An unknown state stops nothing: a call that needs the key is made, and fails if the key is off.
    if (key.state !== undefined && key.state !== KEY_ENABLED) {
      throw keyIsOff(accountId, keyId, key.state);
    }
    if (!expectsToken) return { outcome: "awaiting-credentials", expectsToken };
    reason = dueReason(stored, { nowMs, keyId, credentialsVersionId, force });
    if (reason) {
      // For any reason but age, readers or a person are waiting for the token.
      const patientUntilMs = reason === "aging" && status && !force ? atRiskAtMs(status) : 0;
      status = await renewToken(accountId, stored, reason, dependencies, signal, patientUntilMs);
    }
    // Reported at every check and not only at a renewal, so that the alarm stays until the lifetime is long.
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
    `The token in ${tokenParameterName(accountId)} is valid for less than ${MIN_LIFE_MS / 3_600_000} h, so an alarm may come too late. Services can use the token. Ask Dintero for a longer lifetime.`,
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
