/** Which metrics a check sends, pure. */
import { METRICS } from "./contract.ts";
import type { AccountReport, CheckReport } from "./reconcile.ts";
import { AT_RISK_PERCENT } from "./renewal-policy.ts";

export interface CheckMetric {
  readonly name: (typeof METRICS)[keyof typeof METRICS];
  readonly unit: "Count" | "Percent";
  readonly value: number;
}

/** Of the account alone, so that no other account's state hides its own. */
export function metricsOfAccount({ lifeRemainingPercent }: AccountReport): CheckMetric[] {
  if (lifeRemainingPercent === undefined) return [];
  return [{ name: METRICS.tokenLifeRemaining, unit: "Percent", value: lifeRemainingPercent }];
}

/**
 * A check of all accounts sends zeros too, so that a good check clears an alarm. A check of some accounts
 * sends only what happened, because it knows nothing about the others.
 */
export function metricsOfCheck(
  { accounts, isComplete }: CheckReport,
  isFull: boolean,
): CheckMetric[] {
  const count = (name: CheckMetric["name"], matches: (report: AccountReport) => boolean) =>
    ({ name, unit: "Count", value: accounts.filter(matches).length }) as const;
  const counts = [
    count(METRICS.tokensRenewed, ({ result }) => result.outcome === "renewed"),
    count(METRICS.renewalsFailed, (it) => failsEarly(it) && !isRejected(it)),
    count(METRICS.credentialsRejected, (it) => failsEarly(it) && isRejected(it)),
  ];
  return [
    ...(isFull && isComplete
      ? [{ name: METRICS.checksCompleted, unit: "Count", value: 1 } as const]
      : []),
    ...counts.filter(({ value }) => isFull || value > 0),
  ];
}

/**
 * Whether a failure counts in the early alarms. An account at risk has its own alarm; counted here too,
 * it would keep the early ones in ALARM, and hide the next account that fails.
 */
function failsEarly({ result, lifeRemainingPercent = 100 }: AccountReport): boolean {
  return result.outcome === "failed" && lifeRemainingPercent >= AT_RISK_PERCENT;
}

function isRejected({ result }: AccountReport): boolean {
  return result.error?.code === "credentials-rejected";
}
