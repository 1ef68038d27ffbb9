/**
 * What Secrets Manager accepts as a secret's name, value and version id: pure checks.
 * Used by `secrets-manager.ts`.
 */
import { AwsError } from "./aws-error.ts";
import type { SecretValue } from "./secret-versions.ts";

/** Throws unless a secret can have this name. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9/_+=.@!-]+$/.test(name)) return;
  throw new AwsError(
    "ValidationException",
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
  );
}

/** The id of the version that a request makes. SDKs make one up where the caller gives none. */
export function requireToken(token: string | undefined): string {
  if (token !== undefined) return token;
  throw new AwsError(
    "InvalidRequestException",
    "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
  );
}

/** The value in a request, if there is one. Throws where there are two. */
export function secretValue(input: {
  SecretString?: string | undefined;
  SecretBinary?: Buffer | undefined;
}): SecretValue | undefined {
  const { SecretString: text, SecretBinary: bytes } = input;
  if (text !== undefined && bytes !== undefined) {
    throw new AwsError(
      "InvalidParameterException",
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (text !== undefined) return { text };
  return bytes && { bytes };
}

/** Whether two values are of the same kind and content. */
export function isSameValue(left: SecretValue, right: SecretValue): boolean {
  if ("text" in left) return "text" in right && left.text === right.text;
  return "bytes" in right && left.bytes.equals(right.bytes);
}
