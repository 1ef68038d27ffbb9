import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParametersCommand } from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { awsRetryDelayMs, RETRY_TIME_MS } from "../../lambda/aws-clients.ts";
import { refusal } from "../proof/local/aws/with-aws.ts";
import { withFunctionClients } from "./with-function-clients.ts";

const functionClients = withFunctionClients();
const { run } = functionClients;

const PARAMETER = "/dintero/T12345678/access-token-status";
const SECRET = { SecretId: "dintero/T12345678/api-client" };

async function readParameter() {
  const command = new GetParametersCommand({ Names: [PARAMETER] });
  return (await functionClients.clients.ssm.send(command)).Parameters?.[0]?.Value;
}

async function readSecret() {
  const command = new GetSecretValueCommand(SECRET);
  return (await functionClients.clients.secretsManager.send(command)).SecretString;
}

beforeEach(async () => {
  await run.ssm.putParameter({ Name: PARAMETER, Value: "stored", Type: "String" });
  await run.secrets.putSecretValue({ ...SECRET, SecretString: "stored" });
  run.aws.calls.length = 0;
});

test("The waits of a call are random: up to half a second at first, then up to twice as long, at most two seconds", () => {
  const waits = (random: number) =>
    [1, 2, 3, 4, 5].map((attempts) => awsRetryDelayMs(attempts, () => random));
  expect(waits(0)).toEqual([0, 0, 0, 0, 0]);
  expect(waits(0.5)).toEqual([250, 500, 1000, 1000, 1000]);
  expect(waits(1)).toEqual([500, 1000, 2000, 2000, 2000]);
});

describe.each([
  ["ssm", "GetParameters", readParameter, "KeepTokensAndStatuses"],
  ["secretsManager", "GetSecretValue", readSecret, "ReadCredentials"],
] as const)("The client %s", (name, operation, read, sid) => {
  test("takes its Region, endpoint and credentials from the environment", async () => {
    expect(await read()).toBe("stored");
    expect(run.aws.calls).toMatchObject([{ operation }]);
    expect(await functionClients.clients[name].config.region()).toBe("eu-north-1");
  });

  test("retries until its time is over, and then fails with AWS's last answer", async () => {
    let answers = 0;
    run.aws.addFault({
      operation,
      when: () => {
        answers += 1;
        functionClients.clock.nowMs += RETRY_TIME_MS / 3;
        return true;
      },
      effect: { error: "ThrottlingException" },
    });
    expect(await refusal(read())).toMatchObject({
      name: "ThrottlingException",
      $metadata: { attempts: 4, httpStatusCode: 400 },
    });
    expect(answers).toBe(4);
  });

  test("gets the answer of a later attempt", async () => {
    run.aws.addFault({ operation, times: 9, effect: { disconnect: "before" } });
    expect(await read()).toBe("stored");
    expect(run.aws.calls).toHaveLength(10);
  });

  test("makes one attempt if another attempt cannot help", async () => {
    run.aws.iam.revoke(sid);
    expect((await refusal(read())).name).toBe("AccessDeniedException");
    expect(run.aws.calls).toHaveLength(1);
  });

  test("has all its attempts for each call, even after many failures", async () => {
    run.aws.addFault({ operation, times: 30 * 4, effect: { disconnect: "before" } });
    for (let call = 0; call < 4; call += 1) await refusal(read());
    run.aws.calls.length = 0;
    run.aws.addFault({ operation, times: 9, effect: { disconnect: "before" } });
    expect(await read()).toBe("stored");
    expect(run.aws.calls).toHaveLength(10);
  });

  test("does not wait for as long as AWS asks", async () => {
    const strategy = await functionClients.clients[name].config.retryStrategy();
    if (!("refreshRetryTokenForRetry" in strategy)) throw new Error("an old strategy");
    const first = await strategy.acquireInitialRetryToken("");
    const retryAfterHint = new Date(Date.now() + 3_600_000);
    // It would be five seconds, which is more than this test has.
    const second = await strategy.refreshRetryTokenForRetry(first, {
      errorType: "THROTTLING",
      retryAfterHint,
    });
    expect([second.getRetryCount(), second.getRetryDelay()]).toEqual([1, 0]);
  });

  test("waits for a connection for one second and for an answer for four", async () => {
    await read();
    expect(functionClients.clients[name].config.requestHandler).toMatchObject({
      config: { connectionTimeout: 1000, requestTimeout: 4000, throwOnRequestTimeout: true },
    });
  });
});

/** What the SDK's type of a handler omits of Node's. */
interface NodeHandler {
  readonly handle: unknown;
  updateHttpClientConfig?(key: "requestTimeout", value: number): void;
}

test("A server that stays silent costs one attempt, and not the check", async () => {
  const { ssm, secretsManager } = functionClients.clients;
  for (const { config } of [ssm, secretsManager]) {
    // In place of the four seconds, which are shown above.
    const handler: NodeHandler = config.requestHandler;
    handler.updateHttpClientConfig?.("requestTimeout", 200);
  }
  for (const operation of ["GetParameters", "GetSecretValue"]) {
    run.aws.addFault({ operation, times: 1, effect: { hang: true } });
  }
  expect(await Promise.all([readParameter(), readSecret()])).toEqual(["stored", "stored"]);
  expect(run.aws.calls.map(({ error }) => error)).toEqual(["hang", "hang", undefined, undefined]);
});
