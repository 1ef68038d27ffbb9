/**
 * The inputs of the Secrets Manager operations, with the constraints of AWS's API model:
 * https://github.com/boto/botocore/blob/develop/botocore/data/secretsmanager/2017-10-17/service-2.json.
 * Used by `secrets-manager.ts`.
 */
import * as v from "valibot";
import { list, text } from "./aws-operation.ts";

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const MAX_SECRET_BYTES = 65_536;

const SecretId = text({ min: 1, max: 2048 });
const ClientRequestToken = v.optional(text({ min: 32, max: 64 }));
const VersionId = text({ min: 32, max: 64 });
const VersionStage = text({ min: 1, max: 256 });

const SecretString = v.pipe(
  text({ min: 1 }),
  v.maxBytes(MAX_SECRET_BYTES, `Member must have length less than or equal to ${MAX_SECRET_BYTES}`),
);

// Base64 on the wire.
const SecretBinary = v.pipe(
  v.string(),
  v.regex(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "Member must be Base64"),
  v.transform((base64) => Buffer.from(base64, "base64")),
  v.check((bytes) => bytes.length > 0, "Member must have length greater than or equal to 1"),
  v.check(
    (bytes) => bytes.length <= MAX_SECRET_BYTES,
    `Member must have length less than or equal to ${MAX_SECRET_BYTES}`,
  ),
);

// https://docs.aws.amazon.com/secretsmanager/latest/userguide/managing-secrets_tagging.html
const Tag = v.object({
  Key: text({ min: 1, max: 128, pattern: /^(?!aws:)/i }),
  Value: text({ max: 256 }),
});

export const CreateSecretInput = v.object({
  Name: text({ min: 1, max: 512 }),
  ClientRequestToken,
  Description: v.optional(text({ max: 2048 })),
  KmsKeyId: v.optional(text({ max: 2048 })),
  SecretString: v.optional(SecretString),
  SecretBinary: v.optional(SecretBinary),
  Tags: v.optional(list(Tag, { max: 50 })),
});

export const PutSecretValueInput = v.object({
  SecretId,
  ClientRequestToken,
  SecretString: v.optional(SecretString),
  SecretBinary: v.optional(SecretBinary),
  VersionStages: v.optional(list(VersionStage, { min: 1, max: 20 })),
});

export const GetSecretValueInput = v.object({
  SecretId,
  VersionId: v.optional(VersionId),
  VersionStage: v.optional(VersionStage),
});

export const DescribeSecretInput = v.object({ SecretId });

export const UpdateSecretVersionStageInput = v.object({
  SecretId,
  VersionStage,
  RemoveFromVersionId: v.optional(VersionId),
  MoveToVersionId: v.optional(VersionId),
});

export const DeleteSecretInput = v.object({
  SecretId,
  RecoveryWindowInDays: v.optional(v.pipe(v.number(), v.integer())),
  ForceDeleteWithoutRecovery: v.optional(v.boolean(), false),
});

export const RestoreSecretInput = v.object({ SecretId });
