/**
 * The API client's id and secret in AWS Secrets Manager.
 */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { awsFailure } from "./aws-failure.ts";
import {
  CLIENT_CREDENTIALS_FORM,
  type ClientCredentials,
  credentialsSecretName,
} from "./contract.ts";
import { type AccountError, RotationError } from "./errors.ts";
import { readJsonObject } from "./json-object.ts";

export interface Credentials extends ClientCredentials {
  /** Version of the secret that they were read from. */
  readonly versionId: string;
}

export interface CredentialsSource {
  /**
   * Id of the secret's current version; `undefined` when it has no value.
   * @throws {@link RotationError} `credentials-unusable` when the secret cannot be described.
   */
  currentVersionId(accountId: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The current version's content.
   * @throws {@link RotationError} `credentials-unusable` when it cannot be read, or is not a JSON
   * object with a usable `client_id` and `client_secret`.
   */
  read(accountId: string, signal: AbortSignal): Promise<Credentials>;
}

export function createCredentialsSource(client: SecretsManagerClient): CredentialsSource {
  return {
    async currentVersionId(accountId, signal) {
      const secret = await client
        .send(new DescribeSecretCommand({ SecretId: credentialsSecretName(accountId) }), {
          abortSignal: signal,
        })
        .catch((error: unknown) => {
          throw readFailure(accountId, "secretsmanager:DescribeSecret on it", error);
        });
      if (secret.DeletedDate) throw scheduledForDeletion(accountId);
      return Object.entries(secret.VersionIdsToStages ?? {}).find(([, stages]) =>
        stages.includes("AWSCURRENT"),
      )?.[0];
    },

    async read(accountId, signal) {
      const secret = await client
        .send(
          new GetSecretValueCommand({
            SecretId: credentialsSecretName(accountId),
            VersionStage: "AWSCURRENT",
          }),
          { abortSignal: signal },
        )
        .catch((error: unknown) => {
          const permissions = "secretsmanager:GetSecretValue on it, and kms:Decrypt on its key";
          throw readFailure(accountId, permissions, error);
        });
      if (secret.SecretString === undefined) throw unusable(accountId, "it is binary, not text");
      if (secret.VersionId === undefined) throw unusable(accountId, "its version has no id");
      // Editors and shells on Windows write a byte order mark, which is not JSON.
      const text = secret.SecretString.replace(/^\uFEFF/, "");
      const content = readJsonObject(text, CREDENTIALS_FIELDS);
      if (!content.ok) throw unusable(accountId, content.faults);
      return { ...content.value, versionId: secret.VersionId };
    },
  };
}

function readFailure(accountId: string, permissions: string, error: unknown): AccountError {
  const name = credentialsSecretName(accountId);
  return awsFailure(
    {
      code: "credentials-unusable",
      doing: `Reading the secret ${name}`,
      permissions,
      remedies: {
        // A secret that does not exist is AccessDeniedException: IAM decides first.
        ResourceNotFoundException: `The secret has no current value. Store ${CLIENT_CREDENTIALS_FORM} in it.`,
        InvalidRequestException: `If the secret is scheduled for deletion, run: aws secretsmanager restore-secret --secret-id ${name}`,
        DecryptionFailure: SEE_STATUS,
        AccessDeniedException: `Either the secret was deleted or created again, or its KMS key is not enabled, or the function's role lost ${permissions}. ${SEE_STATUS}`,
      },
    },
    error,
  );
}

/** The command can distinguish the causes, with its user's permissions. A wrong fix could replace the key. */
const SEE_STATUS = "To see what to do, run: npm run ops -- status";

function scheduledForDeletion(accountId: string): AccountError {
  const name = credentialsSecretName(accountId);
  return new RotationError(
    "credentials-unusable",
    `The secret ${name} is scheduled for deletion. To keep it, run: aws secretsmanager restore-secret --secret-id ${name}`,
  );
}

function unusable(accountId: string, faults: string): AccountError {
  return new RotationError(
    "credentials-unusable",
    `The secret ${credentialsSecretName(accountId)} cannot be used: ${faults}. It must contain ${CLIENT_CREDENTIALS_FORM}. To store it, run: npm run ops -- credentials ${accountId}`,
  );
}

/** What the fields of the secret's value must be. */
export const CREDENTIALS_FIELDS = {
  client_id: v.pipe(
    credentialField("client_id"),
    // The first colon ends the user-id in Basic credentials. Source: RFC 7617, section 2.
    v.excludes(":", "client_id contains a colon, which Basic authentication does not allow"),
  ),
  client_secret: credentialField("client_secret"),
};

function credentialField(field: string) {
  return v.pipe(
    v.string(`${field} is not a string`),
    v.nonEmpty(`${field} is empty`),
    // Reported and not removed: a copy with a space at one end may lack a character at the other.
    v.check((text) => text === text.trim(), `${field} begins or ends with white space`),
    // Source: RFC 7617, section 2.
    v.check((text) => !/\p{Cc}/u.test(text), `${field} contains control characters`),
  );
}
