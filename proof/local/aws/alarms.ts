/**
 * Amazon CloudWatch: metric alarms, their states and what happens when a state changes. They are not
 * evaluated: a state is what was set last.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html and its
 * neighbours
 */
import type { PutMetricAlarmCommandInput, StateValue } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, operation } from "./aws-operation.ts";
import type { Topics } from "./topics.ts";

/** An alarm as it is created, in the members of the API. */
export type AlarmSettings = Omit<PutMetricAlarmCommandInput, "AlarmName"> & {
  readonly AlarmName: string;
};

interface Alarm {
  readonly settings: AlarmSettings;
  state: StateValue;
  reason: string;
  changedMs: number;
  readonly createdMs: number;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html */
interface HistoryItem {
  readonly AlarmName: string;
  /** Seconds since the epoch. */
  readonly Timestamp: number;
  readonly HistoryItemType: "Action";
  readonly HistorySummary: string;
}

const DescribeAlarmsInput = v.strictObject({
  AlarmNames: v.pipe(v.array(v.string()), v.maxLength(100)),
});

const SetAlarmStateInput = v.strictObject({
  AlarmName: v.string(),
  StateValue: v.picklist(["OK", "ALARM", "INSUFFICIENT_DATA"]),
  StateReason: v.pipe(v.string(), v.maxLength(1023)),
});

const DescribeAlarmHistoryInput = v.strictObject({
  AlarmName: v.string(),
  HistoryItemType: v.literal("Action"),
  ScanBy: v.literal("TimestampDescending"),
  MaxRecords: v.number(),
});

/** The alarms of one account and Region. */
export class Alarms {
  readonly operations = new Map<string, Operation>([
    ["DescribeAlarms", operation(DescribeAlarmsInput, this.#describe.bind(this))],
    ["SetAlarmState", operation(SetAlarmStateInput, this.#setState.bind(this))],
    ["DescribeAlarmHistory", operation(DescribeAlarmHistoryInput, this.#history.bind(this))],
  ]);

  readonly #topics: Topics;
  readonly #now: () => number;
  readonly #alarms = new Map<string, Alarm>();
  /** The newest first. */
  readonly #actions: HistoryItem[] = [];

  constructor(options: { topics: Topics; now: () => number }) {
    this.#topics = options.topics;
    this.#now = options.now;
  }

  /** Creates an alarm, in the state that a new one has. */
  put(settings: AlarmSettings): void {
    this.#alarms.set(settings.AlarmName, {
      settings,
      state: "INSUFFICIENT_DATA",
      reason: "Unchecked: Initial alarm creation",
      changedMs: this.#now(),
      createdMs: this.#now(),
    });
  }

  /** Sets the state as an evaluation does. Throws {@link AwsError} if there is no such alarm. */
  setState(name: string, state: StateValue, reason: string): void {
    const alarm = this.#alarms.get(name);
    if (!alarm) throw new AwsError("ResourceNotFound", "Alarm not found", 404);
    const isChange = alarm.state !== state;
    Object.assign(alarm, { state, reason });
    if (!isChange) return;
    alarm.changedMs = this.#now();
    if ((alarm.settings.ActionsEnabled ?? true) && !this.#isWarmingUp(alarm)) this.#act(alarm);
  }

  /**
   * CloudWatch performs no action then:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
   */
  #isWarmingUp({ settings, createdMs }: Alarm): boolean {
    const minutes = settings.WarmUpConfiguration?.WarmUpPeriodDurationInMinutes ?? 0;
    return this.#now() < createdMs + minutes * 60_000;
  }

  clear(): void {
    this.#alarms.clear();
    this.#actions.length = 0;
  }

  /**
   * The summaries are in CloudWatch's words, as people have met them:
   * https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
   */
  #act({ settings, state, reason, changedMs }: Alarm): void {
    const topicArns = {
      OK: settings.OKActions,
      ALARM: settings.AlarmActions,
      INSUFFICIENT_DATA: settings.InsufficientDataActions,
    }[state];
    const { AlarmName, AlarmDescription } = settings;
    const message = JSON.stringify({
      AlarmName,
      AlarmDescription,
      NewStateValue: state,
      NewStateReason: reason,
    });
    for (const topicArn of topicArns ?? []) {
      let HistorySummary = `Successfully executed action ${topicArn}`;
      try {
        this.#topics.publish(topicArn, `${state}: "${AlarmName}"`, message);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        HistorySummary = `Failed to execute action ${topicArn}. Received error: "${error.message}"`;
      }
      const Timestamp = changedMs / 1000;
      this.#actions.unshift({ AlarmName, Timestamp, HistoryItemType: "Action", HistorySummary });
    }
  }

  #describe({ AlarmNames }: v.InferOutput<typeof DescribeAlarmsInput>) {
    const found = [...this.#alarms.values()].filter(({ settings }) =>
      AlarmNames.includes(settings.AlarmName),
    );
    return {
      MetricAlarms: found.map(({ settings, state, reason, changedMs, createdMs }) => ({
        ActionsEnabled: true,
        ...settings,
        AlarmConfigurationUpdatedTimestamp: createdMs / 1000,
        StateValue: state,
        StateReason: reason,
        StateTransitionedTimestamp: changedMs / 1000,
      })),
    };
  }

  #setState(input: v.InferOutput<typeof SetAlarmStateInput>) {
    this.setState(input.AlarmName, input.StateValue, input.StateReason);
    return {};
  }

  #history({ AlarmName, MaxRecords }: v.InferOutput<typeof DescribeAlarmHistoryInput>) {
    const found = this.#actions.filter((item) => item.AlarmName === AlarmName);
    return { AlarmHistoryItems: found.slice(0, MaxRecords) };
  }
}
