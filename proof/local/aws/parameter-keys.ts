/**
 * The calls to KMS that Parameter Store makes for a SecureString, with their encryption context,
 * and what it answers if KMS refuses.
 *
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
import { AwsError } from "./aws-error.ts";
import type { OperationContext } from "./aws-operation.ts";
import { type KeyManagement, KmsRefusal, type KmsUse } from "./key-management.ts";
import type { Tier } from "./parameter-rules.ts";

/** Calls KMS and notes each call in the context. Throws {@link AwsError}. */
export class ParameterKeys {
  readonly #keys: KeyManagement;

  constructor(keys: KeyManagement) {
    this.#keys = keys;
  }

  /**
   * A standard parameter is encrypted by KMS itself, an advanced one under a data key. Without a
   * key it is the AWS-managed one, also if the last version had another
   * (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html).
   *
   * @returns the key's ARN.
   */
  encrypt(
    parameterArn: string,
    tier: Tier,
    keyId = "alias/aws/ssm",
    context: OperationContext,
  ): string {
    const action = tier === "Standard" ? "kms:Encrypt" : "kms:GenerateDataKey";
    return refusalsAsAwsError(context, () => {
      const keyArn = this.#keys.resolve(keyId);
      this.#keys.use(useOf(action, keyArn, parameterArn), context);
      return keyArn;
    });
  }

  decrypt(parameterArn: string, keyArn: string, context: OperationContext): void {
    refusalsAsAwsError(context, () =>
      this.#keys.use(useOf("kms:Decrypt", keyArn, parameterArn), context),
    );
  }
}

function useOf(action: KmsUse["action"], keyArn: string, parameterArn: string): KmsUse {
  return { action, keyArn, encryptionContext: { PARAMETER_ARN: parameterArn } };
}

// A missing permission keeps its type: https://github.com/tryolabs/aws-workshop/issues/6.
// All others have one, reads included:
// https://github.com/hashicorp/terraform-provider-aws/issues/27352,
// https://github.com/stelligent/mu/issues/345, https://github.com/binxio/aws-ssm-copy/issues/10
function refusalsAsAwsError<Result>({ requestId }: OperationContext, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof KmsRefusal)) throw error;
    throw new AwsError(
      error.code === "AccessDeniedException" ? error.code : "InvalidKeyId",
      `${error.message} (Service: AWSKMS; Error Code: ${error.code}; Request ID: ${requestId})`,
    );
  }
}
