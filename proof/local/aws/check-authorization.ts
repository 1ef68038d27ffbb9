/** What the stand-in checks of a request's authorization: whose key it names, for what and when. */
import type { IncomingHttpHeaders } from "node:http";
import { MINUTE_MS } from "../../durations.ts";
import type { Caller } from "./access-management.ts";
import { AwsError } from "./aws-error.ts";

/** What a request has to be signed with, by one of these callers, and for. */
export interface SigningScope {
  readonly callers: readonly Caller[];
  readonly region: string;
  readonly service: string;
}

/** How far a request's date may be from the server's, to either side. */
const MAX_CLOCK_SKEW_MS = 5 * MINUTE_MS;

/**
 * Who made the request. Throws {@link AwsError} unless the headers name the scope and a current date.
 * The signature itself is AWS's own code in every client here, so it is not computed again.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
 */
export function checkAuthorization(
  headers: IncomingHttpHeaders,
  scope: SigningScope,
  nowMs: number,
): Caller {
  const { authorization } = headers;
  if (!authorization) {
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const [, accessKeyId, region, service] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/.exec(
      authorization,
    ) ?? [];
  const signedAtMs = parseLongDate(String(headers["x-amz-date"]));
  if (accessKeyId === undefined || Number.isNaN(signedAtMs)) {
    throw new AwsError(
      "IncompleteSignatureException",
      "Authorization header requires a 'Credential' parameter and a 'X-Amz-Date' header.",
    );
  }
  const caller = scope.callers.find(
    ({ credentials }) =>
      credentials.accessKeyId === accessKeyId &&
      credentials.sessionToken === headers["x-amz-security-token"],
  );
  if (!caller) {
    throw new AwsError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }
  if (region !== scope.region || service !== scope.service) {
    throw new AwsError(
      "InvalidSignatureException",
      `Credential should be scoped to ${scope.region} and '${scope.service}'.`,
    );
  }
  if (Math.abs(signedAtMs - nowMs) > MAX_CLOCK_SKEW_MS) {
    const problem = signedAtMs < nowMs ? "expired" : "not yet current";
    throw new AwsError("InvalidSignatureException", `Signature ${problem}.`);
  }
  return caller;
}

/** `20260102T030405Z` in milliseconds since the epoch; NaN for anything else. */
function parseLongDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
}
