/** Which metrics a check sends, pure. */
import { type AccountResult, METRICS } from "./contract.ts";
import type { AccountReport } from "./reconcile.ts";

export interface CheckMetric {
  readonly name: (typeof METRICS)[keyof typeof METRICS];
  readonly unit: "Count" | "Percent";
  /** One or more. */
  readonly values: readonly number[];
}

/**
 * Zeros too for a check of all accounts, so that an alarm sees a good check as a good one; of a check
 * of some accounts only what happened, as it says nothing of the others.
 */
export function metricsOfCheck(reports: readonly AccountReport[], isFull: boolean): CheckMetric[] {
  const count = (name: CheckMetric["name"], matches: (result: AccountResult) => boolean) => {
    const matching = reports.filter(({ result }) => matches(result)).length;
    return { name, unit: "Count", values: isFull || matching > 0 ? [matching] : [] } as const;
  };
  const lives = reports.flatMap(({ lifeRemainingPercent: life }) =>
    life === undefined ? [] : [life],
  );
  const sent: CheckMetric[] = [
    { name: METRICS.checksCompleted, unit: "Count", values: isFull ? [1] : [] },
    { name: METRICS.tokenLifeRemaining, unit: "Percent", values: isFull ? lives : [] },
    count(METRICS.tokensRenewed, ({ outcome }) => outcome === "renewed"),
    count(METRICS.renewalsFailed, ({ outcome }) => outcome === "failed"),
    count(METRICS.credentialsRejected, ({ error }) => error?.code === "credentials-rejected"),
  ];
  return sent.filter(({ values }) => values.length > 0);
}
