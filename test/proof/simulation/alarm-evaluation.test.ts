/**
 * The rows of the tables in the CloudWatch user guide, "Configuring how CloudWatch alarms treat
 * missing data", "How alarm state is evaluated when data is missing":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * As there, `0` is a good datapoint, `X` a breaching one, `-` a missing one, the latest at the end.
 */
import { describe, expect, test } from "@jest/globals";
import { ALARMS, type AlarmDefinition } from "../../../infra/alarm-definitions.ts";
import {
  type AlarmState,
  evaluateAlarm,
  evaluationRange,
} from "../../../proof/simulation/alarm-evaluation.ts";

const STATES: readonly AlarmState[] = ["OK", "ALARM", "INSUFFICIENT_DATA"];

const KEEPS = "keeps";
type Verdict = AlarmState | typeof KEEPS;
type Row = readonly [points: string, ignore: Verdict, breaching: Verdict, notBreaching: Verdict];

const THREE_OF_THREE: readonly Row[] = [
  ["0 - X - X", "OK", "OK", "OK"],
  ["0 - - - -", "OK", "OK", "OK"],
  ["- - - - -", KEEPS, "ALARM", "OK"],
  ["0 X X - X", "ALARM", "ALARM", "ALARM"],
  ["- - - - X", KEEPS, "ALARM", "OK"],
  ["- - X - -", KEEPS, "ALARM", "OK"],
  ["X - - - -", KEEPS, "ALARM", "OK"],
];

const TWO_OF_THREE: readonly Row[] = [
  ["0 - X - X", "ALARM", "ALARM", "ALARM"],
  ["0 0 X 0 X", "ALARM", "ALARM", "ALARM"],
  ["0 - X - -", "OK", "ALARM", "OK"],
  ["- - - - 0", "OK", "ALARM", "OK"],
  ["- - - X -", KEEPS, "ALARM", "OK"],
  ["- - - - X", KEEPS, "ALARM", "OK"],
];

// The guide's first figure and its text, without missing data.
const WITHOUT_GAPS: readonly Row[] = [
  ["0 0 X X X", "ALARM", "ALARM", "ALARM"],
  ["X X X X 0", "OK", "OK", "OK"],
  ["0 0 0 0 X", "OK", "OK", "OK"],
];

describe("An alarm of 3 datapoints in 3 periods", () => {
  test.each(rows(3, [...THREE_OF_THREE, ...WITHOUT_GAPS]))(
    "with $points and missing data $treatMissingData comes out as $verdict from $current",
    expectVerdict,
  );
});

describe("An alarm of 2 datapoints in 3 periods", () => {
  test.each(rows(2, TWO_OF_THREE))(
    "with $points and missing data $treatMissingData comes out as $verdict from $current",
    expectVerdict,
  );
});

describe("The threshold", () => {
  test.each([
    ["LessThanThreshold", 9.999, "ALARM"],
    ["LessThanThreshold", 10, "OK"],
    ["GreaterThanOrEqualToThreshold", 9.999, "OK"],
    ["GreaterThanOrEqualToThreshold", 10, "ALARM"],
  ] as const)("of 10 with %s is told of %d as %s", (comparisonOperator, value, state) => {
    const one = { ...alarm(1, "ignore"), evaluationPeriods: 1, comparisonOperator, threshold: 10 };
    expect(evaluateAlarm(one, [value, undefined, undefined], "INSUFFICIENT_DATA")).toBe(state);
  });
});

describe("The evaluation range", () => {
  test("of 3 periods is the 5 that the guide gives", () => {
    expect(evaluationRange(alarm(3, "ignore"))).toBe(5);
  });

  test.each(ALARMS)("of $name is longer than its periods", (definition) => {
    expect(evaluationRange(definition)).toBeGreaterThan(definition.evaluationPeriods);
  });
});

interface Case {
  readonly datapointsToAlarm: number;
  readonly treatMissingData: AlarmDefinition["treatMissingData"];
  readonly points: string;
  readonly current: AlarmState;
  readonly verdict: Verdict;
}

/** Each row with each way to treat missing data, from each state. */
function rows(datapointsToAlarm: number, table: readonly Row[]): Case[] {
  return table.flatMap(([points, ignore, breaching, notBreaching]) =>
    Object.entries({ ignore, breaching, notBreaching } as const).flatMap(([treatment, verdict]) =>
      STATES.map((current) => ({
        datapointsToAlarm,
        // `Object.entries` widens the keys, which are the three treatments just given.
        treatMissingData: treatment as AlarmDefinition["treatMissingData"],
        points,
        current,
        verdict,
      })),
    ),
  );
}

function expectVerdict({ datapointsToAlarm, treatMissingData, points, current, verdict }: Case) {
  const values = points
    .split(" ")
    .map((point) => (point === "-" ? undefined : point === "X" ? 1 : 0))
    .reverse();
  expect(evaluateAlarm(alarm(datapointsToAlarm, treatMissingData), values, current)).toBe(
    verdict === KEEPS ? current : verdict,
  );
}

function alarm(
  datapointsToAlarm: number,
  treatMissingData: AlarmDefinition["treatMissingData"],
): AlarmDefinition {
  return {
    name: "renewals-failing",
    namespace: "Any",
    metricName: "Any",
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm,
    treatMissingData,
    meaning: "Any.",
  };
}
