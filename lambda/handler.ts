/**
 * What Lambda calls, for the schedule, a changed secret or a person. The composition root, and the only
 * part that uses the environment, the clock, randomness and the network directly.
 */
import { createAwsClients } from "./aws-clients.ts";
import { systemClock } from "./clock.ts";
import type { CheckResult } from "./contract.ts";
import { createCredentialsSource } from "./credentials.ts";
import { createTokenEndpoint } from "./dintero.ts";
import { createEncryptionKey } from "./encryption-key.ts";
import { RotationError } from "./errors.ts";
import { readEvent } from "./event.ts";
import { post } from "./post.ts";
import { reconcile } from "./reconcile.ts";
import { readSettings } from "./settings.ts";
import { createTelemetry, type InvocationContext } from "./telemetry.ts";
import { createTokenStore } from "./token-store.ts";

const { kms, secretsManager, ssm } = createAwsClients({ clock: systemClock, random: Math.random });

/** Kept until this instance of the function ends. */
const pauses = new Map<string, number>();

/**
 * Makes one check.
 * @param event - see {@link readEvent}.
 * @returns what was found and done for each account, failures included.
 * @throws {@link RotationError} only when the check could not be made, so that Lambda's metric
 * `Errors` counts exactly that.
 */
export async function handler(event: unknown, context: InvocationContext): Promise<CheckResult> {
  const telemetry = createTelemetry(context);
  try {
    const settings = readSettings(process.env);
    const request = readEvent(event, settings.accountIds);
    const report = await reconcile(request, {
      credentials: createCredentialsSource(secretsManager),
      tokenEndpoint: createTokenEndpoint({
        origin: settings.apiOrigin,
        post,
        clock: systemClock,
        random: Math.random,
        pauses,
      }),
      tokenStore: createTokenStore(ssm, settings),
      encryptionKey: createEncryptionKey(kms, settings.keyId),
      keyId: settings.keyId,
      clock: systemClock,
      onReport: telemetry.accountChecked,
    });
    telemetry.checkCompleted(report, request.isFull);
    const { accounts, error } = report;
    return {
      accounts: accounts.map(({ result }) => result),
      ...(error && { error: { code: error.code, message: error.message } }),
    };
  } catch (error) {
    const failure = asCheckError(error);
    telemetry.checkFailed(failure);
    throw failure;
  }
}

/** The message of a defect may quote the value that it failed on, so it stays in `cause`. */
function asCheckError(error: unknown): RotationError {
  if (error instanceof RotationError) return error;
  return new RotationError(
    "defect",
    "This is a bug in dintero-token-rotation. Roll back to the previous version. Report the error's class and the stack frames in the log.",
    { cause: error },
  );
}
