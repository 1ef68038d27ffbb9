/**
 * AWS Secrets Manager: the operations on secrets and their versions, in memory.
 *
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html
 */
import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { HOUR_MS } from "../../durations.ts";
import { AwsError } from "./aws-error.ts";
import { type Operation, type OperationContext, operation } from "./aws-operation.ts";
import type { KeyManagement } from "./key-management.ts";
import { SecretKeys } from "./secret-keys.ts";
import { CURRENT, SecretVersions } from "./secret-versions.ts";

/** SDKs make a token up if the caller gives none. It becomes the id of the version. */
const ClientRequestToken = v.string();
const SecretString = v.optional(v.string());
/** Base64. */
const SecretBinary = v.optional(v.string());

const CreateSecretInput = v.strictObject({
  Name: v.string(),
  ClientRequestToken,
  KmsKeyId: v.optional(v.string()),
  SecretString,
  SecretBinary,
});

const PutSecretValueInput = v.strictObject({
  SecretId: v.string(),
  ClientRequestToken,
  SecretString,
  SecretBinary,
  VersionStages: v.optional(v.array(v.string()), [CURRENT]),
});

const GetSecretValueInput = v.strictObject({
  SecretId: v.string(),
  VersionStage: v.optional(v.string(), CURRENT),
});

const SecretIdInput = v.strictObject({ SecretId: v.string() });

const DeleteSecretInput = v.strictObject({
  SecretId: v.string(),
  ForceDeleteWithoutRecovery: v.optional(v.boolean(), false),
});

/** Until a secret is gone after a deletion that is not forced. */
const RECOVERY_MS = 30 * 24 * HOUR_MS;

/** The secrets of one account and Region. */
export class SecretsManager {
  readonly operations = new Map<string, Operation>([
    ["CreateSecret", operation(CreateSecretInput, this.#create.bind(this))],
    ["PutSecretValue", operation(PutSecretValueInput, this.#put.bind(this))],
    ["GetSecretValue", operation(GetSecretValueInput, this.#getValue.bind(this))],
    ["DescribeSecret", operation(SecretIdInput, this.#describe.bind(this))],
    ["DeleteSecret", operation(DeleteSecretInput, this.#delete.bind(this))],
    ["RestoreSecret", operation(SecretIdInput, this.#restore.bind(this))],
  ]);

  readonly #keys: SecretKeys;
  readonly #now: () => number;
  readonly #arnPrefix: string;
  /** By name. */
  readonly #secrets = new Map<string, Secret>();

  constructor(options: {
    place: { region: string; accountId: string };
    keys: KeyManagement;
    now: () => number;
  }) {
    const { region, accountId } = options.place;
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`;
    this.#keys = new SecretKeys(options.keys);
    this.#now = options.now;
  }

  /** The ARN of the secret with this name, if it exists. */
  arnOf(name: string): string | undefined {
    return this.#secrets.get(name)?.arn;
  }

  /** Forgets all secrets. */
  clear(): void {
    this.#secrets.clear();
  }

  #create(input: v.InferOutput<typeof CreateSecretInput>, context: OperationContext) {
    const { Name, ClientRequestToken: versionId, KmsKeyId, SecretString, SecretBinary } = input;
    const existing = this.#secrets.get(Name);
    if (existing?.deletionMs !== undefined) {
      throw new AwsError("InvalidRequestException", `${Name} is scheduled for deletion.`);
    }
    if (existing) throw new AwsError("ResourceExistsException", `${Name} already exists.`);
    const secret: Secret = {
      name: Name,
      // A secret created again under an old name gets another ARN.
      arn: `${this.#arnPrefix}${Name}-${randomBytes(3).toString("hex")}`,
      keyId: KmsKeyId,
      keyArn: this.#keys.resolve(KmsKeyId),
      versions: new SecretVersions(),
      deletionMs: undefined,
      changedMs: this.#now(),
    };
    const hasValue = SecretString !== undefined || SecretBinary !== undefined;
    if (hasValue) {
      this.#keys.encrypt(secret.keyArn, secret.arn, versionId, context);
      secret.versions.add({ id: versionId, SecretString, SecretBinary }, [CURRENT]);
    }
    this.#secrets.set(Name, secret);
    return identify(secret, hasValue ? versionId : undefined);
  }

  #put(input: v.InferOutput<typeof PutSecretValueInput>, context: OperationContext) {
    const { SecretId, ClientRequestToken: id, SecretString, SecretBinary, VersionStages } = input;
    const secret = this.#active(SecretId);
    const { versions } = secret;
    const existing = versions.byId(id);
    if (existing) {
      // The service decrypts the value that it has in order to compare the two.
      this.#keys.decrypt(secret.keyArn, secret.arn, id, context);
      if (existing.SecretString !== SecretString || existing.SecretBinary !== SecretBinary) {
        throw new AwsError("ResourceExistsException", `Another value has the token ${id}.`);
      }
    } else {
      this.#keys.encrypt(secret.keyArn, secret.arn, id, context);
      versions.add({ id, SecretString, SecretBinary }, VersionStages);
      secret.changedMs = this.#now();
    }
    return { ...identify(secret, id), VersionStages: versions.stagesOf(id) };
  }

  #getValue(input: v.InferOutput<typeof GetSecretValueInput>, context: OperationContext) {
    const { versions, ...secret } = this.#active(input.SecretId);
    const version = versions.byStage(input.VersionStage);
    if (!version) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Secrets Manager can't find the specified secret value for staging label: ${input.VersionStage}`,
      );
    }
    const { id, ...value } = version;
    this.#keys.decrypt(secret.keyArn, secret.arn, id, context);
    return { ...identify(secret, id), ...value, VersionStages: versions.stagesOf(id) };
  }

  #describe({ SecretId }: v.InferOutput<typeof SecretIdInput>) {
    const { deletionMs, changedMs, ...secret } = this.#existing(SecretId);
    return {
      ...identify(secret),
      KmsKeyId: secret.keyId,
      DeletedDate: deletionMs === undefined ? undefined : deletionMs / 1000,
      LastChangedDate: changedMs / 1000,
      VersionIdsToStages: secret.versions.idsToStages(),
    };
  }

  #delete({ SecretId, ForceDeleteWithoutRecovery }: v.InferOutput<typeof DeleteSecretInput>) {
    if (ForceDeleteWithoutRecovery) {
      // No error for a secret that is not there or no longer:
      // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
      this.#secrets.delete(SecretId);
      return { Name: SecretId, DeletionDate: this.#now() / 1000 };
    }
    const secret = this.#active(SecretId);
    secret.changedMs = this.#now();
    secret.deletionMs = secret.changedMs + RECOVERY_MS;
    return { ...identify(secret), DeletionDate: secret.deletionMs / 1000 };
  }

  #restore({ SecretId }: v.InferOutput<typeof SecretIdInput>) {
    const secret = this.#existing(SecretId);
    secret.deletionMs = undefined;
    secret.changedMs = this.#now();
    return identify(secret);
  }

  /** The secret, unless it is scheduled for deletion. */
  #active(name: string): Secret {
    const secret = this.#existing(name);
    if (secret.deletionMs === undefined) return secret;
    throw new AwsError("InvalidRequestException", `${name} was marked for deletion.`);
  }

  #existing(name: string): Secret {
    const secret = this.#secrets.get(name);
    if (secret) return secret;
    throw new AwsError(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    );
  }
}

/** A secret as it is kept. */
interface Secret {
  readonly name: string;
  readonly arn: string;
  /** As it was given. Without it the AWS-managed key is used. */
  readonly keyId: string | undefined;
  readonly keyArn: string;
  readonly versions: SecretVersions;
  /** End of the recovery window of a secret that is scheduled for deletion. */
  deletionMs: number | undefined;
  changedMs: number;
}

function identify({ arn, name }: Pick<Secret, "arn" | "name">, versionId?: string) {
  return { ARN: arn, Name: name, VersionId: versionId };
}
