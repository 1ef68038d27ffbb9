/**
 * The inputs of CloudWatch's alarm operations, with the constraints of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html and its
 * neighbours. Used by `alarms.ts`.
 */
import * as v from "valibot";
import { list, text } from "./aws-operation.ts";

const AlarmName = text({ min: 1, max: 255 });
const AlarmTypes = v.optional(v.array(v.picklist(["MetricAlarm", "CompositeAlarm", "LogAlarm"])), [
  "MetricAlarm",
]);
const State = v.picklist(["OK", "ALARM", "INSUFFICIENT_DATA"]);
const MaxRecords = v.optional(
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1, "Member must have value greater than or equal to 1"),
    v.maxValue(100, "Member must have value less than or equal to 100"),
  ),
  100,
);
const NextToken = v.optional(v.string());

export const DescribeAlarmsInput = v.object({
  AlarmNames: v.optional(list(AlarmName, { max: 100 })),
  AlarmNamePrefix: v.optional(AlarmName),
  AlarmTypes,
  StateValue: v.optional(State),
  MaxRecords,
  NextToken,
});

export const SetAlarmStateInput = v.object({
  AlarmName,
  StateValue: State,
  StateReason: text({ max: 1023 }),
  StateReasonData: v.optional(text({ max: 4000 })),
});

/** Dates in seconds since the epoch. */
export const DescribeAlarmHistoryInput = v.object({
  AlarmName: v.optional(AlarmName),
  AlarmTypes,
  HistoryItemType: v.optional(v.picklist(["ConfigurationUpdate", "StateUpdate", "Action"])),
  StartDate: v.optional(v.number(), 0),
  EndDate: v.optional(v.number(), Number.MAX_SAFE_INTEGER),
  MaxRecords,
  NextToken,
  ScanBy: v.optional(v.picklist(["TimestampDescending", "TimestampAscending"])),
});
