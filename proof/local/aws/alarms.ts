/**
 * Amazon CloudWatch: metric alarms, their states and what happens when a state changes. They are not
 * evaluated: a state is what was set last. Called by `aws-stand-in.ts`.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html and its
 * neighbours
 */
import type { PutMetricAlarmCommandInput, StateValue } from "@aws-sdk/client-cloudwatch";
import type { InferOutput } from "valibot";
import { actionItem, type HistoryItem, stateUpdateItem } from "./alarm-history.ts";
import * as inputs from "./alarm-inputs.ts";
import { AwsError } from "./aws-error.ts";
import { type Operation, operation } from "./aws-operation.ts";
import { page } from "./paging.ts";
import type { Topics } from "./topics.ts";

/** An alarm as it is created, in the members of the API. */
export type AlarmSettings = Omit<PutMetricAlarmCommandInput, "AlarmName"> & {
  readonly AlarmName: string;
};

interface Alarm {
  readonly settings: AlarmSettings;
  state: StateValue;
  reason: string;
  reasonData: string | undefined;
  updatedMs: number;
  changedMs: number;
}

/** The alarms of one account and Region. */
export class Alarms {
  readonly operations = new Map<string, Operation>([
    ["DescribeAlarms", operation(inputs.DescribeAlarmsInput, this.#describe.bind(this))],
    ["SetAlarmState", operation(inputs.SetAlarmStateInput, this.#setState.bind(this))],
    [
      "DescribeAlarmHistory",
      operation(inputs.DescribeAlarmHistoryInput, this.#describeHistory.bind(this)),
    ],
  ]);

  readonly #arnPrefix: string;
  readonly #topics: Topics;
  readonly #now: () => number;
  readonly #alarms = new Map<string, Alarm>();
  readonly #history: HistoryItem[] = [];

  constructor(options: {
    place: { region: string; accountId: string };
    topics: Topics;
    now: () => number;
  }) {
    const { region, accountId } = options.place;
    this.#arnPrefix = `arn:aws:cloudwatch:${region}:${accountId}:alarm:`;
    this.#topics = options.topics;
    this.#now = options.now;
  }

  /** Creates an alarm, in the state that a new one has. */
  put(settings: AlarmSettings): void {
    const nowMs = this.#now();
    this.#alarms.set(settings.AlarmName, {
      settings,
      state: "INSUFFICIENT_DATA",
      reason: "Unchecked: Initial alarm creation",
      reasonData: undefined,
      updatedMs: nowMs,
      changedMs: nowMs,
    });
  }

  /** Sets the state as an evaluation does. Throws {@link AwsError} where there is no such alarm. */
  setState(name: string, state: StateValue, reason: string, reasonData?: string): void {
    const alarm = this.#alarms.get(name);
    if (!alarm) throw new AwsError("ResourceNotFound", "Alarm not found", 404);
    const before = { state: alarm.state, reason: alarm.reason };
    Object.assign(alarm, { state, reason, reasonData, updatedMs: this.#now() });
    if (before.state === state) return;
    alarm.changedMs = alarm.updatedMs;
    this.#history.push(stateUpdateItem(name, alarm.changedMs, before, { state, reason }));
    if (alarm.settings.ActionsEnabled ?? true) this.#act(alarm);
  }

  clear(): void {
    this.#alarms.clear();
    this.#history.length = 0;
  }

  #act({ settings, state, reason, changedMs }: Alarm): void {
    const actions = {
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
    for (const topicArn of actions ?? []) {
      let failure: string | undefined;
      try {
        this.#topics.publish(topicArn, `${state}: "${AlarmName}"`, message);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
      this.#history.push(actionItem(AlarmName, changedMs, topicArn, failure));
    }
  }

  #describe(input: InferOutput<typeof inputs.DescribeAlarmsInput>) {
    const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, MaxRecords } = input;
    if (AlarmNames && AlarmNamePrefix !== undefined) {
      throw new AwsError(
        "ValidationException",
        "You can specify either AlarmNames or AlarmNamePrefix, but not both.",
      );
    }
    const matching = [...this.#alarms.values()].filter(
      ({ settings: { AlarmName }, state }) =>
        AlarmTypes.includes("MetricAlarm") &&
        (AlarmNames?.includes(AlarmName) ?? true) &&
        AlarmName.startsWith(AlarmNamePrefix ?? "") &&
        (StateValue ?? state) === state,
    );
    const { items, nextToken } = page(matching, MaxRecords, input.NextToken, refuseToken);
    return {
      CompositeAlarms: [],
      MetricAlarms: items.map((alarm) => this.#view(alarm)),
      NextToken: nextToken,
    };
  }

  #view({ settings, state, reason, reasonData, updatedMs, changedMs }: Alarm) {
    return {
      ActionsEnabled: true,
      OKActions: [],
      AlarmActions: [],
      InsufficientDataActions: [],
      ...settings,
      AlarmArn: this.#arnPrefix + settings.AlarmName,
      StateValue: state,
      StateReason: reason,
      StateReasonData: reasonData,
      StateUpdatedTimestamp: updatedMs / 1000,
      StateTransitionedTimestamp: changedMs / 1000,
    };
  }

  #setState(input: InferOutput<typeof inputs.SetAlarmStateInput>) {
    this.setState(input.AlarmName, input.StateValue, input.StateReason, input.StateReasonData);
    return {};
  }

  #describeHistory(input: InferOutput<typeof inputs.DescribeAlarmHistoryInput>) {
    const { AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate, ScanBy } = input;
    const matching = this.#history.filter(
      (item) =>
        AlarmTypes.includes("MetricAlarm") &&
        (AlarmName ?? item.AlarmName) === item.AlarmName &&
        (HistoryItemType ?? item.HistoryItemType) === item.HistoryItemType &&
        item.Timestamp >= StartDate &&
        item.Timestamp <= EndDate,
    );
    const ordered = ScanBy === "TimestampAscending" ? matching : matching.reverse();
    const { items, nextToken } = page(ordered, input.MaxRecords, input.NextToken, refuseToken);
    return { AlarmHistoryItems: items, NextToken: nextToken };
  }
}

function refuseToken(): never {
  throw new AwsError("InvalidNextToken", "The next token specified is invalid.");
}
