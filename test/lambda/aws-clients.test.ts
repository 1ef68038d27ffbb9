import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { MAX_ATTEMPTS, retryDelayMs } from "../../lambda/aws-clients.ts";
import { READ_TIMEOUT_MS } from "../../lambda/reconcile.ts";
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

describe("The waits of a call", () => {
  const waits = (random: number) =>
    [1, 2, 3, 4, 5].map((attempts) => retryDelayMs(attempts, () => random));

  test("are anything from nothing to half a second, and to twice as long each time", () => {
    expect(waits(0)).toEqual([0, 0, 0, 0, 0]);
    expect(waits(0.5)).toEqual([250, 500, 1000, 2000, 4000]);
    expect(waits(1)).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  test("leave time for the answers within that of reading", () => {
    const longestMs = waits(1).reduce((sum, wait) => sum + wait);
    expect(longestMs).toBeLessThanOrEqual(READ_TIMEOUT_MS - MAX_ATTEMPTS * 500);
  });
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

  test("has six attempts under throttling too", async () => {
    run.aws.addFault({ operation, effect: { error: "ThrottlingException" } });
    await refusal(read());
    expect(run.aws.calls).toHaveLength(6);
  });

  test("has its attempts for each call, however many failed before", async () => {
    run.aws.addFault({ operation, times: 6 * 20, effect: { disconnect: "before" } });
    for (let call = 0; call < 20; call += 1) await refusal(read());
    run.aws.calls.length = 0;
    run.aws.addFault({ operation, times: 5, effect: { disconnect: "before" } });
    expect(await read()).toBe("stored");
    expect(run.aws.calls).toHaveLength(6);
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

test("A server that stays silent costs one attempt, and not the check", async () => {
  for (const operation of ["GetParameter", "GetSecretValue"]) {
    run.aws.addFault({ operation, times: 1, effect: { hang: true } });
  }
  expect(await Promise.all([readParameter(), readSecret()])).toEqual(["stored", "stored"]);
  expect(run.aws.calls.map(({ error }) => error)).toEqual(["hang", "hang", undefined, undefined]);
  // Two waits of four seconds, at the same time.
}, 15_000);
