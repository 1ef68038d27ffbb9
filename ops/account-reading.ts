/** Reads what AWS holds of each account, without decrypting anything. */
import type { Environment } from "../lambda/contract.ts";
import { credentialsSecretName } from "../lambda/contract.ts";
import { createCredentialsSource } from "../lambda/credentials.ts";
import { isAccountError } from "../lambda/errors.ts";
import type { StoredToken } from "../lambda/renewal-policy.ts";
import { ACCOUNTS_PER_READ, createTokenStore } from "../lambda/token-store.ts";
import type { AccountReading } from "./account-status.ts";
import { explainAwsError } from "./aws-explanation.ts";
import type { StackSession } from "./stack-session.ts";

export interface Readings {
  /** In the order of the stack's accounts. */
  readonly accounts: readonly (readonly [accountId: string, reading: AccountReading])[];
  /** What could not be read, and which permission that takes. */
  readonly faults: readonly string[];
}

/** Reads as much as can be read: what fails is a fault, and hides nothing else. */
export async function readAccounts(session: StackSession, signal: AbortSignal): Promise<Readings> {
  const { accountIds } = session.outputs;
  const faults: string[] = [];
  const [stored, versions] = await Promise.all([
    readStoredTokens(session, faults, signal),
    readCurrentVersions(session, faults, signal),
  ]);
  return {
    accounts: accountIds.map((accountId) => {
      const token = stored.get(accountId);
      const currentVersionId = versions.get(accountId);
      return [
        accountId,
        {
          ...(token && { stored: token }),
          ...(currentVersionId !== undefined && { currentVersionId }),
        },
      ];
    }),
    faults,
  };
}

async function readStoredTokens(
  { clients, outputs }: StackSession,
  faults: string[],
  signal: AbortSignal,
): Promise<Map<string, StoredToken>> {
  const environment: Environment = outputs.isProduction ? "production" : "test";
  // The key is for writing, which is the function's business.
  const store = createTokenStore(clients.ssm, { environment, keyId: "none" });
  const stored = new Map<string, StoredToken>();
  for (let start = 0; start < outputs.accountIds.length; start += ACCOUNTS_PER_READ) {
    const group = outputs.accountIds.slice(start, start + ACCOUNTS_PER_READ);
    try {
      const tokens = await store.read(group, signal);
      for (const [index, token] of tokens.entries()) stored.set(group[index] ?? "", token);
    } catch (error) {
      faults.push(
        explainReading(error, {
          doing: `Reading the parameters of ${group.join(", ")}`,
          permission: `ssm:GetParameters on the parameters /dintero/ACCOUNT/* of ${group.join(", ")}`,
        }),
      );
    }
  }
  return stored;
}

async function readCurrentVersions(
  { clients, outputs }: StackSession,
  faults: string[],
  signal: AbortSignal,
): Promise<Map<string, string | null>> {
  const credentials = createCredentialsSource(clients.secretsManager);
  const versions = new Map<string, string | null>();
  await Promise.all(
    outputs.accountIds.map(async (accountId) => {
      try {
        versions.set(accountId, (await credentials.currentVersionId(accountId, signal)) ?? null);
      } catch (error) {
        const secret = `the secret ${credentialsSecretName(accountId)}`;
        faults.push(
          explainReading(error, {
            doing: `Reading ${secret}`,
            permission: `secretsmanager:DescribeSecret on ${secret}`,
          }),
        );
      }
    }),
  );
  return versions;
}

/** The function's parts speak to the function's operator; AWS's error is in their cause. */
function explainReading(
  error: unknown,
  call: { readonly doing: string; readonly permission: string },
): string {
  if (!isAccountError(error)) throw error;
  return error.cause === undefined
    ? error.message
    : explainAwsError(call, error.cause, process.env["AWS_PROFILE"]);
}
