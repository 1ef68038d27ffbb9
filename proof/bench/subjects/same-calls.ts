/**
 * The HTTP calls of a check, in its order and as many at a time, and nothing else: no judgement of
 * what is stored, no log, no metrics, no time-outs. `bare-sdk` and `bare-http` say what makes them.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { GetSecretValueResponse } from "@aws-sdk/client-secrets-manager";
import type { GetParametersRequest, PutParameterRequest } from "@aws-sdk/client-ssm";
import {
  credentialsSecretName,
  statusParameterName,
  tokenParameterName,
} from "../../../lambda/contract.ts";

/** The four operations of AWS that a check uses. */
export interface AwsOperations {
  getParameters(input: GetParametersRequest): Promise<unknown>;
  describeSecret(input: { SecretId: string }): Promise<unknown>;
  getSecretValue(input: { SecretId: string }): Promise<GetSecretValueResponse>;
  putParameter(input: PutParameterRequest): Promise<unknown>;
}

/** The function's events: all accounts, nothing due; or some, which are renewed. */
export interface CheckEvent {
  readonly accounts?: readonly string[];
  readonly force?: true;
}

const { DINTERO_ACCOUNT_IDS = "", DINTERO_API_ORIGIN = "", KMS_KEY_ID = "" } = process.env;
const AT_A_TIME = 5;

export function createHandler(aws: AwsOperations): (event: CheckEvent) => Promise<void> {
  return async ({ accounts = DINTERO_ACCOUNT_IDS.split(","), force }) => {
    const groups = Array.from({ length: Math.ceil(accounts.length / AT_A_TIME) }, (_, index) =>
      accounts.slice(index * AT_A_TIME, (index + 1) * AT_A_TIME),
    );
    await Promise.all(
      groups.map((group) =>
        aws.getParameters({
          Names: group.flatMap((id) => [tokenParameterName(id), statusParameterName(id)]),
          WithDecryption: false,
        }),
      ),
    );
    const left = accounts.values();
    const work = async () => {
      for (const accountId of left) {
        await aws.describeSecret({ SecretId: credentialsSecretName(accountId) });
        if (force) await renew(aws, accountId);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  };
}

async function renew(aws: AwsOperations, accountId: string): Promise<void> {
  const secret = await aws.getSecretValue({ SecretId: credentialsSecretName(accountId) });
  const token = await requestToken(accountId, JSON.parse(secret.SecretString ?? ""));
  await aws.putParameter({
    Name: tokenParameterName(accountId),
    Value: token,
    Type: "SecureString",
    KeyId: KMS_KEY_ID,
    Tier: "Intelligent-Tiering",
    Overwrite: true,
  });
  await aws.putParameter({
    Name: statusParameterName(accountId),
    Value: STATUS,
    Type: "String",
    Tier: "Intelligent-Tiering",
    Overwrite: true,
  });
}

/** As long as a real one, and always the same, so that its request can be signed beforehand. */
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
  const reply = await post(
    `${DINTERO_API_ORIGIN}/v1/accounts/${accountId}/auth/token`,
    {
      authorization: `Basic ${basic}`,
      "content-type": "application/json",
      accept: "application/json",
    },
    JSON.stringify({
      grant_type: "client_credentials",
      audience: `https://api.dintero.com/v1/accounts/${accountId}`,
    }),
    // Hours after the one before: a connection would not be kept that long.
    false,
  );
  return JSON.parse(reply).access_token;
}

/**
 * One request by Node alone.
 * @param agent - keeps the connection; without one, the request has a connection of its own.
 * @returns the reply's body.
 * @throws unless the status is 200.
 */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  agent: Agent | false,
): Promise<string> {
  const contentLength = Buffer.byteLength(body);
  const sent = request(url, {
    method: "POST",
    agent,
    headers: { ...headers, "content-length": contentLength },
  });
  sent.end(body);
  const response = await responseTo(sent);
  const reply = await text(response);
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${reply}`);
  return reply;
}

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => sent.once("response", resolve).once("error", reject));
}
