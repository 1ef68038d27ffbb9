/**
 * The calls to KMS that Secrets Manager makes for a secret, with their encryption context, and
 * what it answers if KMS refuses.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
import { AwsError } from "./aws-error.ts";
import type { OperationContext } from "./aws-operation.ts";
import { type KeyManagement, KmsRefusal } from "./key-management.ts";

/** Calls KMS and notes each call in the context. Throws {@link AwsError}. */
export class SecretKeys {
  readonly #keys: KeyManagement;

  constructor(keys: KeyManagement) {
    this.#keys = keys;
  }

  /** The ARN of the key that a secret names, or of the AWS-managed one if it names none. */
  resolve(keyId = "alias/aws/secretsmanager"): string {
    return refusalsAs("EncryptionFailure", () => this.#keys.resolve(keyId));
  }

  /** Every value is encrypted under a data key of its own. */
  encrypt(keyArn: string, secretArn: string, versionId: string, context: OperationContext): void {
    const encryptionContext = { SecretARN: secretArn, SecretVersionId: versionId };
    refusalsAs("EncryptionFailure", () =>
      this.#keys.use({ action: "kms:GenerateDataKey", keyArn, encryptionContext }, context),
    );
  }

  decrypt(keyArn: string, secretArn: string, versionId: string, context: OperationContext): void {
    const encryptionContext = { SecretARN: secretArn, SecretVersionId: versionId };
    refusalsAs("DecryptionFailure", () =>
      this.#keys.use({ action: "kms:Decrypt", keyArn, encryptionContext }, context),
    );
  }
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
const MESSAGES = {
  EncryptionFailure:
    "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.",
  DecryptionFailure:
    "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
};

function refusalsAs<Result>(type: keyof typeof MESSAGES, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof KmsRefusal)) throw error;
    // https://github.com/external-secrets/external-secrets/issues/390
    if (error.code === "AccessDeniedException") {
      throw new AwsError(error.code, "Access to KMS is not allowed");
    }
    throw new AwsError(type, MESSAGES[type]);
  }
}
