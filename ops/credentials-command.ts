/** `credentials ACCOUNT`: stores an API client's id and secret, and sees the token renewed. */
import { randomUUID } from "node:crypto";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { type AccountResult, credentialsSecretName } from "../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../lambda/renewal-policy.ts";
import { explained } from "./aws-explanation.ts";
import { invokeCheck } from "./check-invocation.ts";
import { readCredentials } from "./credentials-input.ts";
import { tryCredentials } from "./credentials-trial.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { requireConsent } from "./production-consent.ts";
import { opsCommand } from "./stack-commands.ts";
import { announcement, requireAccounts, type StackSession } from "./stack-session.ts";

export interface CredentialsOptions {
  readonly verify: boolean;
  readonly yes: boolean;
}

/** @returns the exit status. */
export async function credentialsCommand(
  operation: Operation,
  session: StackSession,
  accountId: string,
  { verify, yes }: CredentialsOptions,
): Promise<number> {
  requireAccounts(session, [accountId]);
  const secretName = credentialsSecretName(accountId);
  const tried = verify ? "after trying them at Dintero" : "without trying them at Dintero";
  operation.tell(
    announcement(
      session,
      `Stores credentials of ${accountId} in the secret ${secretName}, ${tried}.`,
    ),
  );
  await requireConsent(operation, session, yes);

  const { signal } = operation;
  operation.ifInterrupted = "Nothing was stored.";
  const credentials = await readCredentials(operation, accountId);
  if (verify) {
    await operation.during("Trying them at Dintero", () =>
      tryCredentials(accountId, credentials, session, signal),
    );
    operation.tell("Dintero accepts them.");
  }

  const seeStatus = opsCommand("status", session);
  operation.ifInterrupted = `The credentials may have been stored. See: ${seeStatus}`;
  const storing = operation.during("Storing them", () =>
    explained(
      {
        doing: `Storing the secret ${secretName}`,
        permission: `secretsmanager:PutSecretValue on the secret ${secretName}, and kms:GenerateDataKey and kms:Decrypt on the key it is encrypted with`,
        // A secret that was deleted and a key that is off give several errors, and one refusal has both causes.
        remedies: Object.fromEntries(
          SECRET_ERRORS.map((code) => [code, `To see what to do, run: ${seeStatus}`]),
        ),
      },
      () =>
        session.clients.secretsManager.send(
          new PutSecretValueCommand({
            SecretId: secretName,
            SecretString: JSON.stringify(credentials),
            // Tried again after a lost answer, it makes no second version.
            ClientRequestToken: randomUUID(),
          }),
          { abortSignal: signal },
        ),
    ),
  );
  await storing.catch((error: unknown) => {
    if (!(error instanceof OpsError)) throw error;
    throw new OpsError(
      `${error.message}\nThe credentials may have been stored. To run the command again does no harm.`,
    );
  });
  operation.tell(`Stored in ${secretName}.`);

  operation.ifInterrupted =
    "The credentials are stored, and this triggered the function: the token is renewed within minutes.";
  return reportCheck(operation, session, accountId);
}

const SECRET_ERRORS = [
  "ResourceNotFoundException",
  "InvalidRequestException",
  "AccessDeniedException",
  "EncryptionFailure",
  "DecryptionFailure",
];

/** Checks the account. The credentials are stored, whatever the result is. */
async function reportCheck(
  operation: Operation,
  session: StackSession,
  accountId: string,
): Promise<number> {
  try {
    const { result, failure } = await operation.during(`Renewing the token of ${accountId}`, () =>
      invokeCheck(session, { accounts: [accountId] }, operation.signal),
    );
    if (!result) throw new OpsError(`The check failed. ${failure}`);
    const account = result.accounts.find((entry) => entry.accountId === accountId);
    if (!account) throw new OpsError("The check has no result for the account.");
    operation.print(describeResult(account));
    return account.error ? 1 : 0;
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    throw new OpsError(
      `${error.message}\nThe credentials are stored: the next check uses them, within ${CHECK_INTERVAL_MINUTES} minutes.`,
    );
  }
}

/** What the check after the credentials were stored means to readers. */
export function describeResult({ accountId, outcome, expiresAt, error }: AccountResult): string {
  if (error) {
    const last = expiresAt
      ? `; services use the last token, which is valid until ${expiresAt}`
      : "";
    return `${accountId}: the token could not be renewed${last}. ${error.code}: ${error.message}`;
  }
  const how =
    outcome === "renewed"
      ? "has a new token"
      : // The change itself triggers the function too.
        "has a token from another check that ran at the same moment";
  return `${accountId} ${how}, valid until ${expiresAt}. New reads get it immediately; services that cache it, when their cache expires (5 minutes, if they follow docs/consuming.md).`;
}
