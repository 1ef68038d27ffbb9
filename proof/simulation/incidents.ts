/** What goes wrong in a simulation, and when. */
import type { VirtualTime } from "./virtual-time.ts";

/** What lasts for a time. */
export type FaultKind =
  | "dintero-down"
  | "dintero-rate-limits" // Dintero answers 429.
  | "dintero-rejects" // Dintero has revoked the API client.
  | "dintero-same-token" // Dintero issues the same token again.
  | "dintero-lifetime-4h" // New tokens are valid for 4 h.
  | "schedule-disabled"
  | "function-broken" // The function fails when it is loaded.
  | "ssm-down" // Parameter Store answers 500.
  | "permission-read-lost" // The role lost ssm:GetParameters: a policy denies the parameters.
  | "permission-secret-lost" // The role lost secretsmanager:GetSecretValue.
  | "permission-write-lost" // The role lost ssm:PutParameter.
  | "secret-deleted" // The secret is scheduled for deletion, and restored.
  | "key-off" // The key is disabled.
  | "key-unknown" // KMS does not report the key's state.
  | "account-defect" // The account's turn meets a bug.
  | "check-hangs" // A check runs into Lambda's time-out.
  | "metrics-late"; // Metrics come ten minutes late.

/** What happens at one moment. */
export type ChangeKind =
  | "secret-replaced" // A person stores other good credentials.
  | "secret-wrong" // A person stores wrong credentials.
  | "secret-emptied" // The secret loses its value.
  | "token-edited"
  | "token-deleted"
  | "key-replaced" // The stack gets another key.
  | "account-removed" // The account is taken out of the list and deployed.
  | "account-added"; // An account without credentials is put into the list.

export interface Incident {
  readonly kind: FaultKind | ChangeKind;
  readonly fromMs: number;
  /** A fault without it does not end. */
  readonly toMs?: number;
  /** Default: all. */
  readonly accountIds?: readonly string[];
}

/** Whether a fault is in progress: for the account, or for all. */
export type IsFaulty = (kind: FaultKind, accountId?: string) => boolean;

export function faultsOf(incidents: readonly Incident[], time: VirtualTime): IsFaulty {
  return (kind, accountId) => {
    const nowMs = time.now();
    return incidents.some(
      ({ fromMs, toMs = Number.POSITIVE_INFINITY, accountIds, ...it }) =>
        it.kind === kind &&
        fromMs <= nowMs &&
        nowMs < toMs &&
        (accountIds === undefined || (accountId !== undefined && accountIds.includes(accountId))),
    );
  };
}
