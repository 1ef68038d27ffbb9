/** The AWS clients of the commands, all for the stack's Region and with one set of credentials. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { FUNCTION_TIMEOUT_SECONDS } from "../lambda/contract.ts";

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
export function createOperatorClients(region: string): OperatorClients {
  const sts = new STSClient({ region, ...PATIENCE });
  // Found once for all: a profile may take a person's code or a call of its own each time.
  const configuration = { region, ...PATIENCE, credentials: sts.config.credentials };
  return {
    sts,
    cloudWatch: new CloudWatchClient(configuration),
    kms: new KMSClient(configuration),
    lambda: new LambdaClient({
      ...configuration,
      // A check answers by the function's own time-out. Not tried again: a second check would run
      // beside the first.
      maxAttempts: 1,
      requestHandler: {
        ...PATIENCE.requestHandler,
        requestTimeout: (FUNCTION_TIMEOUT_SECONDS + 10) * 1_000,
      },
    }),
    logs: new CloudWatchLogsClient(configuration),
    secretsManager: new SecretsManagerClient(configuration),
    sns: new SNSClient(configuration),
    ssm: new SSMClient(configuration),
  };
}

/** A silent AWS is given up after some 15 s: a person waits. */
const PATIENCE = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 4_500,
    // Without it the SDK only logs a warning.
    throwOnRequestTimeout: true,
  },
};
