/** Sets one alarm to ALARM and back, and finds out which topics it notified. */
import {
  type AlarmHistoryItem,
  type CloudWatchClient,
  DescribeAlarmHistoryCommand,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import type { Clock } from "../lambda/clock.ts";
import type { AlarmView } from "./alarm-watch.ts";
import { explained } from "./aws-explanation.ts";

/** CloudWatch performs actions within seconds. */
export const ACTION_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 1_000;
/** One item for each action in the latest changes of state. */
const HISTORY_ITEMS = 10;

export interface AlarmDrill {
  readonly name: string;
  /** For each topic that should have been notified. */
  readonly actions: readonly DrilledAction[];
}

export interface DrilledAction {
  readonly topicArn: string;
  /** What CloudWatch reports about it; `undefined` if it reported nothing in time. */
  readonly summary: string | undefined;
}

/**
 * Sets the alarm to ALARM, and waits until each topic was notified.
 * @param reason - shown in the mail.
 * @throws {@link OpsError} when CloudWatch refuses.
 */
export async function fire(
  client: CloudWatchClient,
  { name }: AlarmView,
  topicArns: readonly string[],
  reason: string,
  clock: Pick<Clock, "sleep" | "timeout">,
  signal: AbortSignal,
): Promise<AlarmDrill> {
  // By CloudWatch's own times, so that this machine's clock does not matter.
  const [newest] = await actionHistory(client, name, signal);
  const beforeMs = timeOf(newest);
  await setState(client, name, "ALARM", reason, signal);
  const timeIsUp = clock.timeout(ACTION_TIMEOUT_MS);
  for (;;) {
    const history = await actionHistory(client, name, signal);
    const since = history.filter((item) => timeOf(item) > beforeMs);
    const actions = topicArns.map((topicArn) => ({
      topicArn,
      summary: summaryOf(topicArn, since),
    }));
    const isOver = actions.every(({ summary }) => summary !== undefined);
    if (isOver || timeIsUp.aborted) return { name, actions };
    await clock.sleep(POLL_INTERVAL_MS, signal);
  }
}

/** Sets the alarm to the state that it was in. @throws {@link OpsError} when CloudWatch refuses. */
export async function reset(
  client: CloudWatchClient,
  { name, state }: AlarmView,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  await setState(client, name, state === "OK" ? "OK" : "INSUFFICIENT_DATA", reason, signal);
}

/** Whether CloudWatch reports that it performed the action. Source: CloudWatch console, "History". */
export function isCarriedOut({ summary }: DrilledAction): boolean {
  return summary?.startsWith("Successfully executed action") ?? false;
}

function timeOf(item: AlarmHistoryItem | undefined): number {
  return item?.Timestamp?.getTime() ?? 0;
}

/** The whole ARN, because one topic's name may begin with another's. */
function summaryOf(topicArn: string, items: readonly AlarmHistoryItem[]): string | undefined {
  return items
    .map(({ HistorySummary = "" }) => HistorySummary)
    .find((summary) =>
      summary.split(/[\s,"]+/).some((word) => word.replace(/\.$/, "") === topicArn),
    );
}

async function setState(
  client: CloudWatchClient,
  name: string,
  state: StateValue,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  await explained(
    {
      doing: `Setting the alarm ${name} to ${state}`,
      permission: `cloudwatch:SetAlarmState on the alarm ${name}`,
    },
    () =>
      client.send(
        new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: reason }),
        { abortSignal: signal },
      ),
  );
}

/** The newest first. */
async function actionHistory(
  client: CloudWatchClient,
  name: string,
  signal: AbortSignal,
): Promise<readonly AlarmHistoryItem[]> {
  const { AlarmHistoryItems = [] } = await explained(
    {
      doing: `Reading the history of the alarm ${name}`,
      permission: `cloudwatch:DescribeAlarmHistory on the alarm ${name}`,
    },
    () =>
      client.send(
        new DescribeAlarmHistoryCommand({
          AlarmName: name,
          HistoryItemType: "Action",
          ScanBy: "TimestampDescending",
          MaxRecords: HISTORY_ITEMS,
        }),
        { abortSignal: signal },
      ),
  );
  return AlarmHistoryItems;
}
