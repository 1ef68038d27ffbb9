/** What goes wrong in a simulation, and when. Made by drills, by chance, and by scenario files. */

/** Each kind, with what it means. Those that happen at one moment have no end. */
export const INCIDENT_KINDS = {
  "dintero-down": "Dintero answers nobody",
  "dintero-rate-limits": "Dintero answers 429",
  "dintero-rejects": "Dintero has revoked the API client",
  "dintero-same-token": "Dintero hands out the same token again",
  "dintero-lifetime-4h": "new tokens live for 4 h",
  "schedule-disabled": "the schedule wakes nobody",
  "function-broken": "the function fails when it is loaded",
  "ssm-down": "Parameter Store answers with 500",
  "permission-read-lost": "the role lost ssm:GetParameters",
  "permission-secret-lost": "the role lost secretsmanager:GetSecretValue",
  "permission-write-lost": "the role lost ssm:PutParameter",
  "metrics-late": "metrics come ten minutes late",
  "secret-replaced": "other good credentials are stored",
  "secret-wrong": "wrong credentials are stored",
  "secret-emptied": "the secret loses its value",
  "token-edited": "somebody overwrites the token",
  "token-deleted": "somebody deletes the token",
  "key-replaced": "the stack gets another key",
} as const;

export type IncidentKind = keyof typeof INCIDENT_KINDS;

export interface Incident {
  readonly kind: IncidentKind;
  readonly fromMs: number;
  /** Absent for what stays, or happens at one moment. */
  readonly toMs?: number;
}

/** Whether one of this kind is going on. */
export function isGoingOn(
  incidents: readonly Incident[],
  kind: IncidentKind,
  nowMs: number,
): boolean {
  return incidents.some(
    (it) => it.kind === kind && it.fromMs <= nowMs && nowMs < (it.toMs ?? Number.POSITIVE_INFINITY),
  );
}
