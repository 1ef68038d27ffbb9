import { describe, expect, test } from "@jest/globals";
import { ALARMS, type AlarmDefinition } from "../../../infra/alarm-definitions.ts";
import { METRICS } from "../../../lambda/contract.ts";
import { MINUTE_MS } from "../../../proof/durations.ts";
import { AlarmModel } from "../../../proof/simulation/alarm-model.ts";
import { PromiseWatch } from "../../../proof/simulation/promise-watch.ts";

const A = "T10000001";

/** Of one period, and OK as soon as no data comes. */
const HASTY: readonly AlarmDefinition[] = ALARMS.map(({ warmUpMinutes: _, ...alarm }) => ({
  ...alarm,
  metric: {
    ...alarm.metric,
    ...{ evaluationPeriods: 1, datapointsToAlarm: 1, treatMissingData: "notBreaching" },
  },
}));

interface Minute {
  /** Sent in this minute. */
  readonly atRisk?: true;
  readonly renewalFails?: true;
  readonly turn?: "good" | "bad";
  readonly percentLeft?: number;
}

/** What the judge finds, minute by minute, once each alarm has its first state. */
function judged(minutes: readonly Minute[]): string[] {
  const alarms = new AlarmModel({ createdAtMs: 0, alarms: HASTY, accountIds: [A] });
  const promise = new PromiseWatch();
  promise.addAccount(A, 0);
  for (const [minute, { atRisk, renewalFails, turn, percentLeft = 100 }] of [
    ...quiet(2),
    ...minutes,
  ].entries()) {
    const atMs = minute * MINUTE_MS;
    if (atRisk) alarms.record(METRICS.tokenLifeRemaining, 20, { atMs, delayMs: 0, accountId: A });
    if (renewalFails) alarms.record(METRICS.renewalsFailed, 1, { atMs, delayMs: 0 });
    // Or `rotation-silent` would fire.
    alarms.record(METRICS.checksCompleted, 1, { atMs, delayMs: 0 });
    if (turn) promise.onTurn(A, { isGood: turn === "good", isSeen: true }, atMs);
    alarms.evaluate(atMs + MINUTE_MS);
    promise.judge(atMs + MINUTE_MS, alarms, () => ({ percentLeft }));
  }
  return promise.violations.map(({ what }) => what);
}

describe("Of an account that fails with a quarter left, the judge finds", () => {
  test("nothing, if its own alarm has fired since", () => {
    expect(judged([{ turn: "bad" }, { atRisk: true, percentLeft: 20 }])).toEqual([]);
  });

  test("nothing, if an alarm of the stack has fired since, and has cleared", () => {
    const fires = { turn: "bad", renewalFails: true } as const;
    const cleared = quiet(5);
    expect(judged([fires, ...cleared, { percentLeft: 20 }])).toEqual([
      "an OK was sent while it failed",
    ]);
  });

  test("that nobody was notified, if no alarm has fired", () => {
    expect(judged([{ turn: "bad" }, { percentLeft: 25.1 }])).toEqual([]);
    expect(judged([{ turn: "bad" }, { percentLeft: 25 }])).toEqual(["nobody was notified"]);
  });

  test("that nobody was notified, if an alarm of the stack was already in ALARM", () => {
    const stillFires = { renewalFails: true } as const;
    expect(
      judged([stillFires, stillFires, { ...stillFires, turn: "bad", percentLeft: 20 }]),
    ).toEqual(["nobody was notified"]);
  });

  test("that its own alarm fired before, if it has not cleared", () => {
    const stillFires = { atRisk: true } as const;
    expect(
      judged([stillFires, stillFires, { ...stillFires, turn: "bad", percentLeft: 20 }]),
    ).toEqual(["only an alarm from before was in ALARM"]);
  });

  test("an OK that came too early, and that nobody was notified after it", () => {
    const failing = { turn: "bad", percentLeft: 30 } as const;
    expect(
      judged([
        { atRisk: true },
        {},
        failing,
        ...quiet(4, failing),
        { turn: "bad", percentLeft: 20 },
      ]),
    ).toEqual(["an OK was sent while it failed", "nobody was notified"]);
  });

  test("each thing once, until the account has recovered and fails again", () => {
    const failing = { turn: "bad", percentLeft: 20 } as const;
    expect(judged([failing, failing, { turn: "good" }, failing])).toEqual([
      "nobody was notified",
      "nobody was notified",
    ]);
  });
});

test("An account fails from the first check that is missed, if none comes", () => {
  const promise = new PromiseWatch();
  promise.addAccount(A, 0);
  expect(promise.failingSince(A, 7 * MINUTE_MS)).toBeUndefined();
  expect(promise.failingSince(A, 8 * MINUTE_MS)).toBe(5 * MINUTE_MS);
});

function quiet(minutes: number, minute: Minute = {}): Minute[] {
  return Array.from({ length: minutes }, () => minute);
}
