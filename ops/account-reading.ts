/** Reads what AWS has stored for each account, without decrypting anything. */
import type { Environment } from "../lambda/contract.ts";
import type { StoredToken } from "../lambda/renewal-policy.ts";
import { ACCOUNTS_PER_READ, createTokenStore } from "../lambda/token-store.ts";
import type { AccountReading } from "./account-status.ts";
import { explainReading } from "./aws-explanation.ts";
import { type Fault, notDetermined } from "./fault.ts";
import { OpsError } from "./ops-error.ts";
import { readSecret, type SecretReading } from "./secret-reading.ts";
import type { StackSession } from "./stack-session.ts";

export interface Readings {
  /** In the order of the stack's accounts. */
  readonly accounts: readonly (readonly [accountId: string, reading: AccountReading])[];
  /** What could not be read, and which permission it needs. */
  readonly faults: readonly Fault[];
}

/**
 * Reads as much as possible: a failed read becomes a fault, and the others go on.
 * @param accountIds - of the stack.
 */
export async function readAccounts(
  session: StackSession,
  accountIds: readonly string[],
  signal: AbortSignal,
): Promise<Readings> {
  const faults: Fault[] = [];
  const [tokens, secrets] = await Promise.all([
    readStoredTokens(session, accountIds, faults, signal),
    readSecrets(session, accountIds, faults, signal),
  ]);
  const { keyArn } = session.outputs;
  return {
    accounts: accountIds.map((accountId) => {
      const stored = tokens.get(accountId);
      const secret = secrets.get(accountId);
      return [accountId, { ...(stored && { stored }), ...(secret && { secret }), keyArn }];
    }),
    faults,
  };
}

async function readStoredTokens(
  { clients, outputs }: StackSession,
  accountIds: readonly string[],
  faults: Fault[],
  signal: AbortSignal,
): Promise<Map<string, StoredToken>> {
  const environment: Environment = outputs.isProduction ? "production" : "test";
  // The key is only for writing, which only the function does.
  const store = createTokenStore(clients.ssm, { environment, keyId: "none" });
  const stored = new Map<string, StoredToken>();
  for (let start = 0; start < accountIds.length; start += ACCOUNTS_PER_READ) {
    const group = accountIds.slice(start, start + ACCOUNTS_PER_READ);
    try {
      const tokens = await store.read(group, signal);
      for (const [index, token] of tokens.entries()) stored.set(group[index] ?? "", token);
    } catch (error) {
      const call = {
        doing: `Reading the parameters of ${group.join(", ")}`,
        permission: `ssm:GetParameters on the parameters /dintero/ACCOUNT/* of ${group.join(", ")}`,
      };
      faults.push(notDetermined(await explainReading(error, call)));
    }
  }
  return stored;
}

async function readSecrets(
  session: StackSession,
  accountIds: readonly string[],
  faults: Fault[],
  signal: AbortSignal,
): Promise<Map<string, SecretReading>> {
  const secrets = new Map<string, SecretReading>();
  await Promise.all(
    accountIds.map(async (accountId) => {
      try {
        secrets.set(accountId, await readSecret(session, accountId, signal));
      } catch (error) {
        if (!(error instanceof OpsError)) throw error;
        faults.push(notDetermined(error.message, accountId));
      }
    }),
  );
  return secrets;
}
