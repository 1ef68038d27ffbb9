/**
 * AWS Secrets Manager: the operations on secrets and their versions, in memory.
 * Called by `aws-stand-in.ts`. A secret is found in `stored-secrets.ts`, the moving of labels is
 * in `secret-versions.ts`.
 *
 * Reference: https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html; where
 * a message is not documented there, its wording follows the answers of AWS that are recorded in
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.snapshot.json
 * and the code beside it.
 */
import type { InferOutput } from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, type OperationContext, operation } from "./aws-operation.ts";
import type { KeyManagement } from "./key-management.ts";
import * as inputs from "./secret-inputs.ts";
import { SecretKeys } from "./secret-keys.ts";
import { checkName, isSameValue, requireToken, secretValue } from "./secret-rules.ts";
import { CURRENT, type SecretValue, SecretVersions } from "./secret-versions.ts";
import { type Secret, StoredSecrets } from "./stored-secrets.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_RECOVERY_DAYS = 30;

/** The secrets of one account and Region. */
export class SecretsManager {
  readonly operations = new Map<string, Operation>([
    ["CreateSecret", operation(inputs.CreateSecretInput, this.#create.bind(this))],
    ["PutSecretValue", operation(inputs.PutSecretValueInput, this.#put.bind(this))],
    ["GetSecretValue", operation(inputs.GetSecretValueInput, this.#getValue.bind(this))],
    ["DescribeSecret", operation(inputs.DescribeSecretInput, this.#describe.bind(this))],
    [
      "UpdateSecretVersionStage",
      operation(inputs.UpdateSecretVersionStageInput, this.#updateStage.bind(this)),
    ],
    ["DeleteSecret", operation(inputs.DeleteSecretInput, this.#delete.bind(this))],
    ["RestoreSecret", operation(inputs.RestoreSecretInput, this.#restore.bind(this))],
  ]);

  readonly #keys: SecretKeys;
  readonly #now: () => number;
  readonly #secrets: StoredSecrets;

  constructor(options: {
    place: { region: string; accountId: string };
    keys: KeyManagement;
    now: () => number;
  }) {
    this.#keys = new SecretKeys(options.keys);
    this.#now = options.now;
    this.#secrets = new StoredSecrets(options);
  }

  /** Forgets all secrets. */
  clear(): void {
    this.#secrets.clear();
  }

  #create(input: InferOutput<typeof inputs.CreateSecretInput>, context: OperationContext) {
    const token = requireToken(input.ClientRequestToken);
    checkName(input.Name);
    const value = secretValue(input);
    const existing = this.#secrets.find(input.Name);
    if (existing?.deletionMs !== undefined) {
      throw new AwsError(
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (existing) {
      const version = existing.versions.byId(token);
      if (version && value && isSameValue(version.value, value)) return identify(existing, token);
      throw new AwsError(
        "ResourceExistsException",
        `The operation failed because the secret ${input.Name} already exists.`,
      );
    }
    const createdMs = this.#now();
    const secret: Secret = {
      name: input.Name,
      arn: this.#secrets.newArn(input.Name),
      description: input.Description,
      keyId: input.KmsKeyId,
      tags: input.Tags,
      versions: new SecretVersions(),
      createdMs,
      changedMs: createdMs,
      accessedMs: undefined,
      deletionMs: undefined,
    };
    if (secret.keyId !== undefined) {
      this.#keys.validateAccess(this.#keys.resolve(secret.keyId), secret.arn, context.kms);
    }
    if (value) this.#addVersion(secret, token, value, [CURRENT], context);
    this.#secrets.add(secret);
    return identify(secret, value && token);
  }

  #put(input: InferOutput<typeof inputs.PutSecretValueInput>, context: OperationContext) {
    const token = requireToken(input.ClientRequestToken);
    const value = secretValue(input);
    if (!value) {
      throw new AwsError(
        "InvalidRequestException",
        "You must provide either SecretString or SecretBinary.",
      );
    }
    const secret = this.#secrets.active(input.SecretId);
    const existing = secret.versions.byId(token);
    if (existing) {
      // The service decrypts the value that it has in order to compare the two.
      this.#keys.decrypt(existing.keyArn, secret.arn, token, context.kms);
      if (!isSameValue(existing.value, value)) {
        throw new AwsError(
          "ResourceExistsException",
          `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
        );
      }
    } else {
      this.#addVersion(secret, token, value, input.VersionStages ?? [CURRENT], context);
    }
    return { ...identify(secret, token), VersionStages: secret.versions.stagesOf(token) };
  }

  #getValue(input: InferOutput<typeof inputs.GetSecretValueInput>, context: OperationContext) {
    const secret = this.#secrets.active(input.SecretId);
    const { VersionId, VersionStage } = input;
    const stage = VersionStage ?? (VersionId === undefined ? CURRENT : undefined);
    const version =
      VersionId !== undefined
        ? secret.versions.byId(VersionId)
        : secret.versions.byStage(stage ?? CURRENT);
    if (!version) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Secrets Manager can't find the specified secret value for ${VersionId !== undefined ? `VersionId: ${VersionId}` : `staging label: ${stage}`}`,
      );
    }
    const stages = secret.versions.stagesOf(version.id);
    if (stage !== undefined && !stages.includes(stage)) {
      throw new AwsError(
        "InvalidRequestException",
        "You provided a VersionStage that is not associated to the provided VersionId.",
      );
    }
    this.#keys.decrypt(version.keyArn, secret.arn, version.id, context.kms);
    secret.accessedMs = this.#now();
    return {
      ...identify(secret, version.id),
      ...("text" in version.value
        ? { SecretString: version.value.text }
        : { SecretBinary: version.value.bytes.toString("base64") }),
      ...(stages.length > 0 && { VersionStages: stages }),
      CreatedDate: version.createdMs / 1000,
    };
  }

  #describe(input: InferOutput<typeof inputs.DescribeSecretInput>) {
    const secret = this.#secrets.existing(input.SecretId);
    const idsToStages = secret.versions.idsToStages();
    const { accessedMs, deletionMs } = secret;
    return {
      ARN: secret.arn,
      Name: secret.name,
      Description: secret.description,
      KmsKeyId: secret.keyId,
      Tags: secret.tags,
      CreatedDate: secret.createdMs / 1000,
      LastChangedDate: secret.changedMs / 1000,
      // A date without a time.
      LastAccessedDate:
        accessedMs === undefined ? undefined : (accessedMs - (accessedMs % DAY_MS)) / 1000,
      DeletedDate: deletionMs === undefined ? undefined : deletionMs / 1000,
      VersionIdsToStages: Object.keys(idsToStages).length > 0 ? idsToStages : undefined,
    };
  }

  #updateStage(input: InferOutput<typeof inputs.UpdateSecretVersionStageInput>) {
    const secret = this.#secrets.active(input.SecretId);
    secret.versions.relabel(input.VersionStage, input.RemoveFromVersionId, input.MoveToVersionId);
    secret.changedMs = this.#now();
    return identify(secret);
  }

  #delete(input: InferOutput<typeof inputs.DeleteSecretInput>) {
    const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force } = input;
    if (force && days !== undefined) {
      throw new AwsError(
        "InvalidParameterException",
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    }
    if (days !== undefined && (days < 7 || days > 30)) {
      throw new AwsError(
        "InvalidParameterException",
        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
      );
    }
    if (force) {
      // No error for a secret that is not there or no longer:
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
      const secret = this.#secrets.find(input.SecretId);
      if (secret) this.#secrets.delete(secret);
      const identity = secret ? identify(secret) : { Name: input.SecretId };
      return { ...identity, DeletionDate: this.#now() / 1000 };
    }
    const secret = this.#secrets.existing(input.SecretId);
    if (secret.deletionMs !== undefined) {
      throw new AwsError(
        "InvalidRequestException",
        "You tried to perform the operation on a secret that's currently marked deleted.",
      );
    }
    secret.changedMs = this.#now();
    secret.deletionMs = secret.changedMs + (days ?? DEFAULT_RECOVERY_DAYS) * DAY_MS;
    return { ...identify(secret), DeletionDate: secret.deletionMs / 1000 };
  }

  #restore(input: InferOutput<typeof inputs.RestoreSecretInput>) {
    const secret = this.#secrets.existing(input.SecretId);
    secret.deletionMs = undefined;
    secret.changedMs = this.#now();
    return identify(secret);
  }

  #addVersion(
    secret: Secret,
    id: string,
    value: SecretValue,
    stages: string[],
    context: OperationContext,
  ): void {
    const keyArn = this.#keys.resolve(secret.keyId);
    secret.versions.checkRoomFor(stages);
    this.#keys.encrypt(keyArn, secret.arn, id, context.kms);
    const createdMs = this.#now();
    secret.versions.add({ id, value, keyArn, createdMs }, stages);
    secret.changedMs = createdMs;
  }
}

function identify(secret: Secret, versionId?: string) {
  return { ARN: secret.arn, Name: secret.name, VersionId: versionId };
}
