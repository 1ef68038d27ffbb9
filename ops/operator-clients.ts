/** The AWS clients of the commands, all for the stack's Region and with one set of credentials. */
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
    // A silent AWS is given up after some 15 s: a person waits.
    maxAttempts: 3,
    requestHandler,
    // Found once for all: a profile may take a call of its own each time. By itself the SDK would ask
    // the services of SSO without the proxy.
    credentials: defaultProvider({ clientConfig: { requestHandler } }),
  };
  return {
    sts: new STSClient(configuration),
    cloudWatch: new CloudWatchClient(configuration),
    kms: new KMSClient(configuration),
    lambda: new LambdaClient({
      ...configuration,
      // A check answers by the function's own time-out. Not tried again: a second check would run
      // beside the first.
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
