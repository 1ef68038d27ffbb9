/** A client of one more service, for the tests that `with-aws.ts` has no client for. */
import { afterAll, beforeAll } from "@jest/globals";
import { clientConfig, type withAws } from "./with-aws.ts";

interface Client {
  readonly config: { systemClockOffset: number };
  destroy(): void;
}

/** The function that it returns may be called inside tests only. The client makes one attempt. */
export function withClient<Kind extends Client>(
  run: ReturnType<typeof withAws>,
  Kind: new (config: ReturnType<typeof clientConfig> & { maxAttempts: number }) => Kind,
): () => Kind {
  let client: Kind | undefined;
  beforeAll(() => {
    client = new Kind({ ...clientConfig(run.aws), maxAttempts: 1 });
  });
  afterAll(() => client?.destroy());
  return () => {
    if (!client) throw new Error("It runs inside tests only.");
    // It signs with the time.
    client.config.systemClockOffset = run.clock.nowMs - Date.now();
    return client;
  };
}
