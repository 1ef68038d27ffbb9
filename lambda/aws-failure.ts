/**
 * Turns an AWS SDK error into an account's failure.
 */
import type { AccountErrorCode } from "./contract.ts";
import { policyRemedy } from "./denied-by-policy.ts";
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
  return new RotationError(
    call.code,
    `${call.doing} failed: ${describeAwsError(error)}. ${remedyOf(call, error)}`,
    { cause: error },
  );
}

function remedyOf({ remedies, permissions }: FailedCall, error: unknown): string {
  const needed = `The function's role needs ${permissions}.`;
  if (isAccessDenied(error)) {
    // The type of policy that AWS names is more exact than the causes of this call in general.
    const remedy = policyRemedy(error instanceof Error ? error.message : "");
    if (remedy) return `${remedy} ${needed}`;
  }
  const remedy = remedies?.[awsErrorCode(error)];
  if (remedy) return remedy;
  return isAccessDenied(error)
    ? `Grant the function's role ${permissions}.`
    : "The next check tries again.";
}

/** Whether a policy does not allow the call. */
export function isAccessDenied(error: unknown): boolean {
  return awsErrorCode(error).startsWith("AccessDenied");
}

/** AWS's code of the error (`ThrottlingException`), or the name of a network error. */
export function awsErrorCode(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}

/** Whether a failure came without an answer from AWS: AWS was not reached, or did not answer. */
export function isUnanswered(failure: AccountError): boolean {
  return metadataOf(failure.cause)["httpStatusCode"] === undefined;
}

/** AWS's code, status and request id; or the name and code of the network error. */
export function describeAwsError(error: unknown): string {
  const name = awsErrorCode(error);
  const metadata = metadataOf(error);
  // Our own time limit: it ended a wait for AWS, or a pause between two attempts.
  if (name === "AbortError") return "it timed out";
  if (metadata["httpStatusCode"] === undefined) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    return `no answer from AWS, ${name}${code}`;
  }
  return `${name}, HTTP ${metadata["httpStatusCode"]}, request ${metadata["requestId"] ?? "unknown"}`;
}

/** The SDK's `$metadata`: status and request id. Empty if AWS did not answer. */
export function metadataOf(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof Error && "$metadata" in error ? Object(error.$metadata) : {};
}
