/**
 * What an operation of a service is: a function from the wire input to the wire output.
 * Implemented by the services (`parameter-store.ts` and its neighbours), called by `aws-stand-in.ts`.
 */
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import type { KmsUse } from "./key-management.ts";

/** One request of an operation: `kms` collects the uses of keys that the service makes for it. */
export interface OperationContext {
  requestId: string;
  kms: KmsUse[];
}

/** The members of an operation's answer, as they go over the wire. */
export type Output = Record<string, unknown>;

/** Runs one operation on its input. Throws {@link AwsError}. */
export type Operation = (input: unknown, context: OperationContext) => Output | Promise<Output>;

/**
 * An operation whose input fits `schema` before `run` sees it.
 *
 * As in AWS's servers, a member of the wrong JSON type is a `SerializationException`, members
 * that break a constraint of the API model are one `ValidationException` for all of them,
 * `null` counts as absent, and unknown members are ignored. Values are not repeated in messages,
 * as AWS does it for members that may hold a secret
 * (https://github.com/crossplane-contrib/provider-upjet-aws/issues/1559).
 */
export function operation<const Schema extends v.GenericSchema>(
  schema: Schema,
  run: (input: v.InferOutput<Schema>, context: OperationContext) => Output | Promise<Output>,
): Operation {
  return (input, context) => {
    const result = v.safeParse(schema, withoutNulls(input));
    if (result.success) return run(result.output, context);
    const wrongType = result.issues.find(isWrongType);
    if (wrongType) {
      throw new AwsError(
        "SerializationException",
        `Unexpected type at '${memberPath(wrongType)}': expected ${wrongType.expected}.`,
      );
    }
    const errors = result.issues.map(describe);
    throw new AwsError(
      "ValidationException",
      `${errors.length} validation error${errors.length > 1 ? "s" : ""} detected: ${errors.join("; ")}`,
    );
  };
}

/** Text with the length limits and pattern of the API model. Lengths in UTF-16 units. */
export function text(limits: { min?: number; max?: number; pattern?: RegExp }) {
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern = /^/ } = limits;
  return v.pipe(
    v.string(),
    v.minLength(min, `Member must have length greater than or equal to ${min}`),
    v.maxLength(max, `Member must have length less than or equal to ${max}`),
    v.regex(pattern, `Member must satisfy regular expression pattern: ${pattern.source}`),
  );
}

/** A list with the size limits of the API model. */
export function list<const Item extends v.GenericSchema>(
  item: Item,
  { min = 0, max }: { min?: number; max: number },
) {
  return v.pipe(
    v.array(item),
    v.minLength(min, `Member must have length greater than or equal to ${min}`),
    v.maxLength(max, `Member must have length less than or equal to ${max}`),
  );
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}

function isWrongType(issue: v.BaseIssue<unknown>): boolean {
  if (issue.kind !== "schema" || issue.input === undefined) return false;
  return issue.type !== "picklist" || typeof issue.input !== "string";
}

function describe(issue: v.BaseIssue<unknown>): string {
  const constraint =
    issue.kind === "validation"
      ? issue.message
      : issue.input === undefined
        ? "Member must not be null"
        : `Member must satisfy enum value set: [${issue.expected}]`;
  return `Value at '${memberPath(issue)}' failed to satisfy constraint: ${constraint}`;
}

function memberPath(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "";
  return path.charAt(0).toLowerCase() + path.slice(1);
}
