/**
 * What CloudWatch writes down of an alarm, in the members of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html.
 * Used by `alarms.ts`.
 */

export interface HistoryItem {
  readonly AlarmName: string;
  readonly AlarmType: "MetricAlarm";
  /** Seconds since the epoch. */
  readonly Timestamp: number;
  readonly HistoryItemType: "StateUpdate" | "Action";
  readonly HistorySummary: string;
  /** JSON. */
  readonly HistoryData: string;
}

interface AlarmState {
  readonly state: string;
  readonly reason: string;
}

export function stateUpdateItem(
  alarmName: string,
  timeMs: number,
  before: AlarmState,
  after: AlarmState,
): HistoryItem {
  const view = ({ state, reason }: AlarmState) => ({ stateValue: state, stateReason: reason });
  return {
    AlarmName: alarmName,
    AlarmType: "MetricAlarm",
    Timestamp: timeMs / 1000,
    HistoryItemType: "StateUpdate",
    HistorySummary: `Alarm updated from ${before.state} to ${after.state}`,
    HistoryData: JSON.stringify({ version: "1.0", oldState: view(before), newState: view(after) }),
  };
}

/**
 * In CloudWatch's words, as people have met them: https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
 * @param failure - why the action failed; absent where it succeeded.
 */
export function actionItem(
  alarmName: string,
  timeMs: number,
  actionArn: string,
  failure: string | undefined,
): HistoryItem {
  return {
    AlarmName: alarmName,
    AlarmType: "MetricAlarm",
    Timestamp: timeMs / 1000,
    HistoryItemType: "Action",
    HistorySummary:
      failure === undefined
        ? `Successfully executed action ${actionArn}`
        : `Failed to execute action ${actionArn}. Received error: "${failure}"`,
    HistoryData: JSON.stringify({
      actionState: failure === undefined ? "Succeeded" : "Failed",
      notificationResource: actionArn,
      ...(failure !== undefined && { error: failure }),
    }),
  };
}
