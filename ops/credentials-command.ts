/** `credentials ACCOUNT`: stores an API client's id and secret, and has the token renewed. */
import { randomUUID } from "node:crypto";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { metadataOf } from "../lambda/aws-failure.ts";
import { type AccountResult, credentialsSecretName } from "../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../lambda/renewal-policy.ts";
import { readAccounts } from "./account-reading.ts";
import { accountStatus } from "./account-status.ts";
import { explained } from "./aws-explanation.ts";
import { invokeCheck } from "./check-invocation.ts";
import { readCredentials } from "./credentials-input.ts";
import { tryCredentials } from "./credentials-trial.ts";
import { EXIT } from "./fault.ts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { requireConsent } from "./production-consent.ts";
import { opsCommand, withStack } from "./stack-commands.ts";
import { announcement, requireAccounts, type StackSession } from "./stack-session.ts";
import { wrapped } from "./wrapped-text.ts";

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
  const tested = verify ? "after testing them at Dintero" : "without testing them at Dintero";
  operation.tell(
    wrapped(
      announcement(
        session,
        `Stores credentials of ${accountId} in the secret ${secretName}, ${tested}.`,
      ),
    ),
  );
  await requireConsent(operation, session, yes);

  const { signal } = operation;
  operation.ifInterrupted = "Nothing was stored.";
  const credentials = await readCredentials(operation, accountId);
  if (verify) {
    await operation.during("Testing the credentials at Dintero", () =>
      tryCredentials(accountId, credentials, session, signal),
    );
    operation.tell("Dintero accepts the credentials.");
  }

  const seeStatus = opsCommand("status", session);
  operation.ifInterrupted = `The credentials may have been stored. To check, run: ${seeStatus}`;
  const storing = operation.during("Storing the credentials", () =>
    explained(
      {
        doing: `Storing the secret ${secretName}`,
        permission: `secretsmanager:PutSecretValue on the secret ${secretName}, and kms:GenerateDataKey and kms:Decrypt on the key it is encrypted with`,
        // A deleted secret and a disabled key each give several errors, and one of them has both causes.
        remedies: Object.fromEntries(
          SECRET_ERRORS.map((code) => [code, `To see what to do, run: ${seeStatus}`]),
        ),
      },
      () =>
        session.clients.secretsManager.send(
          new PutSecretValueCommand({
            SecretId: secretName,
            SecretString: JSON.stringify(credentials),
            // A retry after a lost answer creates no second version.
            ClientRequestToken: randomUUID(),
          }),
          { abortSignal: signal },
        ),
    ),
  );
  await storing.catch((error: unknown) => {
    if (!(error instanceof OpsError)) throw error;
    const { httpStatusCode } = metadataOf(error.cause);
    // AWS refused it, and did nothing.
    const isCertain = typeof httpStatusCode === "number" && httpStatusCode < 500;
    const stored = isCertain
      ? "Nothing was stored."
      : "The credentials may have been stored. You can safely run the command again.";
    throw new OpsError(`${error.message}\n${stored}`, {
      cause: error.cause,
      isUndetermined: error.exitStatus === EXIT.notDetermined,
    });
  });
  operation.tell(`Stored in ${secretName}.`);

  operation.ifInterrupted =
    "The credentials are stored. This triggered the function, which renews the token within minutes.";
  return reportCheck(operation, session, accountId);
}

const SECRET_ERRORS = [
  "ResourceNotFoundException",
  "InvalidRequestException",
  "AccessDeniedException",
  "EncryptionFailure",
  "DecryptionFailure",
];

/** Checks the account. The credentials stay stored, whatever the result. */
async function reportCheck(
  operation: Operation,
  session: StackSession,
  accountId: string,
): Promise<number> {
  const checked = await operation.during(`Renewing the token of ${accountId}`, () =>
    checkAccount(session, accountId, operation.signal),
  );
  const failed = checked instanceof OpsError || checked.error !== undefined;
  // The change itself triggers the function too. One of the two checks may fail because of the other.
  const other = failed ? await readNewToken(session, accountId, operation.signal) : undefined;
  const result = other ?? checked;
  if (result instanceof OpsError) {
    throw new OpsError(
      `${result.message}\nThe credentials are stored. The next check uses them, within ${CHECK_INTERVAL_MINUTES} minutes.`,
    );
  }
  operation.print(wrapped(withStack(describeResult(result), session)));
  return result.error ? EXIT.somethingToFix : EXIT.good;
}

/** @returns the account's result, or why there is none. */
async function checkAccount(
  session: StackSession,
  accountId: string,
  signal: AbortSignal,
): Promise<AccountResult | OpsError> {
  try {
    const { result, failure } = await invokeCheck(session, { accounts: [accountId] }, signal);
    if (!result) return new OpsError(`The check failed. ${failure}`);
    return (
      result.accounts.find((entry) => entry.accountId === accountId) ??
      new OpsError("The check returned no result for the account.")
    );
  } catch (error) {
    if (error instanceof OpsError) return error;
    throw error;
  }
}

/** The token that another check got with the credentials, if there is one. */
async function readNewToken(
  session: StackSession,
  accountId: string,
  signal: AbortSignal,
): Promise<AccountResult | undefined> {
  const { accounts } = await readAccounts(session, [accountId], signal);
  const nowMs = session.clock.now();
  const [status] = accounts.map(([id, reading]) => accountStatus(id, reading, nowMs));
  if (status?.state !== "fresh" || !status.credentialsAreCurrent) return undefined;
  return { accountId, outcome: "fresh", expiresAt: status.expiresAt ?? "" };
}

/** What the check after storing the credentials means for readers. */
export function describeResult({ accountId, outcome, expiresAt, error }: AccountResult): string {
  if (error) {
    const last = expiresAt ? ` Services still use the last token, valid until ${expiresAt}.` : "";
    return `${accountId}: the token could not be renewed.${last} ${error.code}: ${error.message}`;
  }
  const how =
    outcome === "renewed"
      ? "has a new token"
      : // The change itself triggers the function too.
        "has a token from another check that ran at the same time";
  return `${accountId} ${how}, valid until ${expiresAt}. New reads get it immediately. Services that cache the token get it when their cache expires (5 minutes if they follow docs/consuming.md).`;
}
