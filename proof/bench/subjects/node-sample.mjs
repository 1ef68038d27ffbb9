/**
 * Dintero's Node sample (https://docs.dintero.com/docs/checkout/authentication) as people deploy it:
 * `node-fetch` and the SDK from `node_modules`, nothing bundled. What is around the sample's request
 * is what such a function needs at least: the secret is read, the token stored.
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import fetch from "node-fetch";

const secretsManager = new SecretsManagerClient({});
const ssm = new SSMClient({});

export async function handler({ accountId }) {
  const secret = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: `dintero/${accountId}/api-client` }),
  );
  const { client_id, client_secret } = JSON.parse(secret.SecretString);
  await ssm.send(
    new PutParameterCommand({
      Name: `/dintero/${accountId}/access-token`,
      Value: await fetchAccessToken(accountId, client_id, client_secret),
      Type: "SecureString",
      Overwrite: true,
    }),
  );
}

async function fetchAccessToken(accountId, clientId, clientSecret) {
  const account = `https://api.dintero.com/v1/accounts/${accountId}`;
  const response = await fetch(`${account}/auth/token`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
    },
    body: JSON.stringify({ grant_type: "client_credentials", audience: account }),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const { access_token } = await response.json();
  return access_token;
}
