/** What an operation of a service is: a function from the wire input to the wire output. */
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import type { KmsUse } from "./key-management.ts";

/** One request of an operation. */
export interface OperationContext {
  requestId: string;
  /** Learns of each use of a key that the service makes for the caller. Throws what keeps it from it. */
  onKmsUse: (use: KmsUse) => void;
  /** What a write waits for while it is in work. */
  writesUntil?: Promise<void> | undefined;
}

/** The members of an operation's answer, as they go over the wire. */
export type Output = Record<string, unknown>;

/** Runs one operation on its input. Throws {@link AwsError}. */
export type Operation = (input: unknown, context: OperationContext) => Output | Promise<Output>;

/**
 * An operation whose input fits `schema` before `run` sees it. A schema holds the members that the
 * stand-in plays, and refuses others: what it ignored would only seem to work. Values are not repeated,
 * as AWS does it for members that may hold a secret
 * (https://github.com/crossplane-contrib/provider-upjet-aws/issues/1559).
 */
export function operation<const Schema extends v.GenericSchema>(
  schema: Schema,
  run: (input: v.InferOutput<Schema>, context: OperationContext) => Output | Promise<Output>,
): Operation {
  return (input, context) => {
    const result = v.safeParse(schema, input);
    if (result.success) return run(result.output, context);
    const members = result.issues.map((issue) => v.getDotPath(issue)).join(", ");
    throw new AwsError("ValidationException", `Missing, wrong, or not played: ${members}`);
  };
}
