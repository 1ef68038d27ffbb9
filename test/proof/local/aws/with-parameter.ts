/**
 * One parameter in the stand-in and the calls that write it: what the tests of parameters start
 * from.
 */
import { withAws } from "./with-aws.ts";

export const NAME = "/dintero/T12345678/access-token";
export const ARN = `arn:aws:ssm:eu-north-1:123456789012:parameter${NAME}`;

/** As {@link withAws}, and the calls for the parameter {@link NAME}, each with members of its own. */
export function withParameter() {
  const run = withAws();
  return {
    run,
    put(change: Record<string, unknown> = {}) {
      return run.ssm.putParameter({ Name: NAME, Type: "String", Value: "one", ...change });
    },
    putAgain(value: string, change: Record<string, unknown> = {}) {
      return run.ssm.putParameter({ Name: NAME, Value: value, Overwrite: true, ...change });
    },
  };
}
