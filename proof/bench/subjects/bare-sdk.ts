/**
 * The HTTP calls of a check that renews, in its order and as many at a time, by the SDK clients
 * and Node's `https`: no judgement of what is stored, no log, no metrics, no time-outs.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  credentialsSecretName,
  statusParameterName,
  tokenParameterName,
} from "../../../lambda/contract.ts";

const { DINTERO_API_ORIGIN = "", KMS_KEY_ID = "" } = process.env;
const AT_A_TIME = 5;

const kms = new KMSClient();
const secretsManager = new SecretsManagerClient();
const ssm = new SSMClient();

export async function handler({ accounts }: { accounts: readonly string[] }): Promise<void> {
  const groups = Array.from({ length: Math.ceil(accounts.length / AT_A_TIME) }, (_, index) =>
    accounts.slice(index * AT_A_TIME, (index + 1) * AT_A_TIME),
  );
  await Promise.all([
    kms.send(new DescribeKeyCommand({ KeyId: KMS_KEY_ID })),
    ...groups.map((group) => {
      const Names = group.flatMap((id) => [tokenParameterName(id), statusParameterName(id)]);
      return ssm.send(new GetParametersCommand({ Names, WithDecryption: false }));
    }),
  ]);
  const left = accounts.values();
  const work = async () => {
    for (const accountId of left) await renew(accountId);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

async function renew(accountId: string): Promise<void> {
  const SecretId = credentialsSecretName(accountId);
  await secretsManager.send(new DescribeSecretCommand({ SecretId }));
  const secret = await secretsManager.send(new GetSecretValueCommand({ SecretId }));
  const token = await requestToken(accountId, JSON.parse(secret.SecretString ?? ""));
  const shared = { Tier: "Intelligent-Tiering", Overwrite: true } as const;
  await ssm.send(
    new PutParameterCommand({
      ...shared,
      Name: tokenParameterName(accountId),
      Value: token,
      Type: "SecureString",
      KeyId: KMS_KEY_ID,
    }),
  );
  await ssm.send(
    new PutParameterCommand({
      ...shared,
      Name: statusParameterName(accountId),
      Value: STATUS,
      Type: "String",
    }),
  );
}

/** As long as a real one. */
const STATUS = JSON.stringify({
  issuedAt: "2026-01-01T00:00:00.000Z",
  expiresAt: "2026-01-02T00:00:00.000Z",
  tokenVersion: 1,
  tokenFingerprint: "000000000000",
  credentialsVersionId: "00000000-0000-0000-0000-000000000000",
  keyId: KMS_KEY_ID,
});

async function requestToken(
  accountId: string,
  client: { client_id: string; client_secret: string },
): Promise<string> {
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  const body = JSON.stringify({
    grant_type: "client_credentials",
    audience: `https://api.dintero.com/v1/accounts/${accountId}`,
  });
  const sent = request(`${DINTERO_API_ORIGIN}/v1/accounts/${accountId}/auth/token`, {
    method: "POST",
    // Hours after the previous one: a connection would not be kept that long.
    agent: false,
    headers: {
      authorization: `Basic ${basic}`,
      "content-type": "application/json",
      accept: "application/json",
      "content-length": Buffer.byteLength(body),
    },
  });
  sent.end(body);
  const response = await responseTo(sent);
  const reply = await text(response);
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${reply}`);
  return JSON.parse(reply).access_token;
}

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.once("response", resolve).once("error", reject));
}
