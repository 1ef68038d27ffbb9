/** When the alarms fire and clear, by the simulation's model of CloudWatch's evaluation. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { ALARMS, type AlarmDefinition } from "../../infra/alarm-definitions.ts";
import { timeLeft } from "../../infra/alarm-text.ts";
import {
  AT_RISK_PERCENT,
  AT_RISK_THIRDS_LEFT,
  RENEW_AT_THIRDS_LEFT,
} from "../../lambda/renewal-policy.ts";
import { MINUTE_MS } from "../../proof/durations.ts";
import type { AlarmState } from "../../proof/simulation/alarm-evaluation.ts";
import { AlarmModel } from "../../proof/simulation/alarm-model.ts";

type AlarmName = AlarmDefinition["kind"];

const DAY_MINUTES = 24 * 60;
const MONTH_MINUTES = 30 * DAY_MINUTES;
const INTERVAL_MINUTES = 5;

/** How late the check with this number is, and how late its metrics come, in minutes. */
type Timing = (check: number) => { readonly jitter: number; readonly delay: number };

const TIMINGS: readonly [string, () => Timing][] = [
  ["by chance", byChance],
  ["to the utmost, every time", () => () => ({ jitter: 1, delay: 10 })],
  ["to the utmost, by turns", () => (check) => ({ jitter: check % 2, delay: 10 * (check % 2) })],
  ["by turns, the metrics at once", () => (check) => ({ jitter: check % 2, delay: 0 })],
  ["in bursts", () => (check) => ({ jitter: 0, delay: check % 20 < 10 ? 10 : 0 })],
];

/** Source: the Lehmer generator of C++, `std::minstd_rand`. */
function byChance(): Timing {
  let state = 1;
  const chance = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => ({ jitter: chance(), delay: 10 * chance() });
}

/** One value of a metric, on a clock of minutes. */
interface Sample {
  readonly atMinute: number;
  /** How long CloudWatch does not have it. */
  readonly delay: number;
  readonly value: number;
}

interface StateChange {
  readonly minute: number;
  readonly state: AlarmState;
}

/** Of an alarm that is created at minute 0. @param samples - in the order of `atMinute`. */
function stateChanges(
  alarm: AlarmDefinition,
  samples: readonly Sample[],
  untilMinute: number,
): StateChange[] {
  const accountIds = ["T10000001"];
  const accountId = alarm.isPerAccount ? accountIds[0] : undefined;
  const model = new AlarmModel({ createdAtMs: 0, alarms: [alarm], accountIds });
  const coming = samples.values();
  let next = coming.next().value;
  for (let minute = 0; minute <= untilMinute; minute += 1) {
    for (; next && next.atMinute < minute; next = coming.next().value) {
      model.record(alarm.metric.metricName, next.value, {
        ...{ atMs: next.atMinute * MINUTE_MS, delayMs: next.delay * MINUTE_MS, accountId },
      });
    }
    model.evaluate(minute * MINUTE_MS);
  }
  return model.changes.map(({ atMs, state }) => ({ minute: atMs / MINUTE_MS, state }));
}

/** In the middle of a minute, so that a late check may come in the next one. */
const PHASE_MINUTES = 0.5;

/** The metric of checks every five minutes; `undefined` where it is not sent. */
function samplesOf(
  timing: Timing,
  untilMinute: number,
  valueAt: (minute: number, check: number) => number | undefined,
): Sample[] {
  return Array.from({ length: untilMinute / INTERVAL_MINUTES }, (_, check) => {
    const { jitter, delay } = timing(check);
    const atMinute = check * INTERVAL_MINUTES + PHASE_MINUTES + jitter;
    const value = valueAt(check * INTERVAL_MINUTES, check);
    return value === undefined ? [] : [{ atMinute, delay, value }];
  }).flat();
}

function alarmOf(name: AlarmName): AlarmDefinition {
  const alarm = ALARMS.find((it) => it.kind === name);
  if (!alarm) throw new Error(`there is no alarm ${name}`);
  return alarm;
}

/** What is left, in percent, of a token that is renewed with two thirds left. */
const lifeLeft = (lifeMinutes: number) => (minute: number) =>
  100 - (100 * (minute % (lifeMinutes / 3))) / lifeMinutes;

const HEALTHY: Readonly<Record<AlarmName, (minute: number, check: number) => number>> = {
  "token-at-risk": lifeLeft(DAY_MINUTES),
  "rotation-silent": () => 1,
  "check-broken": () => 0,
  "renewals-failing": () => 0,
  "credentials-rejected": () => 0,
};

describe.each(TIMINGS)("With checks and metrics late %s", (_, timing) => {
  const played = new Map<AlarmName, ReturnType<typeof breaksOf>>();
  beforeAll(() => {
    for (const { kind } of ALARMS) played.set(kind, breaksOf(kind, timing()));
  });
  const breaks = (name: AlarmName) => {
    expect(played.get(name)?.breaks).toHaveLength(DAYS);
    return played.get(name)?.breaks ?? [];
  };

  test.each(ALARMS.map(({ kind }) => kind))("a healthy month never fires %s", (name) => {
    const samples = samplesOf(timing(), MONTH_MINUTES, HEALTHY[name]);
    const changes = stateChanges(alarmOf(name), samples, MONTH_MINUTES);
    expect(changes.map(({ state }) => state)).toEqual(["OK"]);
  });

  test.each<[AlarmName, number]>([
    ["check-broken", 1],
    ["check-broken", 2],
    ["renewals-failing", 1],
  ])("a month with failed checks every hour does not fire %s: %i in a row", (name, failing) => {
    const samples = samplesOf(timing(), MONTH_MINUTES, (_, check) => Number(check % 12 < failing));
    const changes = stateChanges(alarmOf(name), samples, MONTH_MINUTES);
    expect(changes.map(({ state }) => state)).toEqual(["OK"]);
  });

  test.each(ALARMS.map(({ kind }) => kind))(
    "%s fires once and clears once at each fault",
    (name) => {
      const states = played.get(name)?.changes.map(({ state }) => state);
      expect(states).toEqual(["OK", ...Array.from({ length: DAYS }, () => ["ALARM", "OK"]).flat()]);
    },
  );

  test.each<[AlarmName, number, number]>([
    // Ten minutes of a metric's delay, two of the schedule's, one of the evaluation's; and the checks
    // that must fail before.
    ["token-at-risk", 0, 13],
    ["credentials-rejected", 5, 18],
    ["check-broken", 10, 23],
    ["renewals-failing", 10, 23],
    ["rotation-silent", 15, 30],
  ])("%s fires between %i and %i minutes after a fault begins", (name, least, most) => {
    for (const { onAfter } of breaks(name)) {
      expect(onAfter).toBeGreaterThanOrEqual(least);
      expect(onAfter).toBeLessThanOrEqual(most);
    }
  });

  test.each(ALARMS)(
    "$kind clears soon after the fault is outside its periods",
    ({ kind, metric }) => {
      for (const { offAfter } of breaks(kind)) {
        expect(offAfter).toBeGreaterThan(0);
        expect(offAfter).toBeLessThanOrEqual(metric.evaluationPeriods + 15);
      }
    },
  );
});

describe.each([4, 24])("With tokens valid for %i h, and metrics late as usual", (lifetimeHours) => {
  /** Late by a minute at most, with metrics after a minute and a half at most. */
  const usual = (): Timing => {
    const timing = byChance();
    return (check) => {
      const { jitter, delay } = timing(check);
      return { jitter, delay: 0.15 * delay };
    };
  };

  test.each(ALARMS)("$kind leaves the time that its text promises", ({ kind }) => {
    const thirds = kind === "token-at-risk" ? AT_RISK_THIRDS_LEFT : RENEW_AT_THIRDS_LEFT;
    const { leastMinutes } = timeLeft(kind, lifetimeHours);
    for (const { onAfterLastGoodCheck } of breaksOf(kind, usual()).breaks) {
      // At worst, right after the last good check, so much was left.
      const leftMinutes = (lifetimeHours * 60 * thirds) / 3 - onAfterLastGoodCheck;
      expect(leftMinutes).toBeGreaterThanOrEqual(leastMinutes);
    }
  });
});

const DAYS = 14;

/** Each day broken from ten in the morning to ten at night; times in minutes from the fault or the fix. */
function breaksOf(name: AlarmName, timing: Timing) {
  const until = DAYS * DAY_MINUTES;
  const isBroken = (minute: number) => Math.abs((minute % DAY_MINUTES) - 16 * 60) < 6 * 60;
  const samples = samplesOf(timing, until, (minute, check) =>
    isBroken(minute) ? BROKEN[name] : HEALTHY[name](minute, check),
  );
  const changes = stateChanges(alarmOf(name), samples, until);
  const breaks = Array.from({ length: DAYS }, (_, day) => {
    const broken = day * DAY_MINUTES + 10 * 60 + INTERVAL_MINUTES;
    const mended = day * DAY_MINUTES + 22 * 60;
    const ofDay = changes.filter(({ minute }) => broken <= minute && minute < broken + DAY_MINUTES);
    const on = ofDay.find(({ state }) => state === "ALARM")?.minute ?? Number.NaN;
    const off = ofDay.findLast(({ state }) => state === "OK")?.minute ?? Number.NaN;
    const lastGood = samples.findLast(({ atMinute }) => atMinute < broken)?.atMinute ?? Number.NaN;
    return { onAfter: on - broken, offAfter: off - mended, onAfterLastGoodCheck: on - lastGood };
  });
  return { changes, breaks };
}

/** The metric while what the alarm is about is broken. */
const BROKEN: Readonly<Record<AlarmName, number | undefined>> = {
  "token-at-risk": 33,
  "rotation-silent": undefined,
  "check-broken": 1,
  "renewals-failing": 1,
  "credentials-rejected": 1,
};

test("A healthy month with tokens valid for four hours fires no alarm", () => {
  const samples = samplesOf(byChance(), MONTH_MINUTES, lifeLeft(4 * 60));
  const changes = stateChanges(alarmOf("token-at-risk"), samples, MONTH_MINUTES);
  expect(changes.map(({ state }) => state)).toEqual(["OK"]);
});

describe("The limit of a token's lifetime", () => {
  test.each([
    [AT_RISK_PERCENT, []],
    [AT_RISK_PERCENT - 0.01, ["ALARM"]],
  ])("left at %d percent", (percent, expected) => {
    const samples = samplesOf(byChance(), 120, () => percent);
    const states = stateChanges(alarmOf("token-at-risk"), samples, 120).map(({ state }) => state);
    expect(states.filter((state) => state !== "OK")).toEqual(expected);
  });
});

describe("At the first deployment", () => {
  test.each(ALARMS)("$kind does not fire, although its first metric comes late", (alarm) => {
    const timing = () => ({ jitter: 1, delay: 10 });
    const firstCheck = 2;
    const samples = samplesOf(timing, DAY_MINUTES, (minute, check) =>
      check < firstCheck ? undefined : HEALTHY[alarm.kind](minute, check),
    );
    const changes = stateChanges(alarm, samples, DAY_MINUTES);
    expect(changes.map(({ state }) => state)).not.toContain("ALARM");
  });

  test("rotation-silent would fire without its warm-up", () => {
    const cold = { ...alarmOf("rotation-silent"), warmUpMinutes: 0 };
    const samples = samplesOf(byChance(), DAY_MINUTES, () => 1);
    expect(stateChanges(cold, samples, DAY_MINUTES)[0]).toEqual({ minute: 0, state: "ALARM" });
  });

  test("no alarm fires if all accounts await credentials: no lifetime is reported, and checks complete", () => {
    expect(stateChanges(alarmOf("token-at-risk"), [], MONTH_MINUTES)).toEqual([]);
  });
});

test("The alarm of a token at risk stays in ALARM while no metric comes", () => {
  const samples = samplesOf(byChance(), DAY_MINUTES, (minute) => (minute < 600 ? 20 : undefined));
  const changes = stateChanges(alarmOf("token-at-risk"), samples, DAY_MINUTES);
  expect(changes.map(({ state }) => state)).toEqual(["ALARM"]);
});
