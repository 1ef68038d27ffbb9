/** Sets one alarm on and back, and sees whether that told the topic. */
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

/** CloudWatch carries actions out within seconds. */
export const ACTION_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 1_000;

export interface AlarmDrill {
  readonly name: string;
  /** What CloudWatch says of the alarm's action; `undefined` when it said nothing in time. */
  readonly action: string | undefined;
}

/**
 * Sets the alarm on, and waits until its action was carried out.
 * @param reason - goes into the mail.
 * @throws {@link OpsError} when CloudWatch refuses.
 */
export async function setOff(
  client: CloudWatchClient,
  { name }: AlarmView,
  reason: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<AlarmDrill> {
  // By CloudWatch's own times, so that no clock of ours is compared with them.
  const beforeMs = (await newestAction(client, name, signal))?.Timestamp?.getTime() ?? 0;
  await setState(client, name, "ALARM", reason, signal);
  const deadlineMs = clock.now() + ACTION_TIMEOUT_MS;
  for (;;) {
    const action = await newestAction(client, name, signal);
    if (action?.Timestamp && action.Timestamp.getTime() > beforeMs) {
      return { name, action: action.HistorySummary };
    }
    if (clock.now() >= deadlineMs) return { name, action: undefined };
    await clock.sleep(POLL_INTERVAL_MS, signal);
  }
}

/** Sets the alarm back to the state that it was in. @throws {@link OpsError} when CloudWatch refuses. */
export async function setBack(
  client: CloudWatchClient,
  { name, state }: AlarmView,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  await setState(client, name, state === "OK" ? "OK" : "INSUFFICIENT_DATA", reason, signal);
}

/** Whether CloudWatch says that the action was carried out. Source: CloudWatch console, "History". */
export function isCarriedOut({ action }: AlarmDrill): boolean {
  return action?.startsWith("Successfully executed action") ?? false;
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

async function newestAction(
  client: CloudWatchClient,
  name: string,
  signal: AbortSignal,
): Promise<AlarmHistoryItem | undefined> {
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
          MaxRecords: 1,
        }),
        { abortSignal: signal },
      ),
  );
  return AlarmHistoryItems[0];
}
