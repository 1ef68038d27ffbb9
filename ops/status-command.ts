/** `status`: the state of each account, and whether alarms notify someone. Changes nothing. */
import { styleText } from "node:util";
import { accountFaults } from "./account-faults.ts";
import { readAccounts } from "./account-reading.ts";
import { type AccountStatus, accountStatus } from "./account-status.ts";
import { alarmFaults, alarmStatus } from "./alarm-faults.ts";
import { readAlarms } from "./alarm-watch.ts";
import { isKeyOff, keyFaults, readKey } from "./encryption-key.ts";
import { exitStatusOf, type Fault, notDetermined } from "./fault.ts";
import { muteFaults, readMuteRules } from "./mute-rules.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { deployCommand, type StackAdvice } from "./stack-commands.ts";
import { announcement, type StackSession } from "./stack-session.ts";
import { type Paint, renderStatus, type StatusReport } from "./status-report.ts";
import { subscriptionFaults } from "./subscription-faults.ts";
import { hiddenTopics, listedSubscriptions, readTopic } from "./subscription-watch.ts";
import { wrapped } from "./wrapped-text.ts";

export interface StatusOptions {
  readonly json: boolean;
}

/** @returns the exit status, see {@link exitStatusOf}. */
export async function statusCommand(
  operation: Operation,
  session: StackSession,
  { json }: StatusOptions,
): Promise<number> {
  operation.tell(wrapped(announcement(session, "Reads only, and changes nothing.")));
  const readings = await operation.during("Reading", () => readAll(session, operation.signal));
  // Otherwise the interrupted reads would be shown as faults.
  operation.signal.throwIfAborted();
  const report = toReport(session, readings, session.clock.now());
  const paint: Paint = (colour, text) => styleText(colour, text, { stream: process.stdout });
  operation.print(json ? JSON.stringify(report, null, 2) : `\n${renderStatus(report, paint)}`);
  return exitStatusOf(report.faults);
}

type StatusReadings = Awaited<ReturnType<typeof readAll>>;

/** A part that could not be read does not hide the others. */
async function readAll(session: StackSession, signal: AbortSignal) {
  const { accountIds, alarmTopicArn, urgentAlarmTopicArn, alarmEmails = [] } = session.outputs;
  const unread: Fault[] = [];
  const orFault = <Result>(reading: Promise<Result>): Promise<Result | null> =>
    reading.catch((error: unknown) => {
      if (!(error instanceof OpsError)) throw error;
      unread.push(notDetermined(error.message));
      return null;
    });
  const [accounts, key, alarms, muteRules, ...topics] = await Promise.all([
    readAccounts(session, accountIds, signal),
    readKey(session, signal),
    orFault(readAlarms(session, signal)),
    orFault(readMuteRules(session, signal)),
    orFault(readTopic(session, alarmTopicArn, alarmEmails, signal)),
    ...(urgentAlarmTopicArn ? [orFault(readTopic(session, urgentAlarmTopicArn, [], signal))] : []),
  ]);
  return { accounts, key, alarms, muteRules, topics, unread };
}

/** Faults are in the order of repair. A disabled key comes first, because it causes others. */
function toReport(
  { stack, outputs }: StackSession,
  { accounts: { accounts: read, faults: unreadAccounts }, key, ...rest }: StatusReadings,
  nowMs: number,
): StatusReport {
  const { region, awsAccountId } = outputs;
  const keyView = "state" in key ? key : undefined;
  const advice: StackAdvice = { stack, region, keyState: keyView?.state };
  const accounts = read
    .map(([id, reading]) => accountStatus(id, reading, nowMs))
    .map((account) => (isKeyOff(advice) ? unreadable(account) : account));
  const alarms = rest.alarms?.map((alarm) => alarmStatus(alarm, accounts, advice, nowMs)) ?? null;
  const topics = rest.topics.filter((topic) => topic !== null);
  const causes = [
    ...(keyView ? keyFaults(keyView, advice) : []),
    ...accounts.flatMap((account) => accountFaults(account, advice, nowMs)),
  ];
  const faults = [
    ...causes,
    // If the alarms could not be read, none may be reported as missing.
    ...(alarms ? alarmFaults(alarms, accounts, advice, nowMs, causes) : []),
    ...muteFaults(rest.muteRules ?? [], alarms ?? [], advice, nowMs),
    ...topics.flatMap((topic) => subscriptionFaults(topic, advice)),
    ...("state" in key ? [] : [key]),
    ...unreadAccounts,
    ...rest.unread,
    ...(outputs.alarmEmails ? [] : [addressesUnknown(advice)]),
  ];
  return {
    stack,
    awsAccountId,
    region,
    checkedAt: new Date(nowMs).toISOString(),
    ok: faults.length === 0,
    faults,
    accounts,
    key: keyView ?? null,
    alarms,
    muteRules: rest.muteRules,
    subscriptions: listedSubscriptions(topics),
    hiddenTopics: hiddenTopics(topics),
  };
}

/** Services cannot decrypt it, whatever is left of its lifetime. */
function unreadable(account: AccountStatus): AccountStatus {
  return account.expiresAt === null ? account : { ...account, state: "unreadable" };
}

function addressesUnknown(advice: StackAdvice): Fault {
  return notDetermined(
    `The configured e-mail addresses were not checked. The previous version deployed stack ${advice.stack}, so its outputs have no alarmEmails. Run: ${deployCommand(advice)}`,
  );
}
