/**
 * The token and its status in SSM Parameter Store. Tokens are written and never decrypted.
 */
import {
  GetParametersCommand,
  type Parameter,
  PutParameterCommand,
  type PutParameterCommandInput,
  type SSMClient,
  type Tag,
} from "@aws-sdk/client-ssm";
import * as v from "valibot";
import { awsErrorCode, awsFailure } from "./aws-failure.ts";
import {
  type Environment,
  PROJECT_NAME,
  statusParameterName,
  type TokenStatusDocument,
  tokenParameterName,
} from "./contract.ts";
import { RotationError } from "./errors.ts";
import { readJsonObject } from "./json-object.ts";
import type { StoredToken, TokenStatus } from "./renewal-policy.ts";

/** Accounts in one {@link TokenStore.read}: `GetParameters` takes ten names, and an account has two. */
export const ACCOUNTS_PER_READ = 5;

/** The limit of the largest tier. Source: SSM `PutParameter`, "Advanced parameters", 8 KB. */
export const MAX_TOKEN_BYTES = 8192;

export interface TokenStore {
  /**
   * What is stored for each account, in their order.
   * @param accountIds - at most {@link ACCOUNTS_PER_READ}.
   * @throws {@link RotationError} `store-failed`.
   */
  read(accountIds: readonly string[], signal: AbortSignal): Promise<StoredToken[]>;
  /**
   * Writes the token, which comes before its status.
   * @param stored - what {@link TokenStore.read} gave.
   * @returns the token parameter's version.
   * @throws {@link RotationError} `store-failed`; then the last token is unchanged.
   */
  writeToken(
    accountId: string,
    accessToken: string,
    stored: StoredToken,
    signal: AbortSignal,
  ): Promise<number>;
  /**
   * Writes the status of the token that was written just now.
   * @param stored - what {@link TokenStore.read} gave.
   * @throws {@link RotationError} `store-failed`. Then the status does not fit the token. One of the next two
   * checks finds that, and renews the token.
   */
  writeStatus(
    accountId: string,
    status: TokenStatus,
    stored: StoredToken,
    signal: AbortSignal,
  ): Promise<void>;
}

interface StoreSettings {
  readonly environment: Environment;
  readonly keyId: string;
  /** For the parameters that are created, in addition to the store's own tags. */
  readonly parameterTags?: Readonly<Record<string, string>>;
}

export function createTokenStore(client: SSMClient, settings: StoreSettings): TokenStore {
  return {
    async read(accountIds, signal) {
      const names = accountIds.flatMap((id) => [tokenParameterName(id), statusParameterName(id)]);
      const reply = await client
        .send(new GetParametersCommand({ Names: names, WithDecryption: false }), {
          abortSignal: signal,
        })
        .catch((error: unknown) => {
          throw awsFailure(
            {
              code: "store-failed",
              doing: `Reading the parameters ${names.join(", ")}`,
              permissions: "ssm:GetParameters on each of them",
            },
            error,
          );
        });
      const byName = new Map(reply.Parameters?.map((parameter) => [parameter.Name, parameter]));
      return accountIds.map((id) =>
        storedToken(byName.get(tokenParameterName(id)), byName.get(statusParameterName(id))),
      );
    },

    async writeToken(accountId, accessToken, stored, signal) {
      const tokenName = tokenParameterName(accountId);
      if (Buffer.byteLength(accessToken) > MAX_TOKEN_BYTES) {
        throw new RotationError(
          "store-failed",
          `The token for ${tokenName} is larger than the ${MAX_TOKEN_BYTES} bytes that a parameter can hold. Ask Dintero for a client with fewer grants.`,
        );
      }
      return put(
        client,
        { Name: tokenName, Value: accessToken, Type: "SecureString", KeyId: settings.keyId },
        stored.tokenParameter ? undefined : tagsOf(accountId, settings),
        signal,
      );
    },

    async writeStatus(accountId, status, stored, signal) {
      await put(
        client,
        {
          Name: statusParameterName(accountId),
          Value: JSON.stringify(toDocument(status)),
          Type: "String",
        },
        stored.statusParameter ? undefined : tagsOf(accountId, settings),
        signal,
      );
    },
  };
}

function storedToken(token: Parameter | undefined, status: Parameter | undefined): StoredToken {
  return {
    ...(token && {
      tokenParameter: { version: token.Version ?? 0, lastModifiedMs: lastModifiedMs(token) },
    }),
    ...(status && {
      statusParameter: { lastModifiedMs: lastModifiedMs(status), ...parseStatus(status) },
    }),
  };
}

function lastModifiedMs(parameter: Parameter): number {
  // SSM always sends it. 0 is far from any real time, so the token would be renewed, which is safe.
  return parameter.LastModifiedDate?.getTime() ?? 0;
}

function parseStatus(parameter: Parameter): { status?: TokenStatus } {
  const document = readJsonObject(parameter.Value ?? "", STATUS_FIELDS);
  if (!document.ok) return {};
  const { issuedAt, expiresAt, ...rest } = document.value;
  return { status: { issuedAtMs: issuedAt, expiresAtMs: expiresAt, ...rest } };
}

const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Date.parse(text)),
  v.finite(),
);
const name = v.pipe(v.string(), v.nonEmpty());

// Without own messages: nobody sees them, and a status contains no secret.
const STATUS_FIELDS = {
  issuedAt: instant,
  expiresAt: instant,
  tokenVersion: v.pipe(v.number(), v.integer(), v.minValue(1)),
  tokenFingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  credentialsVersionId: name,
  keyId: name,
};

function tagsOf(accountId: string, { environment, parameterTags }: StoreSettings): Tag[] {
  const tags = {
    ...parameterTags,
    ManagedBy: PROJECT_NAME,
    DinteroEnvironment: environment,
    DinteroAccount: accountId,
  };
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Puts the parameter and returns its version. `tags` are given when it does not exist yet. */
async function put(
  client: SSMClient,
  input: PutParameterCommandInput & { Name: string },
  tags: Tag[] | undefined,
  signal: AbortSignal,
): Promise<number> {
  try {
    const reply = await client.send(
      new PutParameterCommand({
        ...input,
        // A token grows with the client's grants, and may pass the 4 KB of the standard tier.
        Tier: "Intelligent-Tiering",
        // SSM takes tags at creation only: together with Overwrite they are refused.
        ...(tags ? { Tags: tags, Overwrite: false } : { Overwrite: true }),
      }),
      { abortSignal: signal },
    );
    return reply.Version ?? 0;
  } catch (error) {
    // Created after the read: by another check, or by a first attempt whose answer was lost.
    if (tags && awsErrorCode(error) === "ParameterAlreadyExists") {
      return put(client, input, undefined, signal);
    }
    throw awsFailure(
      {
        code: "store-failed",
        doing: `Writing the parameter ${input.Name}`,
        permissions: `ssm:PutParameter and ssm:AddTagsToResource on it${input.KeyId ? `, and kms:Encrypt and kms:GenerateDataKey on ${input.KeyId}` : ""}`,
        remedies: writeRemedies(input.Name),
      },
      error,
    );
  }
}

function writeRemedies(parameterName: string): Readonly<Record<string, string>> {
  return {
    ParameterMaxVersionLimitExceeded: `The parameter's oldest version has a label. Find both in the output of aws ssm get-parameter-history --name ${parameterName}, then run: aws ssm unlabel-parameter-version --name ${parameterName} --parameter-version VERSION --labels LABEL`,
    HierarchyTypeMismatchException: `The parameter has another type. To have the next check create it again, run: aws ssm delete-parameter --name ${parameterName}`,
    InvalidKeyId: "Check that KMS_KEY_ID names an enabled key of this account and Region.",
  };
}

function toDocument(status: TokenStatus): TokenStatusDocument {
  const { issuedAtMs, expiresAtMs, tokenVersion, tokenFingerprint, credentialsVersionId, keyId } =
    status;
  return {
    issuedAt: new Date(issuedAtMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
    tokenVersion,
    tokenFingerprint,
    credentialsVersionId,
    keyId,
  };
}
