/**
 * Explains to a person what an AWS error means and what to do. Used for every call to AWS.
 */
import { awsErrorCode, metadataOf } from "../lambda/aws-failure.ts";
import { isAccountError } from "../lambda/errors.ts";
import { loginAdvice, readProfiles, unreadableFiles } from "./login-advice.ts";
import { OpsError } from "./ops-error.ts";

export interface AwsCall {
  /** What was tried on which resource: "Storing the secret dintero/T12345678/api-client". */
  readonly doing: string;
  /** The permissions that it needs, with their resources. */
  readonly permission: string;
  /** What to do about errors of this call, by AWS's error code. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/** The result of the call, or an {@link OpsError} that explains why there is none. */
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
 * What an error from the function's code means here. Its message is about the function; AWS's error is in
 * its `cause`.
 */
export async function explainReading(error: unknown, call: AwsCall): Promise<string> {
  if (!isAccountError(error)) throw error;
  return error.cause === undefined ? error.message : explainHere(call, error.cause);
}

/** With the advice for this person's credentials. */
async function explainHere(call: AwsCall, error: unknown): Promise<string> {
  const { env } = process;
  const login = loginAdvice(env, await readProfiles(), await unreadableFiles(env));
  return explainAwsError(call, error, login);
}

/**
 * AWS's own message is not shown, because it may quote a wrong value. If access is denied, the permission
 * and the resource are taken from it.
 * @param login - how to get usable credentials.
 */
export function explainAwsError(call: AwsCall, error: unknown, login: string): string {
  const code = awsErrorCode(error);
  const message = error instanceof Error ? error.message : "";
  const metadata = metadataOf(error);

  // The SDK found no credentials, or an expired login. Its message contains only names.
  if (/^(Credentials|Token)ProviderError$/.test(code)) {
    const isOfNoSource = message === "Could not load credentials from any providers";
    return `No usable AWS credentials. ${isOfNoSource ? "" : `The AWS SDK says: ${sentence(message)} `}${login}`;
  }
  if (EXPIRED.test(code)) return `The AWS credentials have expired (${code}). ${login}`;
  if (UNKNOWN_KEYS.test(code)) {
    return `AWS rejected the AWS credentials (${code}): the keys are wrong, were deleted, or belong to another partition. ${login}`;
  }
  const remedy = call.remedies?.[code];
  if (isRefused(error)) {
    const denied = deniedPermission(message);
    // If AWS names no permission, the cause may be something else, for example a disabled key.
    return `${call.doing} is not allowed: ${denied ?? `it needs ${call.permission}`}.${remedy && !denied ? ` ${remedy}` : ""}`;
  }
  if (!isAnswered(error)) {
    const detail = error instanceof Error && "code" in error ? String(error.code) : code;
    // A missing file with a token or keys, or settings that the SDK cannot use: read before there is a request.
    const isBeforeRequest = NO_FILE.test(detail) || (detail === "TypeError" && !isTried(error));
    if (isBeforeRequest) return `No usable AWS credentials (${detail}). ${login}`;
    return `${call.doing} failed: no answer from ${askedHost(error)} (${detail}). ${unansweredRemedy(detail, message)}`;
  }
  const status = metadata["httpStatusCode"];
  if (NO_CODE.test(code)) return `${call.doing} failed with HTTP ${status}: ${NOT_AWS}`;
  return `${call.doing} failed: ${code}, HTTP ${status}, request ${metadata["requestId"] ?? "unknown"}.${remedy ? ` ${remedy}` : ""}`;
}

/** For an answer that is not in AWS's format. */
export const NOT_AWS =
  "something in between answered instead of AWS. This may be a proxy, a login page of the network, or a wrong AWS_ENDPOINT_URL.";

/** The SDK's names for an error without an AWS code. */
const NO_CODE = /^(Unknown|UnknownError|SyntaxError)$/;

/** Whether a request was sent. */
function isTried(error: unknown): boolean {
  return metadataOf(error)["attempts"] !== undefined;
}

/** The host that did not answer: the proxy, if it is one. */
function askedHost(error: unknown): string {
  // Node's errors of DNS and of sockets have these fields.
  const { hostname, address, port } = Object(error);
  return hostname ?? (address === undefined ? "AWS" : `${address}:${port}`);
}

// The codes differ by service. Source: "Common Errors" in each service's API reference.
const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired)$/;
const UNKNOWN_KEYS =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/;
const DENIED =
  /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|NotAuthorized)$/;

const NO_FILE = /^(ENOENT|EACCES|EISDIR)$/;

/**
 * By Node's error code.
 * @param message - from Node. Only the status is shown, because the message contains the proxy's address.
 */
function unansweredRemedy(code: string, message: string): string {
  if (code.startsWith("ERR_PROXY_")) {
    const [, status] = /HTTP\/1\.\d (\d{3})/.exec(message) ?? [];
    const answer = status ? ` with HTTP ${status}` : "";
    const remedy =
      status === "407"
        ? "The proxy requires a user and a password. Set the variable to a value like http://USER:PASSWORD@HOST:PORT"
        : "Check the proxy's address, and check that it allows this host. For hosts without a proxy, set NO_PROXY.";
    return `The proxy in HTTPS_PROXY (or https_proxy, which goes first) refused the connection${answer}. ${remedy}`;
  }
  if (code === "ERR_INVALID_URL") return "AWS_ENDPOINT_URL must begin with https:// or http://.";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `The certificate is for another host: ${NOT_AWS}`;
  }
  // https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes
  if (/CERT|SIGNATURE|UNABLE_TO/.test(code)) {
    return "Node does not trust the certificate that it received. If the certificate is from your company's proxy, set NODE_EXTRA_CA_CERTS to the file with the proxy's CA.";
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

/** AWS names the permission and the policy more exactly than we can. */
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
