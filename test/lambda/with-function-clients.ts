/**
 * The function's own SDK clients against the AWS stand-in, as Lambda's environment configures them,
 * and clients of a server that answers whatever a test likes. For tests of what in `lambda/` calls AWS.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { devNull } from "node:os";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient, type SSMClientConfig } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { type AwsClients, createAwsClients } from "../../lambda/aws-clients.ts";
import { credentialsSecretName } from "../../lambda/contract.ts";
import type { Role } from "../../proof/local/aws/access-management.ts";
import { functionPolicies } from "../../proof/local/iam/function-policies.ts";
import { credentialVariables } from "../../proof/local/sandbox.ts";
import { withAws } from "../proof/local/aws/with-aws.ts";
import { TestClock } from "../support/test-clock.ts";
// A cut connection is an error of Node's own realm.
import "../support/node-errors.ts";

/** Whose tokens the function may write. The first has a secret, empty. */
const ACCOUNT_IDS = [
  ...["T12345678", "T00000001", "T00000002", "T00000003", "T00000004", "T00000005"],
  ...["T00000009", "T003", "P00000001"],
];
const [FIRST = ""] = ACCOUNT_IDS;

/**
 * As {@link withAws}, with clients of the function's role: `clients` try again as the function does, by
 * a clock that stands still and without waits, and those `ofOneAttempt` do not. Its own are an
 * engineer's. AWS's clock stands still too, but at the time of the test: where it is far off, the SDK
 * takes any error for a matter of clocks and tries again.
 */
export function withFunctionClients() {
  const run = withAws();
  const environment = { ...process.env };
  const clock = new TestClock(0);
  let running: { role: Role; clients: AwsClients; ofOneAttempt: AwsClients } | undefined;
  let secretArn = "";
  const get = () => {
    if (!running) throw new Error("It runs inside tests only.");
    return running;
  };
  /** Gives the role the policies of a stack with this key. */
  const permit = (keyArn: string) => {
    const { region, accountId: awsAccountId } = run.aws;
    get().role.policies = functionPolicies({
      ...{ place: { partition: "aws", region, awsAccountId }, accountIds: ACCOUNT_IDS },
      ...{ secretArns: [secretArn], keyArn },
    });
  };
  beforeAll(() => {
    // Nothing of the person's who runs the tests.
    for (const name of Object.keys(process.env)) {
      if (name.startsWith("AWS_")) delete process.env[name];
    }
    const { url, region, iam } = run.aws;
    const role = iam.createRole();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      ...credentialVariables(role.credentials),
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    });
    const clients = createAwsClients({ clock, random: () => 0 });
    running = { role, clients, ofOneAttempt: clientsOf({ maxAttempts: 1 }) };
  });
  beforeEach(async () => {
    run.clock.nowMs = Date.now();
    const secret = { Name: credentialsSecretName(FIRST), KmsKeyId: run.aws.keyArn };
    secretArn = (await run.secrets.createSecret(secret)).ARN ?? "";
    permit(run.aws.keyArn);
    run.aws.calls.length = 0;
  });
  afterAll(() => {
    for (const clients of [running?.clients, running?.ofOneAttempt]) destroy(clients);
    process.env = environment;
  });
  return {
    run,
    clock,
    permit,
    get clients() {
      return get().clients;
    },
    get ofOneAttempt() {
      return get().ofOneAttempt;
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
  const clients = clientsOf({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "eu-north-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    maxAttempts: 1,
  });
  try {
    return await use(clients);
  } finally {
    destroy(clients);
    server.close();
    server.closeAllConnections();
  }
}

function clientsOf(configuration: SSMClientConfig): AwsClients {
  return {
    kms: new KMSClient(configuration),
    secretsManager: new SecretsManagerClient(configuration),
    ssm: new SSMClient(configuration),
  };
}

function destroy(clients: AwsClients | undefined): void {
  for (const client of Object.values(clients ?? {})) client.destroy();
}
