/** The fire drills, by what breaks. */
import type { Drill } from "./drill.ts";

/** For a lifetime in hours; what lasts a whole lifetime or more leaves readers with expired tokens. */
export function drillsFor(lifetimeHours: number): Record<string, Drill> {
  const whole = { lastsHours: lifetimeHours, expires: true } as const;
  // Renewing fails for so long that the token gets old: an alarm for the failures, then one for the risk.
  const unrenewed = { ...whole, alarms: ["renewals-failing", "token-at-risk"] } as const;
  // A rejected client has its own early alarm, and counts under that alone.
  const rejected = {
    ...whole,
    code: "credentials-rejected",
    alarms: ["credentials-rejected", "token-at-risk"],
  } as const;
  // What is stored is not known, so no lifetime is reported, and no check is complete.
  const unread = {
    ...whole,
    code: "store-failed",
    failsAt: "check",
    alarms: ["renewals-failing", "rotation-silent"],
  } as const;
  return {
    "the schedule is disabled": {
      ...whole,
      kind: "schedule-disabled",
      alarms: ["rotation-silent"],
    },
    // Checks of named accounts keep the tokens fresh, and the schedule's silence is an alarm all the same.
    "the schedule is disabled while people store credentials": {
      kind: "schedule-disabled",
      lastsHours: lifetimeHours,
      meanwhile: { kind: "secret-replaced", everyMinutes: 10 },
      alarms: ["rotation-silent"],
    },
    // Each check is an error, and no check completes: two alarms for two ends of one thing.
    "the function is broken at load": {
      ...whole,
      kind: "function-broken",
      alarms: ["check-broken", "rotation-silent"],
    },
    "the role loses the permission to read parameters": { ...unread, kind: "permission-read-lost" },
    "Parameter Store is down": { ...unread, kind: "ssm-down" },
    // Readers fail at once, so that nothing of a token's lifetime matters.
    "the key is disabled": {
      kind: "key-off",
      lastsHours: lifetimeHours / 4,
      code: "store-failed",
      failsAt: "check",
      alarms: ["renewals-failing", "rotation-silent"],
    },
    "KMS does not report the key's state": {
      kind: "key-unknown",
      lastsHours: lifetimeHours,
      alarms: ["rotation-silent"],
    },
    "each account's turn meets a bug": {
      ...whole,
      kind: "account-defect",
      alarms: ["check-broken", "rotation-silent"],
    },
    "checks run into the time-out": {
      ...whole,
      kind: "check-hangs",
      alarms: ["check-broken", "rotation-silent"],
    },
    "the secret is deleted": {
      ...unrenewed,
      kind: "secret-deleted",
      code: "credentials-unusable",
      failsAt: "check",
    },
    "the role loses the permission to read secrets": {
      ...unrenewed,
      kind: "permission-secret-lost",
      code: "credentials-unusable",
      failsAt: "renewal",
    },
    "the role loses the permission to write parameters": {
      ...unrenewed,
      kind: "permission-write-lost",
      code: "store-failed",
      failsAt: "renewal",
    },
    "the secret loses its value": {
      ...unrenewed,
      kind: "secret-emptied",
      fix: "secret-replaced",
      code: "credentials-unusable",
      failsAt: "check",
    },
    "Dintero revokes the credentials": {
      ...rejected,
      kind: "dintero-rejects",
      failsAt: "renewal",
    },
    "wrong credentials are entered": {
      ...rejected,
      kind: "secret-wrong",
      fix: "secret-replaced",
      failsAt: "check",
    },
    "Dintero is down for 20 hours": {
      ...unrenewed,
      kind: "dintero-down",
      lastsHours: 20,
      code: "unavailable",
      failsAt: "renewal",
    },
    "Dintero limits the rate for a whole lifetime": {
      ...unrenewed,
      kind: "dintero-rate-limits",
      code: "rate-limited",
      failsAt: "renewal",
    },
    "Dintero issues the same token again": {
      ...unrenewed,
      kind: "dintero-same-token",
      code: "token-not-renewed",
      failsAt: "renewal",
    },
    "Dintero cuts the lifetime to 4 hours without notice": {
      kind: "dintero-lifetime-4h",
      lastsHours: 24,
      alarms: [],
    },
    "the token is deleted": { kind: "token-deleted", lastsHours: 0, alarms: [], heals: true },
    "the token is overwritten": { kind: "token-edited", lastsHours: 0, alarms: [], heals: true },
    "the key is replaced": { kind: "key-replaced", lastsHours: 0, alarms: [], heals: true },
    "good credentials are stored": {
      kind: "secret-replaced",
      lastsHours: 0,
      alarms: [],
      heals: true,
    },
    "metrics come ten minutes late": { kind: "metrics-late", lastsHours: 24, alarms: [] },
  };
}
