/** The AWS SDK clients. Made once per process by the handler, so that connections are kept. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";

export interface AwsClients {
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
}

/**
 * Parameter Store takes few writes a second, and the first check of a full stack makes forty: the
 * SDK's default of 3 gives up under that throttling.
 */
export const MAX_ATTEMPTS = 6;

/**
 * Region, endpoint and credentials come from the environment, as the SDK reads it.
 * @param random - from 0 to 1, for the waits between attempts.
 */
export function createAwsClients(random: () => number): AwsClients {
  const clients = {
    secretsManager: new SecretsManagerClient(CONFIGURATION),
    ssm: new SSMClient(CONFIGURATION),
  };
  for (const { config } of [clients.secretsManager, clients.ssm]) {
    // One for each call. The SDK's own is one for all calls of a client, and its quota of retries,
    // once some bad checks have used it up, comes back over hours: until then each call has one
    // attempt, and accounts use up each other's.
    config.retryStrategy = async () => new RetryStrategy(random);
  }
  return clients;
}

/**
 * How long to wait before the next attempt, in milliseconds: full jitter, 15.5 s in all at most, so
 * that a call ends with AWS's last answer before the 20 s of reading are over.
 * @param attempts - made so far.
 */
export function retryDelayMs(attempts: number, random: () => number): number {
  return random() * 500 * 2 ** (attempts - 1);
}

class RetryStrategy extends ConfiguredRetryStrategy {
  constructor(random: () => number) {
    super(MAX_ATTEMPTS, (attempts) => retryDelayMs(attempts, random));
  }

  /** Without AWS's `Retry-After`, which adds up to 5 s to each wait: the next check is the retry. */
  override refreshRetryTokenForRetry(
    ...[token, { retryAfterHint: _, ...error }]: RefreshParameters
  ): ReturnType<ConfiguredRetryStrategy["refreshRetryTokenForRetry"]> {
    return super.refreshRetryTokenForRetry(token, error);
  }
}

type RefreshParameters = Parameters<ConfiguredRetryStrategy["refreshRetryTokenForRetry"]>;

const CONFIGURATION = {
  maxAttempts: MAX_ATTEMPTS,
  requestHandler: {
    connectionTimeout: 1_000,
    // Longer than any answer of these services takes, and short enough for several attempts within
    // the 30 s of an account. Without the second flag the SDK only logs a warning.
    requestTimeout: 4_000,
    throwOnRequestTimeout: true,
  },
};
