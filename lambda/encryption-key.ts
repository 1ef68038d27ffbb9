/** The state of the KMS key that encrypts credentials and tokens. */
import { DescribeKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { awsErrorCode, awsFailure } from "./aws-failure.ts";
import { tokenParameterName } from "./contract.ts";
import { type AccountError, RotationError } from "./errors.ts";

export interface EncryptionKey {
  /**
   * KMS's name for the key's state, such as `Enabled`; {@link KEY_NOT_FOUND} if it was deleted.
   * @throws {@link RotationError} `store-failed` if KMS does not report the state.
   */
  state(signal: AbortSignal): Promise<string>;
}

/** The only state in which readers get a token. */
export const KEY_ENABLED = "Enabled";

/** Not a state of KMS: the key no longer exists. */
export const KEY_NOT_FOUND = "NotFound";

/** @param keyId - an ARN, an id or an alias. */
export function createEncryptionKey(client: KMSClient, keyId: string): EncryptionKey {
  return {
    async state(signal) {
      try {
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }), {
          abortSignal: signal,
        });
        return KeyMetadata?.KeyState ?? "Unknown";
      } catch (error) {
        if (awsErrorCode(error) === "NotFoundException") return KEY_NOT_FOUND;
        throw awsFailure(
          {
            code: "store-failed",
            doing: `Reading the state of the KMS key ${keyId}`,
            permissions: "kms:DescribeKey on it",
          },
          error,
        );
      }
    },
  };
}

/** The failure of every account while the key's {@link EncryptionKey.state} is not enabled. */
export function keyIsOff(accountId: string, keyId: string, state: string): AccountError {
  const { what, command } = remedyOf(state, keyId);
  return new RotationError(
    "store-failed",
    `The KMS key ${keyId} ${what}. Services cannot read the token in ${tokenParameterName(accountId)}, and it cannot be renewed. Run: ${command}`,
  );
}

/** Source: KMS developer guide, "Key states of AWS KMS keys". */
function remedyOf(
  state: string,
  keyId: string,
): { readonly what: string; readonly command: string } {
  // Only an ARN has it. Without it, the command asks in the Region of the person's own settings.
  const [, , , region] = keyId.split(":");
  const kms = (command: string) =>
    `aws kms ${command} --key-id ${keyId}${region ? ` --region ${region}` : ""}`;
  switch (state) {
    case "Disabled":
      return { what: "is disabled", command: kms("enable-key") };
    case "PendingDeletion":
      return {
        what: "is scheduled for deletion",
        command: `${kms("cancel-key-deletion")} && ${kms("enable-key")}`,
      };
    case KEY_NOT_FOUND:
      // What to do depends on the stack, and a deployment too early would create another key.
      return { what: "does not exist", command: "npm run ops -- status" };
    default:
      return { what: `is in the state ${state}`, command: kms("describe-key") };
  }
}
