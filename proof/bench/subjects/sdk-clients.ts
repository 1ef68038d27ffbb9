/** The two SDK clients alone, as they are made where nobody configures them. */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";

const clients = [new SecretsManagerClient(), new SSMClient()];

export const handler = async (): Promise<number> => clients.length;
