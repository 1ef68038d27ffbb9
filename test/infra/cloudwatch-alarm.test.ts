import { describe, expect, test } from "@jest/globals";
import {
  ALARM_PERIOD_SECONDS,
  ALARMS,
  type AlarmDefinition,
} from "../../infra/alarm-definitions.ts";
import { nextState, stateChanges } from "./cloudwatch-alarm.ts";

/** As the guide draws them: the latest on the right, X breaching, 0 not, - missing. */
function datapoints(drawing: string): (number | undefined)[] {
  const values = new Map([
    ["X", 1],
    ["0", 0],
  ]);
  return drawing
    .split(" ")
    .reverse()
    .map((it) => values.get(it));
}

/**
 * The state of the guide's alarms; where the current one is retained, that is told.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function stateOf(
  drawing: string,
  datapointsToAlarm: number,
  treatMissingData: AlarmDefinition["treatMissingData"],
): string {
  const alarm = {
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm,
    treatMissingData,
  } as const;
  const from = (current: "OK" | "ALARM") => nextState(alarm, datapoints(drawing), current);
  return from("OK") === from("ALARM") ? from("OK") : "retained";
}

describe("The guide's examples", () => {
  test.each([
    [3, "0 - X - X", "OK", "OK", "OK"],
    [3, "0 - - - -", "OK", "OK", "OK"],
    [3, "- - - - -", "retained", "ALARM", "OK"],
    [3, "0 X X - X", "ALARM", "ALARM", "ALARM"],
    [3, "- - X - -", "retained", "ALARM", "OK"],
    [2, "0 - X - X", "ALARM", "ALARM", "ALARM"],
    [2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM"],
    [2, "0 - X - -", "OK", "ALARM", "OK"],
    [2, "- - - - 0", "OK", "ALARM", "OK"],
    [2, "- - - X -", "retained", "ALARM", "OK"],
  ])("%i of 3, %s", (datapointsToAlarm, drawing, ignore, breaching, notBreaching) => {
    expect(stateOf(drawing, datapointsToAlarm, "ignore")).toBe(ignore);
    expect(stateOf(drawing, datapointsToAlarm, "breaching")).toBe(breaching);
    expect(stateOf(drawing, datapointsToAlarm, "notBreaching")).toBe(notBreaching);
  });
});

describe("Over time", () => {
  const [silent] = ALARMS.filter(({ name }) => name === "rotation-silent");
  const once = (minute: number, delay = 0) => [
    { atMinute: minute, visibleAtMinute: minute + delay, value: 1 },
  ];

  test.each([0, 2])(
    "data counts for as long as it is looked back to, %i periods further",
    (extra) => {
      const short = alarmOf({ evaluationPeriods: 2, datapointsToAlarm: 2, warmUpMinutes: 0 });
      expect(stateChanges(short, once(0), 60, extra)).toEqual([
        { minute: 0, state: "ALARM" },
        { minute: 1, state: "OK" },
        { minute: 1 + (ALARM_PERIOD_SECONDS / 60) * (2 + extra), state: "ALARM" },
      ]);
    },
  );

  test("data counts from when it has come", () => {
    const short = alarmOf({ evaluationPeriods: 2, datapointsToAlarm: 2, warmUpMinutes: 0 });
    expect(stateChanges(short, once(0, 3), 12)).toContainEqual({ minute: 3, state: "OK" });
  });

  test("nothing is evaluated before the warm-up is over", () => {
    const warm = alarmOf({ warmUpMinutes: 12 });
    expect(stateChanges(warm, [], 20)).toEqual([{ minute: 12, state: "ALARM" }]);
  });

  function alarmOf(differences: Partial<AlarmDefinition>): AlarmDefinition {
    if (!silent) throw new Error("there is no alarm rotation-silent");
    return { ...silent, ...differences };
  }
});
