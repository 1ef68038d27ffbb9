/** The two SDK clients alone, without configuration. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";

const clients = [new SecretsManagerClient(), new SSMClient()];

export const handler = async (): Promise<number> => clients.length;
