/**
 * How CloudWatch decides on an alarm, pure. Follows the CloudWatch user guide, "Evaluating an alarm"
 * and "Configuring how CloudWatch alarms treat missing data".
 */
import type { AlarmMetric } from "../../infra/alarm-definitions.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/**
 * How many periods CloudWatch looks at beyond those of the alarm. The guide gives 5 for 3 and says "more
 * than the number of periods", so two more is this model's reading of it; tests try more.
 */
export const FURTHER_PERIODS = 2;

/**
 * The state after an evaluation.
 * @param values - of the alarm's periods and the further ones, the latest first; `undefined` where no
 * data has come.
 */
export function evaluateAlarm(
  metric: AlarmMetric,
  values: readonly (number | undefined)[],
  current: AlarmState,
): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = metric;
  const existing = values.filter((value) => value !== undefined);
  const recent = values.slice(0, evaluationPeriods);
  // Real data, if need be from further back, counts before anything is said of missing data.
  const judged = recent.every((value) => value !== undefined)
    ? recent
    : existing.slice(0, evaluationPeriods);
  const breaching = judged.filter((value) => value !== undefined && isBreaching(metric, value));
  const missing = evaluationPeriods - judged.length;
  if (breaching.length >= datapointsToAlarm) return "ALARM";
  if (missing === 0) return "OK";
  switch (treatMissingData) {
    case "breaching":
      return breaching.length + missing >= datapointsToAlarm ? "ALARM" : "OK";
    case "notBreaching":
      return "OK";
    case "ignore":
      // The guide's tables: a good datapoint among those judged makes it OK all the same.
      return breaching.length < judged.length ? "OK" : current;
  }
}

function isBreaching({ comparisonOperator, threshold }: AlarmMetric, value: number): boolean {
  return comparisonOperator === "LessThanThreshold" ? value < threshold : value >= threshold;
}
