/**
 * Whether IAM would allow a request within one AWS account. Strict: what it does not know throws,
 * so that no test passes because of something ignored.
 *
 * Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import {
  type CheckedStatement,
  type PolicyDocument,
  type PolicyKind,
  SERVICE_PRINCIPAL,
  statementsOf,
} from "./policy-document.ts";

export type { PolicyDocument, Statement } from "./policy-document.ts";

/** Either `principalArn` or `principalService` asks. */
export interface AccessRequest {
  /** A role's ARN. */
  principalArn?: string;
  /** Such as "lambda.amazonaws.com". */
  principalService?: string;
  /** The AWS account of both the principal and the resource. */
  accountId: string;
  /** Such as "ssm:GetParameter". */
  action: string;
  /** A full ARN; for sts:AssumeRole the role's. */
  resource: string;
  /** Condition keys, which have one value each. */
  context?: Record<string, string>;
}

/**
 * Whether the policies allow the request. A Deny wins; without an Allow there is none. An Allow of
 * either side suffices
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html),
 * but a key and a role to assume must grant it themselves, or to the account, which leaves it to
 * the identity's policies (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 *
 * @param policies - `identity`: of the role that asks, none for a service; `resource`: the
 * resource's own, a key policy and a trust policy included.
 * @throws Error that names what is unknown, malformed or missing, wherever it is.
 */
export function isAllowed(
  request: AccessRequest,
  policies: { identity: PolicyDocument[]; resource?: PolicyDocument },
): boolean {
  const asked = understand(request);
  const decisive = asked.kind !== "resource";
  if (decisive && !policies.resource) throw new Error(`No ${asked.kind} policy was handed in`);
  if (request.principalService !== undefined && policies.identity.length > 0) {
    throw new Error(`${request.principalService} is a service: it has no identity policies`);
  }
  const identity = policies.identity
    .flatMap((document) => statementsOf(document, "identity"))
    .filter((statement) => applies(statement, asked));
  const resource = (policies.resource ? statementsOf(policies.resource, asked.kind) : [])
    .map((statement) => ({ ...statement, reach: reach(statement.Principal ?? {}, asked) }))
    .filter((statement) => applies(statement, asked) && statement.reach !== "nobody");
  if ([...identity, ...resource].some(({ Effect }) => Effect === "Deny")) return false;
  if (resource.some((statement) => statement.reach === "principal")) return true;
  return identity.length > 0 && (!decisive || resource.length > 0);
}

type Understood = ReturnType<typeof understand>;

function understand(request: AccessRequest) {
  const { accountId, principalArn, principalService } = request;
  const resource = arnParts(literal(request.resource));
  const action = /^([a-z0-9-]+):[a-z0-9]+$/i.exec(request.action);
  if (!action) throw new Error(`Malformed action "${request.action}"`);
  const assumes = request.action.toLowerCase() === "sts:assumerole";
  const service = assumes ? "iam" : action[1]?.toLowerCase();
  const type = assumes ? "role/" : service === "kms" ? "key/" : "";
  if (service !== resource.service || !resource.name.startsWith(type)) {
    throw new Error(`${request.action} is not known for the resource ${request.resource}`);
  }
  if ((principalArn === undefined) === (principalService === undefined)) {
    throw new Error("Either principalArn or principalService must be given");
  }
  if (principalService !== undefined && !SERVICE_PRINCIPAL.test(principalService)) {
    throw new Error(`Unknown principalService "${principalService}"`);
  }
  const principal = principalArn === undefined ? resource : roleParts(principalArn);
  for (const { partition, accountId: owner } of [principal, resource]) {
    // Some ARNs, such as a bucket's, leave the account out.
    if (partition !== resource.partition || (owner !== "" && owner !== accountId)) {
      throw new Error(`Not within ${resource.partition} and ${accountId}: ${partition}, ${owner}`);
    }
  }
  const context = new Map<string, string>();
  for (const [key, value] of Object.entries(request.context ?? {})) {
    if (context.has(key.toLowerCase())) throw new Error(`Twice in the request's context: ${key}`);
    context.set(key.toLowerCase(), value);
  }
  const kind: PolicyKind = assumes ? "trust" : service === "kms" ? "key" : "resource";
  return { ...request, partition: resource.partition, kind, context };
}

function roleParts(arn: string) {
  const parts = arnParts(literal(arn));
  if (parts.service === "iam" && parts.accountId && parts.name.startsWith("role/")) return parts;
  throw new Error(`The principalArn is not a role's: "${arn}"`);
}

function literal(arn: string): string {
  if (/[*?]/.test(arn)) throw new Error(`A request has no wildcards: "${arn}"`);
  return arn;
}

/** Whom a statement means: the one who asks, the account as a whole, or neither. */
function reach(
  { AWS = [], Service = [] }: NonNullable<CheckedStatement["Principal"]>,
  asked: Understood,
) {
  const { principalArn = "", principalService = "", accountId, partition } = asked;
  const named = AWS.includes("*") || AWS.includes(principalArn);
  if (named || Service.includes(principalService)) return "principal";
  const account = [accountId, `arn:${partition}:iam::${accountId}:root`];
  return principalArn && AWS.some((name) => account.includes(name)) ? "account" : "nobody";
}

function applies(statement: CheckedStatement, asked: Understood): boolean {
  const { Action, Resource = ["*"], Condition = {} } = statement;
  const action = asked.action.toLowerCase();
  return (
    conditionsHold(Condition, asked.context) &&
    Action.some((pattern) => fits(pattern.toLowerCase(), action)) &&
    Resource.some((pattern) => pattern === "*" || fits(pattern, asked.resource, "[^:]"))
  );
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
function conditionsHold(
  { StringEquals = {}, ArnLike = {} }: NonNullable<CheckedStatement["Condition"]>,
  context: ReadonlyMap<string, string>,
): boolean {
  const hold = (
    keys: Record<string, string[]>,
    matches: (value: string, wanted: string) => boolean,
  ) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = context.get(key.toLowerCase());
      return value !== undefined && wanted.some((it) => matches(value, it));
    });
  return hold(StringEquals, (value, wanted) => value === wanted) && hold(ArnLike, arnFits);
}

// Each part by itself.
function arnFits(value: string, wanted: string): boolean {
  const parts = Object.values(arnParts(value));
  return Object.values(arnParts(wanted)).every((part, at) => fits(part, parts[at] ?? ""));
}

function arnParts(arn: string) {
  const [prefix, partition = "", service = "", region = "", accountId = "", ...rest] =
    arn.split(":");
  const name = rest.join(":");
  if (prefix === "arn" && partition && service && name) {
    return { partition, service, region, accountId, name };
  }
  throw new Error(`Malformed ARN "${arn}"`);
}

/**
 * `*` and `?` match `character`s; a `*` at the end of an ARN's segment for any, colons included
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
 */
function fits(pattern: string, text: string, character = "."): boolean {
  const source = pattern.replace(/\W/g, (sign, at: number) => {
    if (sign === "?") return character;
    if (sign !== "*") return `\\${sign}`;
    return /^(:|$)/.test(pattern.slice(at + 1)) ? ".*" : `${character}*`;
  });
  return new RegExp(`^${source}$`, "s").test(text);
}
