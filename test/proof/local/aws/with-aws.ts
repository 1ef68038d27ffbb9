/** One stand-in and its SDK clients for a test file: started before, emptied after each, closed at the end. */
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { SSM } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll } from "@jest/globals";
import { AwsStandIn } from "../../../../proof/local/aws/aws-stand-in.ts";

export const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Its `aws`, `ssm` and `secrets` may be used inside tests only. `clock` is set back after each. */
export function withAws() {
  const clock = { nowMs: START_MS };
  let running: { aws: AwsStandIn; ssm: SSM; secrets: SecretsManager } | undefined;
  beforeAll(async () => {
    const aws = await AwsStandIn.start({ now: () => clock.nowMs });
    // One attempt: a test sees the service's answer, not the SDK's patience.
    const config = { ...clientConfig(aws), maxAttempts: 1 };
    running = { aws, ssm: new SSM(config), secrets: new SecretsManager(config) };
  });
  afterEach(() => {
    clock.nowMs = START_MS;
    running?.aws.reset();
  });
  afterAll(async () => {
    running?.ssm.destroy();
    running?.secrets.destroy();
    await running?.aws.close();
  });
  function get() {
    if (!running) throw new Error("It runs inside tests only.");
    return running;
  }
  return {
    clock,
    get aws() {
      return get().aws;
    },
    get ssm() {
      return onTime(get().ssm, clock.nowMs);
    },
    get secrets() {
      return onTime(get().secrets, clock.nowMs);
    },
  };
}

/** How a client reaches the stand-in, with a clock that tells {@link START_MS}. */
export function clientConfig({ url, region, credentials }: AwsStandIn) {
  return { endpoint: url, region, credentials, systemClockOffset: START_MS - Date.now() };
}

/** The client, with its clock set to the stand-in's: it signs with the time. */
function onTime<Client extends { config: { systemClockOffset: number } }>(
  client: Client,
  nowMs: number,
): Client {
  client.config.systemClockOffset = nowMs - Date.now();
  return client;
}

/** The error that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => "it succeeded",
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error(`Expected a refusal, but ${String(outcome)}`);
}
