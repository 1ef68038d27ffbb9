/** What Secrets Manager says about an account's credentials, without their value. */
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { awsErrorCode } from "../lambda/aws-failure.ts";
import { credentialsSecretName } from "../lambda/contract.ts";
import { explained } from "./aws-explanation.ts";
import type { StackSession } from "./stack-session.ts";

export type SecretReading =
  | {
      readonly state: "stored";
      readonly versionId: string;
      /**
       * Absent if AWS does not say. Changes of tags and descriptions count too, which is good enough: the
       * exact time would need another call and another permission.
       */
      readonly changedAtMs?: number;
    }
  | { readonly state: "empty" | "scheduled-for-deletion" | "deleted" };

/** @throws {@link OpsError} when it cannot be read. */
export async function readSecret(
  { clients }: StackSession,
  accountId: string,
  signal: AbortSignal,
): Promise<SecretReading> {
  const name = credentialsSecretName(accountId);
  const command = new DescribeSecretCommand({ SecretId: name });
  const secret = await explained(
    {
      doing: `Reading the secret ${name}`,
      permission: `secretsmanager:DescribeSecret on the secret ${name}`,
    },
    async () => {
      try {
        return await clients.secretsManager.send(command, { abortSignal: signal });
      } catch (error) {
        if (awsErrorCode(error) === "ResourceNotFoundException") return undefined;
        throw error;
      }
    },
  );
  if (!secret) return { state: "deleted" };
  if (secret.DeletedDate) return { state: "scheduled-for-deletion" };
  const versionId = Object.entries(secret.VersionIdsToStages ?? {}).find(([, stages]) =>
    stages.includes("AWSCURRENT"),
  )?.[0];
  if (versionId === undefined) return { state: "empty" };
  const changedAtMs = secret.LastChangedDate?.getTime();
  return { state: "stored", versionId, ...(changedAtMs !== undefined && { changedAtMs }) };
}
