/** `status`: where each account stands, and whether people would be told. Changes nothing. */
import { styleText } from "node:util";
import { systemClock } from "../lambda/clock.ts";
import { readAccounts } from "./account-reading.ts";
import { accountFaults, accountStatus } from "./account-status.ts";
import { readAlarms, readSubscriptions, warningFaults } from "./alarm-watch.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { announcement, type StackSession } from "./stack-session.ts";
import { type Paint, renderStatus, type StatusReport } from "./status-report.ts";

export interface StatusOptions {
  readonly json: boolean;
}

/** @returns the exit status: 1 when there is a fault. */
export async function statusCommand(
  operation: Operation,
  session: StackSession,
  { json }: StatusOptions,
): Promise<number> {
  operation.tell(announcement(session, "Reads, and changes nothing."));
  const report = await operation.during("Reading", () => readReport(session, operation.signal));
  // Otherwise what was broken off by the person would be told as faults.
  operation.signal.throwIfAborted();
  const paint: Paint = (colour, text) => styleText(colour, text, { stream: process.stdout });
  operation.print(json ? JSON.stringify(report, null, 2) : `\n${renderStatus(report, paint)}`);
  return report.isGood ? 0 : 1;
}

async function readReport(session: StackSession, signal: AbortSignal): Promise<StatusReport> {
  const { stack, outputs } = session;
  const unread: string[] = [];
  const [readings, alarms, subscriptions] = await Promise.all([
    readAccounts(session, signal),
    readAlarms(session, signal).catch(asFault(unread)),
    readSubscriptions(session, signal).catch(asFault(unread)),
  ]);
  const nowMs = systemClock.now();
  const accounts = readings.accounts.map(([id, reading]) => accountStatus(id, reading, nowMs));
  const faults = [
    ...accounts.flatMap(accountFaults),
    ...warningFaults(alarms, subscriptions),
    ...readings.faults,
    ...unread,
  ];
  return {
    stack,
    awsAccountId: outputs.awsAccountId,
    region: outputs.region,
    checkedAt: new Date(nowMs).toISOString(),
    isGood: faults.length === 0,
    faults,
    accounts,
    alarms: alarms ?? null,
    subscriptions: subscriptions ?? null,
  };
}

/** One part that could not be read hides no other. */
function asFault(faults: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof OpsError)) throw error;
    faults.push(error.message);
    return undefined;
  };
}
