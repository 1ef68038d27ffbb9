/**
 * What CloudWatch makes of an alarm and its metric, for the tests of the alarms. Written from the
 * user guide alone, apart from the simulation, so that a mistake in either shows in the other.
 */
import { ALARM_PERIOD_SECONDS, type AlarmDefinition } from "../../infra/alarm-definitions.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export type Evaluated = Pick<
  AlarmDefinition,
  | "comparisonOperator"
  | "threshold"
  | "evaluationPeriods"
  | "datapointsToAlarm"
  | "treatMissingData"
>;

/**
 * The state that an evaluation sets.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html.
 * Its text on premature alarms is about missing data treated as missing, which no alarm here does.
 * @param datapoints - by period, the latest first, as far back as CloudWatch looks; `undefined`
 * where there is none.
 */
export function nextState(
  alarm: Evaluated,
  datapoints: readonly (number | undefined)[],
  current: AlarmState,
): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = alarm;
  const real = datapoints.filter((it) => it !== undefined).slice(0, evaluationPeriods);
  const breaching = real.filter((it) => isBreaching(alarm, it)).length;
  const filled = evaluationPeriods - real.length;
  if (breaching >= datapointsToAlarm) return "ALARM";
  switch (treatMissingData) {
    case "breaching":
      return breaching + filled >= datapointsToAlarm ? "ALARM" : "OK";
    case "notBreaching":
      return "OK";
    case "ignore":
      return filled > 0 && breaching === real.length ? current : "OK";
  }
}

function isBreaching({ comparisonOperator, threshold }: Evaluated, value: number): boolean {
  return comparisonOperator === "LessThanThreshold" ? value < threshold : value >= threshold;
}

/** One value of a metric, on a clock of minutes. */
export interface Sample {
  readonly atMinute: number;
  /** From then on CloudWatch has it. */
  readonly visibleAtMinute: number;
  readonly value: number;
}

export interface StateChange {
  readonly minute: number;
  readonly state: AlarmState;
}

const PERIOD_MINUTES = ALARM_PERIOD_SECONDS / 60;

/**
 * The state's changes of an alarm that is made at minute 0. It is evaluated every minute over a
 * window that ends then, so that a check that comes late now shares a period with another and now
 * does not. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html.
 * @param samples - in the order of `atMinute`.
 * @param extraPeriods - how many periods CloudWatch looks back further than it is told to: it does
 * not say, but two in the guide's example, whose alarm has three periods.
 */
export function stateChanges(
  alarm: AlarmDefinition,
  samples: readonly Sample[],
  untilMinute: number,
  extraPeriods = 2,
): StateChange[] {
  const range = alarm.evaluationPeriods + extraPeriods;
  const changes: StateChange[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  let first = 0;
  for (let minute = alarm.warmUpMinutes ?? 0; minute <= untilMinute; minute++) {
    const from = minute - range * PERIOD_MINUTES;
    while ((samples[first]?.atMinute ?? minute) < from) first++;
    const next = nextState(alarm, datapointsAt(alarm, samples, first, minute, range), state);
    if (next !== state) changes.push({ minute, state: next });
    state = next;
  }
  return changes;
}

function datapointsAt(
  { statistic }: AlarmDefinition,
  samples: readonly Sample[],
  first: number,
  minute: number,
  range: number,
): (number | undefined)[] {
  const datapoints = Array<number | undefined>(range).fill(undefined);
  for (let index = first; index < samples.length; index++) {
    const sample = samples[index];
    if (!sample || sample.atMinute >= minute) break;
    if (sample.visibleAtMinute > minute) continue;
    // A window holds its first moment and not its last.
    const period = Math.ceil((minute - sample.atMinute) / PERIOD_MINUTES) - 1;
    const before = datapoints[period];
    datapoints[period] =
      before === undefined ? sample.value : join(statistic, before, sample.value);
  }
  return datapoints;
}

function join(statistic: AlarmDefinition["statistic"], one: number, other: number): number {
  return statistic === "Sum" ? one + other : Math.min(one, other);
}
