/**
 * Says to a person what an error of AWS means and what to do. Called wherever a command calls AWS.
 */
import { awsErrorCode, metadataOf } from "../lambda/aws-failure.ts";
import { isAccountError } from "../lambda/errors.ts";
import { loginAdvice, readProfiles } from "./login-advice.ts";
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
    throw new OpsError(await explainHere(call, error), {
      cause: error,
      isUndetermined: isRefused(error) || !isAnswered(error) || isOfCredentials(error),
    });
  }
}

/**
 * What an error of the function's own parts means here. They speak to the function's operator; AWS's error
 * is in their cause.
 */
export async function explainReading(error: unknown, call: AwsCall): Promise<string> {
  if (!isAccountError(error)) throw error;
  return error.cause === undefined ? error.message : explainHere(call, error.cause);
}

/** With the advice for this person's credentials. */
async function explainHere(call: AwsCall, error: unknown): Promise<string> {
  return explainAwsError(call, error, loginAdvice(process.env, await readProfiles()));
}

/**
 * AWS's own message is not shown: one about a wrong value may quote the value. Of a refusal, the
 * permission and the resource are taken from it.
 * @param login - what brings usable credentials back.
 */
export function explainAwsError(call: AwsCall, error: unknown, login: string): string {
  const code = awsErrorCode(error);
  const message = error instanceof Error ? error.message : "";
  const metadata = metadataOf(error);

  // The SDK found no credentials, or a login that has expired; its message holds names only.
  if (/^(Credentials|Token)ProviderError$/.test(code)) {
    const isOfNoSource = message === "Could not load credentials from any providers";
    return `No usable AWS credentials. ${isOfNoSource ? "" : `The AWS SDK says: ${sentence(message)} `}${login}`;
  }
  if (EXPIRED.test(code)) return `The AWS credentials have expired (${code}). ${login}`;
  if (UNKNOWN_KEYS.test(code)) {
    return `AWS does not accept the AWS credentials (${code}): the keys are wrong, were deleted, or belong to another partition. ${login}`;
  }
  const remedy = call.remedies?.[code];
  if (isRefused(error)) {
    const denied = deniedPermission(message);
    // If AWS names no permission, something else may be the cause, such as a key that is off.
    return `${call.doing} is not allowed: ${denied ?? `it needs ${call.permission}`}.${remedy && !denied ? ` ${remedy}` : ""}`;
  }
  if (!isAnswered(error)) {
    const detail = error instanceof Error && "code" in error ? String(error.code) : code;
    // A file with a token or with keys, from before there is a request.
    if (NO_FILE.test(detail)) return `No usable AWS credentials (${detail}). ${login}`;
    return `${call.doing} failed: no answer from AWS (${detail}). ${unansweredRemedy(detail)}`;
  }
  return `${call.doing} failed: ${code}, HTTP ${metadata["httpStatusCode"]}, request ${metadata["requestId"] ?? "unknown"}.${remedy ? ` ${remedy}` : ""}`;
}

// The codes differ by service. Source: "Common Errors" in each service's API reference.
const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired)$/;
const UNKNOWN_KEYS =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/;
const DENIED =
  /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|NotAuthorized)$/;

const NO_FILE = /^(ENOENT|EACCES|EISDIR)$/;

/** By the code of Node. */
function unansweredRemedy(code: string): string {
  if (code.startsWith("ERR_PROXY_")) {
    return "The proxy in HTTPS_PROXY did not let the request through: check its address and its password, and NO_PROXY.";
  }
  // https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes
  if (/CERT|SIGNATURE|UNABLE_TO/.test(code)) {
    return "Something in between shows a certificate that Node does not trust. If that is your company's proxy, set NODE_EXTRA_CA_CERTS to the file with its CA.";
  }
  return "Check the network, HTTPS_PROXY, a VPN, and AWS_ENDPOINT_URL if it is set.";
}

/** Whether AWS gave an answer at all. */
export function isAnswered(error: unknown): boolean {
  return metadataOf(error)["httpStatusCode"] !== undefined;
}

function isOfCredentials(error: unknown): boolean {
  const code = awsErrorCode(error);
  return EXPIRED.test(code) || UNKNOWN_KEYS.test(code);
}

/** Whether a policy does not allow the call. */
export function isRefused(error: unknown): boolean {
  return DENIED.test(awsErrorCode(error));
}

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
