/**
 * The rows of the tables in the CloudWatch user guide, "Configuring how CloudWatch alarms treat
 * missing data", "How alarm state is evaluated when data is missing":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * As there, `0` is a good datapoint, `X` a breaching one, `-` a missing one, the latest at the end.
 */
import { describe, expect, test } from "@jest/globals";
import type { AlarmDefinition, AlarmMetric } from "../../../infra/alarm-definitions.ts";
import { MINUTE_MS } from "../../../proof/durations.ts";
import { type AlarmState, evaluateAlarm } from "../../../proof/simulation/alarm-evaluation.ts";
import { AlarmModel } from "../../../proof/simulation/alarm-model.ts";

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
  ] as const)("of 10 with %s makes of %d %s", (comparisonOperator, value, state) => {
    const one = { ...alarm(1, "ignore"), evaluationPeriods: 1, comparisonOperator, threshold: 10 };
    expect(evaluateAlarm(one, [value, undefined, undefined], "INSUFFICIENT_DATA")).toBe(state);
  });
});

describe("Over time", () => {
  const silent = { ...alarm(2, "breaching"), evaluationPeriods: 2 };
  const ofStack = (metric: AlarmMetric): AlarmDefinition => ({
    ...{ kind: "renewals-failing", isPerAccount: false, isUrgent: false, metric },
  });
  const modelOf = (definition: AlarmDefinition, furtherPeriods?: number) =>
    new AlarmModel({ createdAtMs: 0, alarms: [definition], accountIds: [], furtherPeriods });

  /** The state's changes, by minute, of an alarm that is created at minute 0. */
  function changesOf(
    definition: AlarmDefinition,
    { delayMinutes = 0, furtherPeriods = 2 } = {},
  ): [number, AlarmState][] {
    const model = modelOf(definition, furtherPeriods);
    model.record("Any", 0, { atMs: 0, delayMs: delayMinutes * MINUTE_MS });
    for (let minute = 0; minute <= 20; minute += 1) model.evaluate(minute * MINUTE_MS);
    return model.changes.map(({ atMs, state }) => [atMs / MINUTE_MS, state]);
  }

  test("data counts for its periods, and for two more as in the guide's example", () => {
    expect(changesOf(ofStack(silent))).toEqual([
      [0, "ALARM"],
      [1, "OK"],
      [5, "ALARM"],
    ]);
    expect(changesOf(ofStack(silent), { furtherPeriods: 10 }).at(-1)).toEqual([13, "ALARM"]);
  });

  test("data counts from its arrival", () => {
    expect(changesOf(ofStack(silent), { delayMinutes: 3 })).toContainEqual([3, "OK"]);
  });

  test("nothing is evaluated before the warm-up is over", () => {
    expect(changesOf({ ...ofStack(silent), warmUpMinutes: 12 })).toEqual([[12, "ALARM"]]);
  });

  test("each account's alarm watches its own metric, and is deleted with the account", () => {
    const definition: AlarmDefinition = {
      ...{ kind: "token-at-risk", isPerAccount: true, isUrgent: true, metric: alarm(1, "ignore") },
    };
    const accountIds = ["A", "B"];
    const model = new AlarmModel({ createdAtMs: 0, alarms: [definition], accountIds });
    model.record("Any", 1, { atMs: 0, delayMs: 0, accountId: "A" });
    model.record("Any", 0, { atMs: 0, delayMs: 0, accountId: "B" });
    model.record("Any", 1, { atMs: 0, delayMs: 0 });
    model.evaluate(MINUTE_MS);
    expect(model.changes.map(({ accountId, state }) => [accountId, state])).toEqual([
      ["A", "ALARM"],
      ["B", "OK"],
    ]);
    expect(["A", "B"].map((id) => model.isInAlarm(id))).toEqual([true, false]);
    model.removeAccount("A");
    model.evaluate(30 * MINUTE_MS);
    expect([model.isInAlarm(), model.changes.length]).toEqual([false, 2]);
  });

  test("values of one period are joined by the statistic", () => {
    const summed = { ...alarm(1, "ignore"), evaluationPeriods: 1, threshold: 3 };
    const stateOf = (statistic: AlarmMetric["statistic"]) => {
      const model = modelOf(ofStack({ ...summed, statistic }));
      for (const value of [1, 2]) model.record("Any", value, { atMs: 0, delayMs: 0 });
      model.evaluate(MINUTE_MS);
      return model.changes.at(-1)?.state;
    };
    expect([stateOf("Sum"), stateOf("Minimum")]).toEqual(["ALARM", "OK"]);
  });
});

interface Case {
  readonly datapointsToAlarm: number;
  readonly treatMissingData: AlarmMetric["treatMissingData"];
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
        treatMissingData: treatment as AlarmMetric["treatMissingData"],
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
  treatMissingData: AlarmMetric["treatMissingData"],
): AlarmMetric {
  return {
    namespace: "Any",
    metricName: "Any",
    statistic: "Sum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm,
    treatMissingData,
  };
}
