import { describe, expect, test } from "@jest/globals";
import {
  type AccessRequest,
  isAllowed,
  type PolicyDocument,
} from "../../../../proof/local/iam/policy-evaluator.ts";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const OTHER = `arn:aws:iam::${ACCOUNT}:role/other`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ELSEWHERE = ROOT.replace(ACCOUNT, "210987654321");
const SSM = `arn:aws:ssm:eu-north-1:${ACCOUNT}`;
const PARAMETER = `${SSM}:parameter/a/token`;
const KEY = `arn:aws:kms:eu-north-1:${ACCOUNT}:key/k-1`;
const LAMBDA = "lambda.amazonaws.com";

const READ: AccessRequest = {
  principalArn: ROLE,
  accountId: ACCOUNT,
  action: "ssm:GetParameter",
  resource: PARAMETER,
};
const DECRYPT = { ...READ, action: "kms:Decrypt", resource: KEY };
const ASSUME = { ...READ, action: "sts:AssumeRole", resource: OTHER };
const { principalArn: _, ...NOBODY } = READ;
const { principalArn: __, ...BY_SERVICE } = { ...ASSUME, principalService: LAMBDA };

const ALLOW = { Effect: "Allow", Action: "ssm:GetParameter", Resource: PARAMETER };
const DENY = { ...ALLOW, Effect: "Deny" };
const ALL = { Principal: "*" };

/** As rendered: what the types do not let through must be refused too. */
function policy(...statements: object[]): PolicyDocument {
  return JSON.parse(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

/** Whether an identity policy of this one statement allows to read the parameter. */
function isReadAllowed(differences: object, request: Partial<AccessRequest> = {}): boolean {
  const identity = [policy({ ...ALLOW, ...differences })];
  return isAllowed({ ...READ, ...request }, { identity });
}

test.each<[what: string, identity: object[], resource: object[], allowed: boolean]>([
  ["nothing", [], [], false],
  ["an identity's Allow", [ALLOW], [], true],
  ["a resource's Allow", [], [{ ...ALLOW, ...ALL }], true],
  ["an identity's Deny, after the Allow", [ALLOW, DENY], [], false],
  ["an identity's Deny of a resource's Allow", [DENY], [{ ...ALLOW, ...ALL }], false],
  ["a resource's Deny", [ALLOW], [{ ...DENY, ...ALL }], false],
  ["a Deny of something else", [ALLOW, { ...DENY, Resource: KEY }], [], true],
  ["a resource's Allow to the account", [], [{ ...ALLOW, Principal: { AWS: ROOT } }], false],
  ["a resource's Deny to the account", [ALLOW], [{ ...DENY, Principal: { AWS: ROOT } }], false],
  ["a resource's Deny to another role", [ALLOW], [{ ...DENY, Principal: { AWS: OTHER } }], true],
])("A parameter with %s", (_name, identity, resource, allowed) => {
  const policies = {
    identity: identity.map((statement) => policy(statement)),
    ...(resource.length > 0 && { resource: policy(...resource) }),
  };
  expect(isAllowed(READ, policies)).toBe(allowed);
});

const MAY_DECRYPT = { Effect: "Allow", Action: "kms:Decrypt", Resource: KEY };

test.each<[what: string, key: object, identity: object[], allowed: boolean]>([
  ["left to the account, which allows", { Principal: { AWS: ROOT } }, [MAY_DECRYPT], true],
  ["left to the account by its number", { Principal: { AWS: ACCOUNT } }, [MAY_DECRYPT], true],
  ["left to the account, which is silent", { Principal: { AWS: ROOT } }, [], false],
  ["granted to the role", { Principal: { AWS: ROLE } }, [], true],
  ["granted to everybody", ALL, [], true],
  ["granted to another role", { Principal: { AWS: OTHER } }, [MAY_DECRYPT], false],
  ["granted to a service", { Principal: { Service: LAMBDA } }, [MAY_DECRYPT], false],
  ["left to another account", { Principal: { AWS: ELSEWHERE } }, [MAY_DECRYPT], false],
  ["denied to the role", { Principal: { AWS: ROLE }, Effect: "Deny" }, [MAY_DECRYPT], false],
])("A key %s", (_name, differences, identity, allowed) => {
  const resource = policy({ Effect: "Allow", Action: "kms:*", Resource: "*", ...differences });
  const documents = identity.map((statement) => policy(statement));
  expect(isAllowed(DECRYPT, { identity: documents, resource })).toBe(allowed);
});

const MAY_ASSUME = { Effect: "Allow", Action: "sts:AssumeRole", Resource: OTHER };

test.each<[string, AccessRequest, trust: object, identity: object[], allowed: boolean]>([
  ["the trusted service", BY_SERVICE, { Principal: { Service: LAMBDA } }, [], true],
  ["another service", BY_SERVICE, { Principal: { Service: "sns.amazonaws.com" } }, [], false],
  ["a service of a trusted account", BY_SERVICE, { Principal: { AWS: ROOT } }, [], false],
  ["the trusted role", ASSUME, { Principal: { AWS: [ROOT, ROLE] } }, [], true],
  ["the account, which allows", ASSUME, { Principal: { AWS: ROOT } }, [MAY_ASSUME], true],
  ["the account, which is silent", ASSUME, { Principal: { AWS: ROOT } }, [], false],
  ["an identity alone", ASSUME, { Principal: { Service: LAMBDA } }, [MAY_ASSUME], false],
])("A role can be assumed by %s", (_name, request, differences, identity, allowed) => {
  const resource = policy({ Effect: "Allow", Action: "sts:AssumeRole", ...differences });
  const documents = identity.map((statement) => policy(statement));
  expect(isAllowed(request, { identity: documents, resource })).toBe(allowed);
});

test.each([
  ["ssm:GetParameter", true],
  ["SSM:getparameter", true],
  ["ssm:Get*", true],
  ["ssm:Get?arameter", true],
  ["*", true],
  ["ssm:GetParameters", false],
  ["secretsmanager:*", false],
])("The action %s: %s", (Action, allowed) => {
  expect(isReadAllowed({ Action })).toBe(allowed);
  expect(isReadAllowed({ Action: ["ssm:PutParameter", Action] })).toBe(allowed);
});

test.each([
  ["*", true],
  [`${SSM}:parameter/a/*`, true],
  [`${SSM}:parameter/?/token`, true],
  ["arn:*:ssm:*:*:*", true],
  [`${SSM}:parameter/A/token`, false],
  [`${SSM}:parameter/a/token?`, false],
  [PARAMETER.replace("north-1", "north-2"), false],
  [`${SSM}:parameter.a.token`, false],
])("The resource %s: %s", (Resource, allowed) => {
  expect(isReadAllowed({ Resource: [KEY, Resource] })).toBe(allowed);
});

test("A star inside a segment does not reach into the next one", () => {
  const logs = `arn:aws:logs:eu-north-1:${ACCOUNT}:log-group`;
  const [Action, resource] = ["logs:PutLogEvents", `${logs}:a:log-stream:b`];
  const isLogAllowed = (Resource: string) =>
    isReadAllowed({ Action, Resource }, { action: Action, resource });
  expect([`${logs}:*:b`, `${logs}:*stream:b`].map(isLogAllowed)).toEqual([true, false]);
});

describe("Conditions", () => {
  const SOURCE = `arn:aws:scheduler:eu-north-1:${ACCOUNT}:schedule-group/mine`;

  test.each<[object, context: Record<string, string>, allowed: boolean]>([
    [{ StringEquals: { "a:k": "v" } }, { "a:k": "v" }, true],
    [{ StringEquals: { "A:Key": "v" } }, { "a:kEY": "v" }, true],
    [{ StringEquals: { "a:k": "v" } }, { "a:k": "V" }, false],
    [{ StringEquals: { "a:k": "v" } }, {}, false],
    [{ StringEquals: { "a:k": "*" } }, { "a:k": "v" }, false],
    [{ StringEquals: { "a:k": ["u", "v"] } }, { "a:k": "v" }, true],
    [{ StringEquals: { "a:k": "v", "a:l": "w" } }, { "a:k": "v", "a:l": "x" }, false],
    [{ StringEquals: { "a:k": "v" }, ArnLike: { "a:l": SOURCE } }, { "a:k": "v" }, false],
    [{ ArnLike: { "a:k": `${SOURCE}?` } }, { "a:k": SOURCE }, false],
    [{ ArnLike: { "a:k": "arn:*:scheduler:*:*:schedule-group/*" } }, { "a:k": SOURCE }, true],
    [{ ArnLike: { "a:k": "arn:aws:scheduler:*::mine" } }, { "a:k": SOURCE }, false],
  ])("%j of %j: %s", (Condition, context, allowed) => {
    expect(isReadAllowed({ Condition }, { context })).toBe(allowed);
    const identity = [policy(ALLOW, { ...DENY, Condition })];
    expect(isAllowed({ ...READ, context }, { identity })).toBe(!allowed);
  });
});

describe("Anything unknown throws", () => {
  test.each<[statement: object, named: string]>([
    [{ NotAction: "ssm:*" }, "NotAction"],
    [{ NotResource: "*" }, "NotResource"],
    [{ Effect: "allow" }, '"allow"'],
    [{ Action: [] }, "Action"],
    [{ Action: "s*:GetParameter" }, '"s*:GetParameter"'],
    [{ Resource: ["*", "/a/token"] }, '"/a/token"'],
    [{ Resource: `${PARAMETER}\${aws:userid}` }, `\${aws:userid}`],
    [{ Principal: "*" }, "Principal"],
    [{ Condition: {} }, "Condition"],
    [{ Condition: { StringNotEquals: { "a:k": "v" } } }, "StringNotEquals"],
    [{ Condition: { Bool: { "a:k": "true" } } }, "Bool"],
    [{ Condition: { StringEquals: { "a:k": [] } } }, "Condition.StringEquals.a:k"],
    [{ Condition: { ArnLike: { "a:k": "arn:*" } } }, '"arn:*"'],
  ])("in a statement for another action: %j", (differences, named) => {
    const elsewhere = { Effect: "Allow", Action: "sqs:SendMessage", Resource: KEY };
    const identity = [policy(ALLOW, { ...elsewhere, ...differences })];
    expect(() => isAllowed(READ, { identity })).toThrow(named);
  });

  test.each<[AccessRequest, statement: object, named: string]>([
    [READ, { Principal: undefined }, "Principal"],
    [READ, { Principal: { Federated: "x" } }, '"Federated"'],
    [READ, { Principal: { AWS: `${ROLE}*` } }, `"${ROLE}*"`],
    [ASSUME, { Principal: "*", Resource: "*" }, '"Resource"'],
  ])("in a resource's policy: %#", (request, differences, named) => {
    const resource = policy({ ...ALLOW, ...differences });
    expect(() => isAllowed(request, { identity: [], resource })).toThrow(named);
  });

  test("in the document", () => {
    const identity = [{ ...policy(ALLOW), Version: "2008-10-17" }];
    expect(() => isAllowed(READ, { identity })).toThrow('"2008-10-17"');
  });

  test.each<[request: AccessRequest, named: string]>([
    [{ ...READ, action: "ssm:Get*" }, '"ssm:Get*"'],
    [{ ...READ, resource: "/a/token" }, 'Malformed ARN "/a/token"'],
    [{ ...READ, resource: `${PARAMETER}*` }, "wildcards"],
    [{ ...READ, resource: KEY }, KEY],
    [{ ...READ, accountId: "210987654321" }, "210987654321"],
    [{ ...READ, principalArn: ROLE.replace("aws", "aws-cn") }, "aws-cn"],
    [{ ...READ, principalArn: ROLE.replace("role", "user") }, ":user/reader"],
    [NOBODY, "principalArn or principalService"],
    [{ ...NOBODY, principalService: LAMBDA }, LAMBDA],
    [{ ...READ, context: { "a:k": "v", "A:K": "v" } }, "A:K"],
    [{ ...READ, context: { "a:arn": "v" } }, 'Malformed ARN "v"'],
    [DECRYPT, "No key policy"],
    [ASSUME, "No trust policy"],
  ])("in the request: %#", (request, named) => {
    const Condition = { ArnLike: { "a:arn": "arn:aws:ssm:::x" } };
    const identity = [policy(ALLOW, { ...ALLOW, Condition })];
    expect(() => isAllowed(request, { identity })).toThrow(named);
  });
});
