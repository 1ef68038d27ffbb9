/**
 * Turns an AWS SDK error into an account's failure.
 */
import type { AccountErrorCode } from "./contract.ts";
import { type AccountError, RotationError } from "./errors.ts";

export interface FailedCall {
  readonly code: AccountErrorCode;
  /** What was tried on which resource: "Reading the secret dintero/T12345678/api-client". */
  readonly doing: string;
  /** The permissions that the call needs, for the case that one is missing. */
  readonly permissions: string;
  /** What to do about errors of this call, by AWS's error code. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/**
 * The failure, with AWS's error code, status and request id. AWS's own message stays in `cause`
 * only: a validation message may quote the value that was sent.
 */
export function awsFailure(call: FailedCall, error: unknown): AccountError {
  const name = awsErrorCode(error);
  const remedy =
    call.remedies?.[name] ??
    (isAccessDenied(error)
      ? `Grant the function's role ${call.permissions}.`
      : "The next check tries again.");
  return new RotationError(call.code, `${call.doing} failed: ${describe(error)}. ${remedy}`, {
    cause: error,
  });
}

/** Whether a policy does not allow the call. */
export function isAccessDenied(error: unknown): boolean {
  return awsErrorCode(error).startsWith("AccessDenied");
}

/** AWS's code of the error (`ThrottlingException`), or the name of a fault on the way there. */
export function awsErrorCode(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}

/** Whether no answer of AWS stands behind a failure: it was never reached, or stayed silent. */
export function isUnanswered(failure: AccountError): boolean {
  return metadataOf(failure.cause)["httpStatusCode"] === undefined;
}

function describe(error: unknown): string {
  const name = awsErrorCode(error);
  const metadata = metadataOf(error);
  // Ours: while it waited for AWS, or between two attempts that AWS had answered.
  if (name === "AbortError") return "the time for it was used up";
  if (metadata["httpStatusCode"] === undefined) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    return `no answer from AWS, ${name}${code}`;
  }
  return `${name}, HTTP ${metadata["httpStatusCode"]}, request ${metadata["requestId"] ?? "unknown"}`;
}

/** The SDK's `$metadata`: status and request id. Empty where AWS did not answer. */
export function metadataOf(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof Error && "$metadata" in error ? Object(error.$metadata) : {};
}
