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
  | "permission-read-lost" // The role lost ssm:GetParameters.
  | "permission-secret-lost" // The role lost secretsmanager:GetSecretValue.
  | "permission-write-lost" // The role lost ssm:PutParameter.
  | "metrics-late"; // Metrics come ten minutes late.

/** What happens at one moment. */
export type ChangeKind =
  | "secret-replaced" // A person stores other good credentials.
  | "secret-wrong" // A person stores wrong credentials.
  | "secret-emptied" // The secret loses its value.
  | "token-edited"
  | "token-deleted"
  | "key-replaced"; // The stack gets another key.

export interface Incident {
  readonly kind: FaultKind | ChangeKind;
  readonly fromMs: number;
  /** A fault without it does not end. */
  readonly toMs?: number;
}

/** Whether a fault is in progress. */
export type IsFaulty = (kind: FaultKind) => boolean;

export function faultsOf(incidents: readonly Incident[], time: VirtualTime): IsFaulty {
  return (kind) => {
    const nowMs = time.now();
    return incidents.some(
      (it) =>
        it.kind === kind && it.fromMs <= nowMs && nowMs < (it.toMs ?? Number.POSITIVE_INFINITY),
    );
  };
}
