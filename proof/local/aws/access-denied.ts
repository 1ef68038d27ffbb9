/** What AWS answers a caller who lacks a permission. */
import { AwsError } from "./aws-error.ts";

export interface MissingPermission {
  /** The action that no policy allows, such as "lambda:InvokeFunction". */
  readonly action: string;
  readonly resource: string;
}

/**
 * The refusal, in AWS's words and with the service's own error code.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function accessDenied(callerArn: string, { action, resource }: MissingPermission): AwsError {
  const [service = ""] = action.split(":");
  const { error, status } = ERRORS[service.toLowerCase()] ?? {
    error: "AccessDeniedException",
    status: 400,
  };
  return new AwsError(
    error,
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    status,
  );
}

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
const ERRORS: Readonly<Record<string, { error: string; status: number }>> = {
  sns: { error: "AuthorizationError", status: 403 },
};
