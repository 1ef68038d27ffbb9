import { describe, expect, test } from "@jest/globals";
import {
  type AccessRequest,
  isAllowed,
  type PolicyDocument,
} from "../../../../proof/local/iam/policy-evaluator.ts";
import {
  ACCOUNT,
  ALLOW_READ,
  ASSUME,
  DECRYPT,
  DENY_READ,
  KEY,
  LAMBDA,
  OTHER_ROLE,
  PARAMETER,
  policy,
  READ,
  ROLE,
  ROOT,
} from "./policy-fixtures.ts";

const ALLOW_DECRYPT = { Effect: "Allow", Action: "kms:Decrypt", Resource: KEY };
const { principalArn: _, ...NOBODY } = READ;

describe("identity and resource policies of an ordinary resource", () => {
  const all = { Principal: "*" };

  test.each<[string, object[], object[], boolean]>([
    ["nothing", [], [], false],
    ["an identity Allow", [ALLOW_READ], [], true],
    ["a resource Allow", [], [{ ...ALLOW_READ, ...all }], true],
    ["an Allow for something else", [{ ...ALLOW_READ, Action: "ssm:PutParameter" }], [], false],
    ["an identity Deny beside the Allow", [ALLOW_READ, DENY_READ], [], false],
    ["a Deny before the Allow", [DENY_READ, ALLOW_READ], [], false],
    ["a resource Deny", [ALLOW_READ], [{ ...DENY_READ, ...all }], false],
    ["an identity Deny of a resource Allow", [DENY_READ], [{ ...ALLOW_READ, ...all }], false],
    ["a Deny alone", [DENY_READ], [], false],
    ["a Deny of something else", [ALLOW_READ, { ...DENY_READ, Resource: KEY }], [], true],
    ["a resource Allow to the account", [], [{ ...ALLOW_READ, Principal: { AWS: ROOT } }], false],
    [
      "a resource Deny to the account",
      [ALLOW_READ],
      [{ ...DENY_READ, Principal: { AWS: ROOT } }],
      false,
    ],
    [
      "a resource Deny to another role",
      [ALLOW_READ],
      [{ ...DENY_READ, Principal: { AWS: OTHER_ROLE } }],
      true,
    ],
  ])("%s", (_name, identity, resource, allowed) => {
    const policies = {
      identity: identity.map((statement) => policy(statement)),
      ...(resource.length > 0 && { resource: policy(...resource) }),
    };
    expect(isAllowed(READ, policies)).toBe(allowed);
  });

  test("a policy's only statement may stand without a list", () => {
    const document: PolicyDocument = { Version: "2012-10-17", Statement: ALLOW_READ };
    expect(isAllowed(READ, { identity: [document] })).toBe(true);
  });
});

describe("a KMS key's policy decides", () => {
  test.each<[string, object, object[], boolean]>([
    ["delegated, identity allows", { Principal: { AWS: ROOT } }, [ALLOW_DECRYPT], true],
    ["delegated by account number", { Principal: { AWS: ACCOUNT } }, [ALLOW_DECRYPT], true],
    ["delegated, identity silent", { Principal: { AWS: ROOT } }, [], false],
    ["granted to the role itself", { Principal: { AWS: ROLE } }, [], true],
    ["granted to everybody", { Principal: { AWS: "*" } }, [], true],
    ["granted to another role", { Principal: { AWS: OTHER_ROLE } }, [ALLOW_DECRYPT], false],
    ["granted to a service", { Principal: { Service: LAMBDA } }, [ALLOW_DECRYPT], false],
    [
      "delegated to another account",
      { Principal: { AWS: "arn:aws:iam::210987654321:root" } },
      [ALLOW_DECRYPT],
      false,
    ],
    [
      "delegated in another partition",
      { Principal: { AWS: `arn:aws-cn:iam::${ACCOUNT}:root` } },
      [ALLOW_DECRYPT],
      false,
    ],
    [
      "delegated for another action",
      { Principal: { AWS: ROOT }, Action: "kms:Encrypt" },
      [ALLOW_DECRYPT],
      false,
    ],
    [
      "delegated on a condition that fails",
      { Principal: { AWS: ROOT }, Condition: { Bool: { "aws:SecureTransport": "true" } } },
      [ALLOW_DECRYPT],
      false,
    ],
    ["denied to the role", { Principal: { AWS: ROLE }, Effect: "Deny" }, [ALLOW_DECRYPT], false],
  ])("%s", (_name, differences, identity, allowed) => {
    const key = { Effect: "Allow", Action: "kms:*", Resource: "*", ...differences };
    const documents = identity.map((statement) => policy(statement));
    expect(isAllowed(DECRYPT, { identity: documents, resource: policy(key) })).toBe(allowed);
  });

  test("a use of a key without its policy is refused", () => {
    expect(() => isAllowed(DECRYPT, { identity: [policy(ALLOW_DECRYPT)] })).toThrow(
      "No key policy was handed in",
    );
  });
});

describe("a role's trust policy decides who may assume it", () => {
  const { principalArn: _, ...byService } = { ...ASSUME, principalService: LAMBDA };
  const mayAssume = { Effect: "Allow", Action: "sts:AssumeRole", Resource: OTHER_ROLE };

  test.each<[string, AccessRequest, object, object[], boolean]>([
    ["the trusted service", byService, { Principal: { Service: LAMBDA } }, [], true],
    [
      "another service",
      byService,
      { Principal: { Service: ["sns.amazonaws.com", "sqs.amazonaws.com"] } },
      [],
      false,
    ],
    ["a service where the account is trusted", byService, { Principal: { AWS: ROOT } }, [], false],
    ["anyone", byService, { Principal: "*" }, [], true],
    ["the trusted role", ASSUME, { Principal: { AWS: [ROOT, ROLE] } }, [], true],
    ["the account, identity allows", ASSUME, { Principal: { AWS: ROOT } }, [mayAssume], true],
    ["the account, identity silent", ASSUME, { Principal: { AWS: ROOT } }, [], false],
    ["identity alone", ASSUME, { Principal: { Service: LAMBDA } }, [mayAssume], false],
  ])("%s", (_name, request, differences, identity, allowed) => {
    const trust = policy({ Effect: "Allow", Action: "sts:AssumeRole", ...differences });
    const documents = identity.map((statement) => policy(statement));
    expect(isAllowed(request, { identity: documents, resource: trust })).toBe(allowed);
  });

  test("a Deny to the account denies its roles and no service", () => {
    const assume = { Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" };
    const deny = { ...assume, Effect: "Deny", Principal: { AWS: ROOT } };
    const policies = { identity: [], resource: policy(assume, deny) };
    expect(isAllowed(byService, policies)).toBe(true);
    expect(isAllowed(ASSUME, policies)).toBe(false);
  });

  test("assuming a role without its trust policy is refused", () => {
    expect(() => isAllowed(ASSUME, { identity: [policy(mayAssume)] })).toThrow(
      "No trust policy was handed in",
    );
  });
});

describe("a request that it does not understand throws", () => {
  test.each<[string, AccessRequest, string]>([
    ["a malformed action", { ...READ, action: "GetParameter" }, '"GetParameter"'],
    ["a pattern of actions", { ...READ, action: "ssm:Get*" }, '"ssm:Get*"'],
    ["a malformed ARN", { ...READ, resource: "/a/token" }, 'Malformed ARN "/a/token"'],
    ["a pattern of resources", { ...READ, resource: `${PARAMETER}*` }, "wildcards"],
    ["another service's resource", { ...READ, resource: KEY }, KEY],
    ["an alias", { ...DECRYPT, resource: KEY.replace("key/", "alias/") }, "alias/k-1"],
    ["another account's resource", { ...READ, accountId: "210987654321" }, "210987654321"],
    [
      "another partition's role",
      { ...READ, principalArn: ROLE.replace("aws", "aws-cn") },
      "aws-cn",
    ],
    ["another account's role", { ...READ, principalArn: "arn:aws:iam::1:role/x" }, "aws, 1"],
    ["a user", { ...READ, principalArn: ROLE.replace("role", "user") }, ":user/reader"],
    ["a role of no account", { ...READ, principalArn: "arn:aws:iam:::role/x" }, "iam:::role/x"],
    ["no principal", NOBODY, "principalArn or principalService"],
    ["two principals", { ...READ, principalService: LAMBDA }, "principalArn or principalService"],
    ["a malformed service", { ...NOBODY, principalService: "lambda" }, '"lambda"'],
    ["a service with identity policies", { ...NOBODY, principalService: LAMBDA }, LAMBDA],
    ["a key twice", { ...READ, context: { "a:k": "v", "A:K": "v" } }, "A:K"],
  ])("%s in the request", (_name, request, named) => {
    const policies = {
      identity: [policy(ALLOW_READ)],
      resource: policy({ ...ALLOW_READ, Principal: "*" }),
    };
    expect(() => isAllowed(request, policies)).toThrow(named);
  });
});
