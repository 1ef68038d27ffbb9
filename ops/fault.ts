/** What `status` reports as wrong, and the exit status that follows from it, pure. */

/** All codes, for pipelines. The first eleven are about an account. */
export const FAULT_CODES = [
  "token-at-risk",
  "token-expired",
  "token-missing",
  "token-replaced",
  "renewal-overdue",
  "lifetime-too-short",
  "token-key-changed",
  "credentials-not-used",
  "secret-empty",
  "secret-scheduled-for-deletion",
  "secret-deleted",
  "key-not-enabled",
  "alarm-in-alarm",
  "alarm-missing",
  "alarm-not-notifying",
  "alarm-without-data",
  "alarm-muted",
  "topic-missing",
  "topic-without-subscribers",
  "address-unconfirmed",
  "address-unsubscribed",
  "not-determined",
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** `unknown` if AWS did not say whether something is wrong. */
export type Urgency = "urgent" | "not-urgent" | "unknown";

/** As in the document of `status --json`. */
export interface Fault {
  readonly code: FaultCode;
  readonly accountId?: string;
  readonly urgency: Urgency;
  /** Sentences. A command is at the end of its line, after a colon and a blank. */
  readonly message: string;
}

/** The exit status of every command. */
export const EXIT = { good: 0, somethingToFix: 1, notDetermined: 2 } as const;

/** A known fault outweighs what could not be determined, because it has to be fixed in any case. */
export function exitStatusOf(faults: readonly Fault[]): number {
  if (faults.length === 0) return EXIT.good;
  return faults.every(({ urgency }) => urgency === "unknown")
    ? EXIT.notDetermined
    : EXIT.somethingToFix;
}

export function notDetermined(message: string, accountId?: string): Fault {
  return {
    code: "not-determined",
    ...(accountId !== undefined && { accountId }),
    urgency: "unknown",
    message,
  };
}
