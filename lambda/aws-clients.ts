/** The AWS SDK clients. Made once per process by the handler, so that connections are kept. */
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import type { Clock } from "./clock.ts";

export interface AwsClients {
  readonly kms: KMSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
}

/**
 * For how long after its start a call is repeated. With 4 s for the last attempt it ends within the 20 s
 * of reading, and with AWS's own last answer.
 */
export const RETRY_TIME_MS = 15_000;

export interface AwsClientsDependencies {
  readonly clock: Pick<Clock, "elapsed">;
  /** A number from 0 up to 1, as `Math.random` gives. */
  readonly random: () => number;
}

/** Region, endpoint and credentials come from the environment, as the SDK reads it. */
export function createAwsClients(dependencies: AwsClientsDependencies): AwsClients {
  const clients = {
    kms: new KMSClient(CONFIGURATION),
    secretsManager: new SecretsManagerClient(CONFIGURATION),
    ssm: new SSMClient(CONFIGURATION),
  };
  for (const { config } of [clients.kms, clients.secretsManager, clients.ssm]) {
    // One for each call. The SDK shares one among all calls of a client. A few bad checks use up its
    // quota of retries, which takes hours to recover. Until then each call has one attempt, and accounts
    // use up each other's retries.
    config.retryStrategy = async () => new RetryStrategy(dependencies);
  }
  return clients;
}

/**
 * How long to wait before the next attempt, in milliseconds: full jitter up to 2 s, because Parameter
 * Store allows only a few writes a second.
 * @param attempts - made so far.
 */
export function awsRetryDelayMs(attempts: number, random: () => number): number {
  return random() * Math.min(500 * 2 ** (attempts - 1), 2_000);
}

/** More than fit into the time, unless every wait happens to be short. */
const MAX_ATTEMPTS = 30;

/**
 * The waits of a call that begins now. Limited by time and not by attempts: a full stack makes forty
 * writes at once, and some of them lose each of their first few attempts to the others.
 * @returns the wait by the number of attempts made so far; `undefined` if there is no time for another.
 */
export function retryDelays({
  clock,
  random,
}: AwsClientsDependencies): (attempts: number) => number | undefined {
  const endsAtMs = clock.elapsed() + RETRY_TIME_MS;
  return (attempts) => {
    const delayMs = awsRetryDelayMs(attempts, random);
    return clock.elapsed() + delayMs > endsAtMs ? undefined : delayMs;
  };
}

class RetryStrategy extends ConfiguredRetryStrategy {
  constructor(dependencies: AwsClientsDependencies) {
    const delayAfter = retryDelays(dependencies);
    super(MAX_ATTEMPTS, (attempts) => {
      const delayMs = delayAfter(attempts);
      // The call then fails with AWS's last answer.
      if (delayMs === undefined) throw new Error("There is no time for another attempt.");
      return delayMs;
    });
  }

  /** Without AWS's `Retry-After`, which adds up to 5 s to each wait: the next check is the retry. */
  override refreshRetryTokenForRetry(
    ...[token, { retryAfterHint: _, ...info }]: RefreshParameters
  ): ReturnType<ConfiguredRetryStrategy["refreshRetryTokenForRetry"]> {
    // Two writes overlapped, and AWS did neither. The SDK would not repeat it.
    const isOverlap = info.error?.name === "TooManyUpdates";
    return super.refreshRetryTokenForRetry(token, {
      ...info,
      ...(isOverlap && { errorType: "THROTTLING" }),
    });
  }
}

type RefreshParameters = Parameters<ConfiguredRetryStrategy["refreshRetryTokenForRetry"]>;

const CONFIGURATION = {
  maxAttempts: MAX_ATTEMPTS,
  requestHandler: {
    connectionTimeout: 1_000,
    // Longer than these services take to answer, and short enough for several attempts within the 30 s
    // of an account. Without the second flag the SDK only logs a warning.
    requestTimeout: 4_000,
    throwOnRequestTimeout: true,
  },
};
