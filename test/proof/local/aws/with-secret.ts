/**
 * One secret in the stand-in and the calls that make, write and read it: what the tests of secrets
 * start from.
 */
import { withAws } from "./with-aws.ts";

export const NAME = "dintero/T12345678/api-client";
export const DAY_MS = 24 * 60 * 60 * 1000;

/** As {@link withAws}, and the calls for the secret {@link NAME}, each with members of its own. */
export function withSecret() {
  const run = withAws();
  return {
    run,
    create(change: Record<string, unknown> = {}) {
      return run.secrets.createSecret({ Name: NAME, ...change });
    },
    put(change: Record<string, unknown> = {}) {
      return run.secrets.putSecretValue({ SecretId: NAME, ...change });
    },
    get(change: Record<string, unknown> = {}) {
      return run.secrets.getSecretValue({ SecretId: NAME, ...change });
    },
    describeIt() {
      return run.secrets.describeSecret({ SecretId: NAME });
    },
  };
}

/** A `ClientRequestToken` of the shortest length that there is. */
export function token(digit: number): string {
  return String(digit).repeat(32);
}
