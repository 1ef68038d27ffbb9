/** Whatever may happen to a stack: faults of accounts, of all, and lost checks. Made up by fast-check. */
import fc from "fast-check";
import { accountIdsOf } from "../../proof/account-ids.ts";
import type { EpisodeOptions, Happening } from "../../proof/simulation/episode.ts";

const OF_AN_ACCOUNT: readonly Happening["kind"][] = [
  "dintero-rejects",
  "dintero-down",
  "dintero-rate-limits",
  "dintero-same-token",
  "secret-deleted",
  "permission-secret-lost",
  "permission-write-lost",
  "permission-read-lost",
  "account-defect",
  "secret-wrong",
  "secret-emptied",
  "secret-replaced",
  "token-edited",
  "token-deleted",
];
const OF_ALL: readonly Happening["kind"][] = [
  "dintero-down",
  "ssm-down",
  "schedule-disabled",
  "function-broken",
  "check-hangs",
  "key-off",
  "key-unknown",
  "key-replaced",
  "metrics-late",
];

/** Of three hours, the margin of 15 minutes holds a check, an alarm and one lost check, and no more. */
const LATE_METRICS_FROM_HOURS = 4;

/** How long a run takes, in lifetimes. */
const LIFETIMES = 5;

/** @param lifetimesHours - one of them is chosen. */
export function anyTrouble(lifetimesHours: readonly number[]): fc.Arbitrary<EpisodeOptions> {
  const moments = fc.record({
    // After the first token, in lifetimes.
    from: fc.double({ min: 1, max: LIFETIMES - 1, noNaN: true }),
    lasts: fc.oneof(
      fc.double({ min: 0.01, max: 0.5, noNaN: true }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
    ),
  });
  const ofAccount = fc.record({
    kind: fc.constantFrom(...OF_AN_ACCOUNT),
    account: fc.nat({ max: 19 }),
    moments,
  });
  const ofAll = fc.record({ kind: fc.constantFrom(...OF_ALL), moments });
  return fc
    .record({
      seed: fc.nat(),
      accounts: fc.oneof(fc.constantFrom(1, 2, 3), fc.integer({ min: 4, max: 20 })),
      lifetimeHours: fc.constantFrom(...lifetimesHours),
      lostChecks: fc.constantFrom(0, 0.005, 0.03),
      furtherPeriods: fc.constantFrom(2, 10),
      faults: fc.array(ofAccount, { minLength: 1, maxLength: 8 }),
      commons: fc.array(ofAll, { maxLength: 3 }),
    })
    .map(({ faults, commons, accounts, lifetimeHours, ...options }) => {
      const ids = accountIdsOf(accounts);
      const times = ({ from, lasts }: { from: number; lasts: number }) => ({
        from: from * lifetimeHours,
        to: (from + lasts) * lifetimeHours,
      });
      return {
        ...options,
        ...{ accounts, lifetimeHours, hours: LIFETIMES * lifetimeHours },
        happenings: [
          ...faults.map(({ kind, account, moments }) => ({
            ...{ kind, accountIds: [ids[account % accounts] ?? ""] },
            ...times(moments),
          })),
          ...commons
            .filter(
              ({ kind }) => lifetimeHours >= LATE_METRICS_FROM_HOURS || kind !== "metrics-late",
            )
            .map(({ kind, moments }) => ({ kind, ...times(moments) })),
        ],
      };
    });
}
