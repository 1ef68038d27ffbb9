/** What AWS answers a caller who lacks a permission. */
import type { AwsFault } from "./aws-faults.ts";

export interface MissingPermission {
  /** The operation to refuse, such as "Invoke". */
  readonly operation: string;
  /** The action that no policy allows, such as "lambda:InvokeFunction". */
  readonly action: string;
  readonly resource: string;
}

/**
 * The refusal, in AWS's words and with the service's own error code.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function accessDenied(
  callerArn: string,
  { operation, action, resource }: MissingPermission,
): AwsFault {
  const [service = ""] = action.split(":");
  return {
    operation,
    effect: {
      ...(ERRORS[service.toLowerCase()] ?? { error: "AccessDeniedException", status: 400 }),
      message: `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    },
  };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
const ERRORS: Readonly<Record<string, { error: string; status: number }>> = {
  sns: { error: "AuthorizationError", status: 403 },
};
