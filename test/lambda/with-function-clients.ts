/**
 * The function's own SDK clients against the AWS stand-in, as Lambda's environment configures them,
 * and clients of a server that answers whatever a test likes. For tests of what in `lambda/` calls AWS.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { devNull } from "node:os";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { type AwsClients, createAwsClients } from "../../lambda/aws-clients.ts";
import { withAws } from "../proof/local/aws/with-aws.ts";
import { TestClock } from "../support/test-clock.ts";
// A cut connection is an error of Node's own realm.
import "../support/node-errors.ts";

/**
 * As {@link withAws}, and `clients` that try again as the function does, by a clock that stands still
 * and without waits; its own make one attempt. AWS's clock
 * stands still too, but at the time of the test: where it is far off, the SDK takes any error for
 * a matter of clocks and tries again.
 */
export function withFunctionClients() {
  const run = withAws();
  const environment = { ...process.env };
  const clock = new TestClock(0);
  let clients: AwsClients | undefined;
  beforeAll(() => {
    // Nothing of the person's who runs the tests.
    for (const name of Object.keys(process.env)) {
      if (name.startsWith("AWS_")) delete process.env[name];
    }
    const { url, region, credentials } = run.aws;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    });
    clients = createAwsClients({ clock, random: () => 0 });
  });
  beforeEach(() => {
    run.clock.nowMs = Date.now();
  });
  afterAll(() => {
    for (const client of Object.values(clients ?? {})) client.destroy();
    process.env = environment;
  });
  return {
    run,
    clock,
    get clients() {
      if (!clients) throw new Error("It runs inside tests only.");
      return clients;
    },
  };
}

/** Runs `use` with clients of a server that gives every request the same answer. */
export async function withAnswer<Result>(
  answer: { readonly body: string },
  use: (clients: AwsClients) => Promise<Result>,
): Promise<Result> {
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
      response.end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  const configuration = {
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "eu-north-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    maxAttempts: 1,
  };
  const clients = {
    kms: new KMSClient(configuration),
    secretsManager: new SecretsManagerClient(configuration),
    ssm: new SSMClient(configuration),
  };
  try {
    return await use(clients);
  } finally {
    for (const client of Object.values(clients)) client.destroy();
    server.close();
    server.closeAllConnections();
  }
}
