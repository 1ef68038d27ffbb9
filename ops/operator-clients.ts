/** The AWS clients of the commands, for the stack's Region and with one set of credentials. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { FUNCTION_TIMEOUT_SECONDS } from "../lambda/contract.ts";
import type { ProxyEnvironment } from "./proxy-environment.ts";

export interface OperatorClients {
  readonly cloudWatch: CloudWatchClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly secretsManager: SecretsManagerClient;
  readonly sns: SNSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

/** Credentials come from the SDK's own chain: environment, profile, SSO, role. */
export function createOperatorClients(region: string, proxyEnv: ProxyEnvironment): OperatorClients {
  const requestHandler = {
    connectionTimeout: 3_000,
    requestTimeout: 4_500,
    // Without it the SDK only logs a warning.
    throwOnRequestTimeout: true,
    httpAgent: { proxyEnv },
    httpsAgent: { proxyEnv },
  };
  const configuration = {
    region,
    // If AWS does not answer, a call ends after about 15 s, because a person is waiting.
    maxAttempts: 3,
    requestHandler,
    // Resolved once for all clients, because a profile may need a call each time. The SDK's default would
    // call the SSO services without the proxy.
    credentials: defaultProvider({ clientConfig: { requestHandler } }),
  };
  return {
    sts: new STSClient(configuration),
    cloudWatch: new CloudWatchClient(configuration),
    kms: new KMSClient(configuration),
    lambda: new LambdaClient({
      ...configuration,
      // A check answers within the function's own time-out. Without retries: a second check would run at the
      // same time as the first.
      maxAttempts: 1,
      requestHandler: {
        ...requestHandler,
        requestTimeout: (FUNCTION_TIMEOUT_SECONDS + 10) * 1_000,
      },
    }),
    logs: new CloudWatchLogsClient(configuration),
    secretsManager: new SecretsManagerClient(configuration),
    sns: new SNSClient(configuration),
    ssm: new SSMClient(configuration),
  };
}
