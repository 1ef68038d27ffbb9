/** `reconcile [ACCOUNT...] [--force]`: runs a check now, and shows its result and its log. */
import type { AccountErrorCode, CheckResult } from "../lambda/contract.ts";
import { accountFaults } from "./account-faults.ts";
import { readAccounts } from "./account-reading.ts";
import { accountStatus } from "./account-status.ts";
import { type CheckEvent, type CheckInvocation, invokeCheck } from "./check-invocation.ts";
import { findLogGroup, readCheckLog } from "./check-log.ts";
import { EXIT } from "./fault.ts";
import { readableTime } from "./lifetime-text.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { plainTable } from "./plain-table.ts";
import { requireConsent } from "./production-consent.ts";
import { opsCommand, withStack } from "./stack-commands.ts";
import { announcement, requireAccounts, type StackSession } from "./stack-session.ts";
import { wrapped } from "./wrapped-text.ts";

export interface ReconcileOptions {
  /** Renew also what is not due. Requires accounts. */
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
  const what = force ? "Renews now, even if not due:" : "Checks, and renews what is due:";
  operation.tell(wrapped(announcement(session, `${what} ${which}.`)));
  await requireConsent(operation, session, yes);

  operation.ifInterrupted = `The check may continue in AWS. To see its result, run: ${opsCommand("status", session)}`;
  const invokedAtMs = session.clock.now();
  let invocation: CheckInvocation;
  try {
    invocation = await operation.during("Checking", () =>
      invokeCheck(session, checkEvent(accountIds, force), operation.signal),
    );
  } catch (error) {
    if (!(error instanceof OpsError) || operation.signal.aborted) throw error;
    operation.tell(wrapped(error.message));
    return EXIT.notDetermined;
  }
  const { requestId, result, failure } = invocation;
  operation.print(
    result ? renderResult(session.stack, result) : wrapped(`The check failed. ${failure}`),
  );

  operation.ifInterrupted = "The check is done. Only its log was not read.";
  const isReplaced = result && (await tellReplaced(operation, session, result));
  await showLog(operation, session, { requestId, invokedAtMs });
  const isGood =
    result && !isReplaced && !result.error && result.accounts.every(({ error }) => !error);
  return isGood ? EXIT.good : EXIT.somethingToFix;
}

/** For two minutes the check treats a token that somebody else wrote as fresh: it may be another check's own. */
async function tellReplaced(
  operation: Operation,
  session: StackSession,
  { accounts }: CheckResult,
): Promise<boolean> {
  const { stack, clock, outputs } = session;
  const fresh = accounts.filter(({ outcome }) => outcome === "fresh");
  const read = await operation.during("Reading what is stored", () =>
    readAccounts(
      session,
      fresh.map(({ accountId }) => accountId),
      operation.signal,
    ),
  );
  const advice = { stack, region: outputs.region, keyState: undefined };
  const faults = read.accounts.flatMap(([accountId, reading]) => {
    const status = accountStatus(accountId, reading, clock.now());
    return status.state === "replaced" ? accountFaults(status, advice, clock.now()) : [];
  });
  for (const { message } of faults) operation.print(wrapped(message));
  return faults.length > 0;
}

function checkEvent(accountIds: readonly string[], force: boolean): CheckEvent {
  return accountIds.length > 0 ? { accounts: accountIds, ...(force && { force }) } : {};
}

/** A row for each account. Under the rows, why accounts failed, and how to find the command that fixes it. */
export function renderResult(stack: string, { accounts, error: checkError }: CheckResult): string {
  const rows = accounts.map(({ accountId, outcome, reason, expiresAt }) => [
    accountId,
    outcome,
    reason ?? "-",
    expiresAt === undefined ? "-" : readableTime(expiresAt).replace(" UTC", ""),
  ]);
  const errors = accounts.flatMap(({ accountId, error }) => (error ? [{ accountId, error }] : []));
  const failures = [...errors.map(({ error }) => error), ...(checkError ? [checkError] : [])];
  return [
    plainTable(["account", "outcome", "reason", "expires (UTC)"], rows),
    ...errors.map(({ accountId, error }) =>
      wrapped(`${accountId}: ${error.code}: ${withStack(error.message, { stack })}`),
    ),
    ...(checkError ? [wrapped(`The check: ${checkError.code}: ${checkError.message}`)] : []),
    ...(failures.some(({ code, message }) => CAUSES_IN_AWS.includes(code) && !COMMAND.test(message))
      ? [wrapped(`To see what to do, run: ${opsCommand("status", { stack })}`)]
      : []),
  ].join("\n");
}

/** Found in a message that is complete by itself. */
const COMMAND = / run:? (npm run ops -- credentials|aws ssm) /;

/** The secret, the key or a permission. `status` looks at each of them, and shows the command that helps. */
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
    if (!isComplete) operation.tell("The log is not complete yet: more lines may follow.");
  } catch (error) {
    // The result matters more, and was printed.
    if (!(error instanceof OpsError) || signal.aborted) throw error;
    operation.tell(`\n${wrapped(`Could not show the log. ${error.message}`)}`);
  }
}
