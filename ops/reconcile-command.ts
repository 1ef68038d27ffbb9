/** `reconcile [ACCOUNT...] [--force]`: makes a check now, and shows its result and its log. */
import { systemClock } from "../lambda/clock.ts";
import type { CheckResult } from "../lambda/contract.ts";
import { type CheckEvent, invokeCheck } from "./check-invocation.ts";
import { findLogGroup, readCheckLog } from "./check-log.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { plainTable } from "./plain-table.ts";
import { requireConsent } from "./production-consent.ts";
import { announcement, requireAccounts, type StackSession } from "./stack-session.ts";

export interface ReconcileOptions {
  /** Renew also what is not due; takes accounts. */
  readonly force: boolean;
  readonly yes: boolean;
}

/** @returns the exit status. */
export async function reconcileCommand(
  operation: Operation,
  session: StackSession,
  accountIds: readonly string[],
  { force, yes }: ReconcileOptions,
): Promise<number> {
  requireAccounts(session, accountIds);
  const which = accountIds.length > 0 ? accountIds.join(", ") : "all accounts";
  const what = force ? "Renews, due or not:" : "Checks, and renews what is due:";
  operation.tell(announcement(session, `${what} ${which}.`));
  await requireConsent(operation, session, yes);

  operation.ifInterrupted = `The check may go on in AWS. See what became of it: npm run ops -- status --stack ${session.stack}`;
  const invokedAtMs = systemClock.now();
  const { requestId, result, failure } = await operation.during("Checking", () =>
    invokeCheck(session, checkEvent(accountIds, force), operation.signal),
  );
  if (result) operation.print(renderResult(result));
  else operation.print(`The check failed. ${failure}`);

  operation.ifInterrupted = "The check is done; only its log was not read.";
  await showLog(operation, session, { requestId, invokedAtMs });
  return result?.accounts.every(({ error }) => !error) ? 0 : 1;
}

function checkEvent(accountIds: readonly string[], force: boolean): CheckEvent {
  return accountIds.length > 0 ? { accounts: accountIds, ...(force && { force }) } : {};
}

/** A row for each account, and under them what to do about those that failed. */
export function renderResult({ accounts }: CheckResult): string {
  const rows = accounts.map(({ accountId, outcome, reason, expiresAt, error }) => [
    accountId,
    outcome,
    reason ?? "-",
    expiresAt ?? "-",
    error?.code ?? "-",
  ]);
  const table = plainTable(["account", "outcome", "reason", "expires", "error"], rows);
  const errors = accounts.flatMap(({ accountId, error }) =>
    error ? [`${accountId}: ${error.message}`] : [],
  );
  return [table, ...errors].join("\n");
}

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
          systemClock,
          signal,
        );
        return { logGroup, ...log };
      },
    );
    operation.print(`\nLog of ${invocation.requestId} in ${logGroup}:`);
    for (const line of lines) operation.print(`  ${line}`);
    if (!isComplete) operation.tell("The log is not complete yet: more may come.");
  } catch (error) {
    // The result is what counts, and has been told.
    if (!(error instanceof OpsError) || signal.aborted) throw error;
    operation.tell(`\nThe log could not be shown. ${error.message}`);
  }
}
