/**
 * What Lambda calls: the schedule, a changed secret, or a person. The composition root, and the
 * only part that touches the environment, the clock, randomness and the network by itself.
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

/** For as long as this instance of the function lives. */
const pauses = new Map<string, number>();

/**
 * Makes one check.
 * @param event - see {@link readEvent}.
 * @returns what was found and done for each account, failures included.
 * @throws {@link RotationError} only when the check could not be made, so that Lambda's metric
 * `Errors` means just that.
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

/** A defect's own message may quote the value it failed on, so only its cause keeps it. */
function asCheckError(error: unknown): RotationError {
  if (error instanceof RotationError) return error;
  return new RotationError(
    "defect",
    "This is a bug in dintero-token-rotation. Roll back to the previous version, and report the class and the stack frames that are in the log.",
    { cause: error },
  );
}
