import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { refusal } from "../local/aws/with-aws.ts";
import { withFunctionClients } from "./with-function-clients.ts";

const functionClients = withFunctionClients();
const { run } = functionClients;

const readParameter = async () =>
  (await functionClients.clients.ssm.send(new GetParameterCommand({ Name: "a" }))).Parameter?.Value;

const readSecret = async () =>
  (await functionClients.clients.secretsManager.send(new GetSecretValueCommand({ SecretId: "a" })))
    .SecretString;

beforeEach(async () => {
  await run.ssm.putParameter({ Name: "a", Value: "stored", Type: "String" });
  await run.secrets.createSecret({ Name: "a", SecretString: "stored" });
  run.aws.calls.length = 0;
});

describe.each([
  ["ssm", "GetParameter", readParameter],
  ["secretsManager", "GetSecretValue", readSecret],
] as const)("The client %s", (name, operation, read) => {
  test("takes its Region, endpoint and credentials from the environment", async () => {
    expect(await read()).toBe("stored");
    expect(run.aws.calls).toMatchObject([{ operation }]);
    expect(await functionClients.clients[name].config.region()).toBe("eu-north-1");
  });

  test("gives up after six attempts", async () => {
    run.aws.addFault({ operation, effect: { error: "InternalFailure" } });
    expect(await refusal(read())).toMatchObject({
      name: "InternalFailure",
      $metadata: { attempts: 6 },
    });
    expect(run.aws.calls).toHaveLength(6);
  });

  test("gets the answer of the sixth attempt", async () => {
    run.aws.addFault({ operation, times: 5, effect: { disconnect: "before" } });
    expect(await read()).toBe("stored");
    expect(run.aws.calls).toHaveLength(6);
  });

  test("makes one attempt at what another attempt cannot mend", async () => {
    run.aws.addFault({ operation, effect: { error: "AccessDeniedException" } });
    expect((await refusal(read())).name).toBe("AccessDeniedException");
    expect(run.aws.calls).toHaveLength(1);
  });

  test("backs off under throttling without learning a rate, six attempts there too", async () => {
    const { config } = functionClients.clients[name];
    expect(config.retryMode).toBe("standard");
    expect(await config.retryStrategy()).toMatchObject({ mode: "standard" });
    expect(await config.maxAttempts()).toBe(6);
  });

  test("waits for a connection for one second and for an answer for four", async () => {
    await read();
    expect(functionClients.clients[name].config.requestHandler).toMatchObject({
      config: { connectionTimeout: 1000, requestTimeout: 4000, throwOnRequestTimeout: true },
    });
  });
});

test("A server that stays silent costs one attempt, and not the check", async () => {
  for (const operation of ["GetParameter", "GetSecretValue"]) {
    run.aws.addFault({ operation, times: 1, effect: { hang: true } });
  }
  expect(await Promise.all([readParameter(), readSecret()])).toEqual(["stored", "stored"]);
  expect(run.aws.calls.map(({ error }) => error)).toEqual(["hang", "hang", undefined, undefined]);
  // Two waits of four seconds, at the same time.
}, 15_000);
