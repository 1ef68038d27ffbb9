/**
 * Says to a person what an error of AWS means and what to do. Called wherever a command calls AWS.
 */
import { awsErrorCode, metadataOf } from "../lambda/aws-failure.ts";
import { isAccountError } from "../lambda/errors.ts";
import { OpsError } from "./ops-error.ts";

export interface AwsCall {
  /** What was tried on which resource: "Storing the secret dintero/T12345678/api-client". */
  readonly doing: string;
  /** The permissions that it takes, with what they are needed on. */
  readonly permission: string;
  /** What to do about errors of this call, by AWS's error code. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/** What the call gives, or an {@link OpsError} that explains why not. */
export async function explained<Result>(
  call: AwsCall,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new OpsError(explainAwsError(call, error, process.env["AWS_PROFILE"]), { cause: error });
  }
}

/**
 * What an error of the function's own parts means here. They speak to the function's operator; AWS's error
 * is in their cause.
 */
export function explainReading(error: unknown, call: AwsCall): string {
  if (!isAccountError(error)) throw error;
  return error.cause === undefined
    ? error.message
    : explainAwsError(call, error.cause, process.env["AWS_PROFILE"]);
}

/**
 * AWS's own message is not shown: one about a wrong value may quote the value. Of a refusal, the
 * permission and the resource are taken from it.
 * @param profile - the profile in use, for the command that renews its login.
 */
export function explainAwsError(call: AwsCall, error: unknown, profile = "default"): string {
  const code = awsErrorCode(error);
  const message = error instanceof Error ? error.message : "";
  const login = `Set AWS_PROFILE, or the keys of a role that may do this. If you use SSO, run: aws sso login --profile ${profile}`;

  // The SDK found no credentials, or a login that has expired; its message holds names only.
  if (/^(Credentials|Token)ProviderError$/.test(code)) {
    return `No usable AWS credentials: ${sentence(message)} ${login}`;
  }
  if (EXPIRED.test(code)) {
    return `The AWS credentials have expired (${code}). ${login}`;
  }
  if (UNKNOWN_KEYS.test(code)) {
    return `AWS does not accept the AWS credentials (${code}): the keys are wrong, were deleted, or belong to another partition. ${login}`;
  }
  const remedy = call.remedies?.[code];
  if (DENIED.test(code)) {
    const denied = deniedPermission(message);
    // If AWS names no permission, something else may be the cause, such as a key that is off.
    return `${call.doing} is not allowed: ${denied ?? `it needs ${call.permission}`}.${remedy && !denied ? ` ${remedy}` : ""}`;
  }
  const metadata = metadataOf(error);
  if (metadata["httpStatusCode"] === undefined) {
    const detail = error instanceof Error && "code" in error ? String(error.code) : code;
    return `${call.doing} failed: no answer from AWS (${detail}). Check the network, a proxy or VPN in between, and AWS_ENDPOINT_URL if it is set.`;
  }
  return `${call.doing} failed: ${code}, HTTP ${metadata["httpStatusCode"]}, request ${metadata["requestId"] ?? "unknown"}.${remedy ? ` ${remedy}` : ""}`;
}

// The codes differ by service. Source: "Common Errors" in each service's API reference.
const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired)$/;
const UNKNOWN_KEYS =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/;
const DENIED =
  /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|NotAuthorized)$/;

/** AWS names the permission, and which policy is in the way, better than we can. */
function deniedPermission(message: string): string | undefined {
  const found = /User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(
    message,
  );
  if (!found) return undefined;
  const [, user, permission, resource] = found;
  const explicit = /with an explicit deny/.test(message) ? "; a policy denies it explicitly" : "";
  return `${user} needs ${permission}${resource ? ` on ${resource}` : ""}${explicit}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
