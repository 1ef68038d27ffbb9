/**
 * The drills have teeth: each kind of complaint comes up when a part is broken on purpose.
 */
import { describe, expect, test } from "@jest/globals";
import { ALARMS, type AlarmDefinition, type AlarmMetric } from "../../infra/alarm-definitions.ts";
import { metricsOfCheck } from "../../lambda/check-metrics.ts";
import { METRICS } from "../../lambda/contract.ts";
import type { WorldParts } from "../../proof/simulation/function-model.ts";
import {
  hidingFailures,
  trustingItsMemory,
  tryingRejectedAgain,
  writingTheStatusFirst,
} from "./broken-reconcile.ts";
import { playDrill } from "./drill.ts";
import { drillsFor } from "./drill-list.ts";
import { playHealthyMonth } from "./healthy-month.ts";

describe("The drill complains", () => {
  test.each<[name: string, drill: string, parts: Partial<WorldParts>, complaint: RegExp]>([
    [
      "of failures counted by the wrong metric",
      "Dintero is down for 20 hours",
      withAlarm("renewals-failing", { metricName: METRICS.tokensRenewed }),
      /^renewals-failing did not fire/,
    ],
    [
      "of rejections counted by the wrong metric",
      "Dintero revokes the credentials",
      withAlarm("credentials-rejected", { metricName: METRICS.checksCompleted }),
      /^credentials-rejected fired before there was a cause/,
    ],
    [
      "of risk that is reported at a fifth of the lifetime",
      "Dintero is down for 20 hours",
      withAlarm("token-at-risk", { threshold: 20 }),
      /^token-at-risk took/,
    ],
    [
      "of silence that is reported after ten minutes",
      "metrics come ten minutes late",
      withAlarm("rotation-silent", { evaluationPeriods: 10, datapointsToAlarm: 10 }),
      /^rotation-silent fired$/,
    ],
    [
      "of a heartbeat that checks of named accounts keep going",
      "the schedule is disabled while people store credentials",
      { metricsOfCheck: (report) => metricsOfCheck(report, true) },
      /^rotation-silent did not fire/,
    ],
    [
      "of rejected credentials that are tried again at once",
      "Dintero revokes the credentials",
      { reconcile: tryingRejectedAgain },
      /^Dintero was asked more than once/,
    ],
    [
      "of a status that is written before its token",
      "the token is deleted",
      { reconcile: writingTheStatusFirst },
      /^a status was written before its token$/,
    ],
    [
      "of failures that are passed over",
      "Dintero is down for 20 hours",
      { reconcile: hidingFailures },
      /nobody was notified$/,
    ],
    [
      "of a check that does not see what people write",
      "the token is overwritten",
      { reconcile: trustingItsMemory() },
      /^a token was not written anew/,
    ],
  ])(
    "%s",
    async (_, name, parts, complaint) => {
      const drill = drillsFor(24)[name];
      if (!drill) throw new Error(`No drill: ${name}`);
      expect(await playDrill(drill, 24, { parts })).toContainEqual(
        expect.stringMatching(complaint),
      );
    },
    60_000,
  );
});

test("In a healthy month, an alarm that fires after a single failure is reported", async () => {
  const parts = withAlarm("renewals-failing", { datapointsToAlarm: 1 });
  const month = { seed: 1, lifetimeHours: 24, accounts: 3 };
  expect(await playHealthyMonth(month, parts)).toContainEqual(
    expect.stringMatching(/^renewals-failing fired/),
  );
}, 60_000);

function withAlarm(
  kind: AlarmDefinition["kind"],
  differences: Partial<AlarmMetric>,
): Partial<WorldParts> {
  return {
    alarms: ALARMS.map((alarm) =>
      alarm.kind === kind ? { ...alarm, metric: { ...alarm.metric, ...differences } } : alarm,
    ),
  };
}
