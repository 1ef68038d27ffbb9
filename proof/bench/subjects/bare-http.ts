/**
 * A check's calls by Node's `https` alone, each signed when it is made for the first time: the least
 * that such requests can take, without the SDK. A token's request is always the first one's, since
 * another token would have to be signed anew.
 */
import { createHash, createHmac } from "node:crypto";
import { Agent } from "node:https";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHandler, post } from "./same-calls.ts";

const {
  AWS_ACCESS_KEY_ID: accessKeyId = "",
  AWS_SECRET_ACCESS_KEY: secretAccessKey = "",
  AWS_REGION: region = "",
  AWS_ENDPOINT_URL: endpoint = "",
} = process.env;

const agent = new Agent({ keepAlive: true });

/** What is sent, by what makes it another request. */
const signed = new Map<string, { body: string; headers: Record<string, string> }>();

export const handler = createHandler({
  getParameters: (input) => call("ssm", "AmazonSSM.GetParameters", input, input.Names?.join()),
  describeSecret: (input) =>
    call("secretsmanager", "secretsmanager.DescribeSecret", input, input.SecretId),
  getSecretValue: async (input) =>
    JSON.parse(
      await call("secretsmanager", "secretsmanager.GetSecretValue", input, input.SecretId),
    ),
  putParameter: (input) => call("ssm", "AmazonSSM.PutParameter", input, input.Name),
});

async function call(
  service: string,
  target: string,
  input: object,
  resource: string | undefined,
): Promise<string> {
  const key = `${target} ${resource}`;
  const { body, headers } = signed.get(key) ?? (await sign(service, target, JSON.stringify(input)));
  signed.set(key, { body, headers });
  return post(endpoint, headers, body, agent);
}

async function sign(service: string, target: string, body: string) {
  const { hostname, host, port } = new URL(endpoint);
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region,
    service,
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method: "POST",
    protocol: "https:",
    hostname,
    port: Number(port),
    path: "/",
    query: {},
    headers: { host, "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body,
  });
  return { body, headers };
}

/** Node's own, in the form that the signer takes. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error("The signer makes one hash for each digest.");
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
