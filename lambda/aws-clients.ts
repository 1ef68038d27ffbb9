/** The AWS SDK clients. Made once per process by the handler, so that connections are kept. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";

export interface AwsClients {
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
}

/** Region, endpoint and credentials come from the environment, as the SDK reads it. */
export function createAwsClients(): AwsClients {
  return {
    secretsManager: new SecretsManagerClient(CONFIGURATION),
    ssm: new SSMClient(CONFIGURATION),
  };
}

const CONFIGURATION = {
  // Parameter Store takes few writes a second, and the first check of a full stack makes forty:
  // the default of 3 attempts gives up under that throttling, 6 wait for some 8 s at the median.
  maxAttempts: 6,
  // "adaptive" would learn a rate, but a check is too short and its process too rare to use it.
  retryMode: "standard",
  requestHandler: {
    connectionTimeout: 1_000,
    // Longer than any answer of these services takes, and short enough for several attempts within
    // the 30 s of an account. Without the second flag the SDK only logs a warning.
    requestTimeout: 4_000,
    throwOnRequestTimeout: true,
  },
};
