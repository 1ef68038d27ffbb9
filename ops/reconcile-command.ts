/** `reconcile [ACCOUNT...] [--force]`: makes a check now, and shows its result and its log. */
import type { AccountErrorCode, CheckResult } from "../lambda/contract.ts";
import { type CheckEvent, type CheckInvocation, invokeCheck } from "./check-invocation.ts";
import { findLogGroup, readCheckLog } from "./check-log.ts";
import { EXIT } from "./fault.ts";
import { readableTime } from "./lifetime-text.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { plainTable } from "./plain-table.ts";
import { requireConsent } from "./production-consent.ts";
import { opsCommand } from "./stack-commands.ts";
import { announcement, requireAccounts, type StackSession } from "./stack-session.ts";
import { wrapped } from "./wrapped-text.ts";

export interface ReconcileOptions {
  /** Renew also what is not due; takes accounts. */
  readonly force: boolean;
  readonly yes: boolean;
}

/** @returns the exit status: 2 if the function could not be invoked. */
export async function reconcileCommand(
  operation: Operation,
  session: StackSession,
  accountIds: readonly string[],
  { force, yes }: ReconcileOptions,
): Promise<number> {
  requireAccounts(session, accountIds);
  const which = accountIds.length > 0 ? accountIds.join(", ") : "all accounts";
  const what = force ? "Renews, due or not:" : "Checks, and renews what is due:";
  operation.tell(wrapped(announcement(session, `${what} ${which}.`)));
  await requireConsent(operation, session, yes);

  operation.ifInterrupted = `The check may continue in AWS. See its result: ${opsCommand("status", session)}`;
  const invokedAtMs = session.clock.now();
  let invocation: CheckInvocation;
  try {
    invocation = await operation.during("Checking", () =>
      invokeCheck(session, checkEvent(accountIds, force), operation.signal),
    );
  } catch (error) {
    if (!(error instanceof OpsError) || operation.signal.aborted) throw error;
    operation.tell(error.message);
    return EXIT.notDetermined;
  }
  const { requestId, result, failure } = invocation;
  operation.print(
    result ? renderResult(session.stack, result) : wrapped(`The check failed. ${failure}`),
  );

  operation.ifInterrupted = "The check is done. Only its log was not read.";
  await showLog(operation, session, { requestId, invokedAtMs });
  const isGood = result && !result.error && result.accounts.every(({ error }) => !error);
  return isGood ? EXIT.good : EXIT.somethingToFix;
}

function checkEvent(accountIds: readonly string[], force: boolean): CheckEvent {
  return accountIds.length > 0 ? { accounts: accountIds, ...(force && { force }) } : {};
}

/** A row for each account, and under them why some failed, and where the command is that fixes it. */
export function renderResult(stack: string, { accounts, error: checkError }: CheckResult): string {
  const rows = accounts.map(({ accountId, outcome, reason, expiresAt }) => [
    accountId,
    outcome,
    reason ?? "-",
    expiresAt === undefined ? "-" : readableTime(expiresAt).replace(" UTC", ""),
  ]);
  const errors = accounts.flatMap(({ accountId, error }) => (error ? [{ accountId, error }] : []));
  const codes = [...errors.map(({ error }) => error.code), checkError?.code];
  return [
    plainTable(["account", "outcome", "reason", "expires (UTC)"], rows),
    ...errors.map(({ accountId, error }) =>
      wrapped(`${accountId}: ${error.code}: ${error.message}`),
    ),
    ...(checkError ? [wrapped(`The check: ${checkError.code}: ${checkError.message}`)] : []),
    ...(codes.some((code) => code && CAUSES_IN_AWS.includes(code))
      ? [wrapped(`To see what to do, run: ${opsCommand("status", { stack })}`)]
      : []),
  ].join("\n");
}

/** The secret, the key or a permission: `status` asks each of them, and has the one command that helps. */
const CAUSES_IN_AWS: readonly AccountErrorCode[] = ["credentials-unusable", "store-failed"];

async function showLog(
  operation: Operation,
  session: StackSession,
  invocation: { readonly requestId: string; readonly invokedAtMs: number },
): Promise<void> {
  const { signal } = operation;
  try {
    const { logGroup, lines, isComplete } = await operation.during(
      "Waiting for the log",
      async () => {
        const logGroup = await findLogGroup(session, signal);
        const log = await readCheckLog(
          session.clients.logs,
          { logGroup, ...invocation },
          session.clock,
          signal,
        );
        return { logGroup, ...log };
      },
    );
    operation.print(`\nLog of ${invocation.requestId} in ${logGroup}:`);
    for (const line of lines) operation.print(`  ${line}`);
    if (!isComplete) operation.tell("The log is not complete yet: more may come.");
  } catch (error) {
    // The result is what counts, and was printed.
    if (!(error instanceof OpsError) || signal.aborted) throw error;
    operation.tell(`\nThe log could not be shown. ${error.message}`);
  }
}
