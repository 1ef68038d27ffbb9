/**
 * A policy document, checked: the elements that this stack's policies use and no others, so that
 * no element is ignored.
 *
 * Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
import * as v from "valibot";

/** A policy as rendered: plain JSON. */
export interface PolicyDocument {
  Version: string;
  Statement: Statement | Statement[];
}

/** One or several values of a kind, as IAM lets either be written. */
export interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: "*" | Record<string, string | string[]>;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What a policy belongs to, which decides the elements that it must and must not have. */
export type PolicyKind = "identity" | "resource" | "key" | "trust";

/** A statement with lists for single values, and `{ AWS: ["*"] }` for `"*"`. */
export interface CheckedStatement {
  Effect: "Allow" | "Deny";
  Principal?: { AWS?: string[] | undefined; Service?: string[] | undefined };
  Action: string[];
  Resource?: string[];
  /** The operators that the stack's policies and the documents' use. */
  Condition?:
    | {
        StringEquals?: Record<string, string[]> | undefined;
        ArnLike?: Record<string, string[]> | undefined;
      }
    | undefined;
}

/**
 * The statements of a policy.
 * @throws Error that names each unknown, missing or malformed part; a policy variable is unknown.
 */
export function statementsOf(document: PolicyDocument, kind: PolicyKind): CheckedStatement[] {
  const variable = /\$\{[^}]*\}?/.exec(JSON.stringify(document));
  if (variable) throw new Error(`${kind} policy: unknown policy variable ${variable[0]}`);
  const Statement: v.GenericSchema<unknown, CheckedStatement> = STATEMENT[kind];
  const result = v.safeParse(
    v.strictObject({ Version: v.literal("2012-10-17"), Statement: oneOrMore(Statement) }),
    document,
  );
  if (result.success) return result.output.Statement;
  const faults = result.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
  throw new Error(`${kind} policy: ${faults.join("; ")}`);
}

/** A service principal. */
export const SERVICE_PRINCIPAL = /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/;
const PRINCIPAL = /^(\*|\d{12}|arn:[a-z-]+:iam::\d{12}:(root|(role|user)\/[^*?]+))$/;
const ACTION = /^(\*|[a-z0-9-]+:[a-z0-9*?]+)$/i;
// No wildcard in the service's name:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
const RESOURCE = /^(\*|arn:[^:]+:[a-z0-9-]+:[^:]*:[^:]*:.+)$/;
const CONDITION_KEY = /^[a-z0-9-]+:./i;

const oneOrMore = <const Schema extends v.GenericSchema>(item: Schema) =>
  v.pipe(
    v.unknown(),
    v.transform((value): unknown => (Array.isArray(value) ? value : [value])),
    v.array(item),
    v.minLength(1),
  );
const texts = (pattern: RegExp) => oneOrMore(v.pipe(v.string(), v.regex(pattern)));
const condition = (value: RegExp) =>
  v.pipe(v.record(v.pipe(v.string(), v.regex(CONDITION_KEY)), texts(value)), v.minEntries(1));

const common = {
  Sid: v.optional(v.string()),
  Effect: v.picklist(["Allow", "Deny"]),
  Action: texts(ACTION),
  Condition: v.optional(
    v.pipe(
      v.strictObject({
        StringEquals: v.optional(condition(/^/)),
        ArnLike: v.optional(condition(/^arn(:[^:]+){2}(:[^:]*){2}:./)),
      }),
      v.minEntries(1),
    ),
  ),
};
const Principal = v.pipe(
  v.unknown(),
  // The same: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
  v.transform((value): unknown => (value === "*" ? { AWS: "*" } : value)),
  v.strictObject({
    AWS: v.optional(texts(PRINCIPAL)),
    Service: v.optional(texts(SERVICE_PRINCIPAL)),
  }),
  v.minEntries(1),
);
const Resource = texts(RESOURCE);
const STATEMENT = {
  identity: v.strictObject({ ...common, Resource }),
  resource: v.strictObject({ ...common, Principal, Resource }),
  key: v.strictObject({ ...common, Principal, Resource }),
  trust: v.strictObject({ ...common, Principal }),
};
