/** The SDK clients alone, without configuration. */
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";

const clients = [new KMSClient(), new SecretsManagerClient(), new SSMClient()];

export const handler = async (): Promise<number> => clients.length;
