import { describe, expect, test } from "@jest/globals";
import { type AccessRequest, isAllowed } from "../../../../proof/local/iam/policy-evaluator.ts";
import { ALLOW_READ, ASSUME, KEY, PARAMETER, policy, READ, ROLE } from "./policy-fixtures.ts";

describe("what it does not know throws, in a statement about something else too", () => {
  test.each<[string, object, string]>([
    ["NotAction", { NotAction: "ssm:*" }, "NotAction"],
    ["NotResource", { NotResource: "*" }, "NotResource"],
    ["NotPrincipal", { NotPrincipal: "*" }, "NotPrincipal"],
    ["a member in another case", { condition: {} }, '"condition"'],
    ["another effect", { Effect: "allow" }, '"allow"'],
    ["no action", { Action: undefined }, "Action"],
    ["an empty list of actions", { Action: [] }, "Action"],
    ["an action without a service", { Action: "GetParameter" }, '"GetParameter"'],
    ["a service with a wildcard", { Action: "s*:GetParameter" }, '"s*:GetParameter"'],
    ["no resource", { Resource: undefined }, "Resource"],
    ["an incomplete ARN", { Resource: "arn:aws:ssm:*:*" }, '"arn:aws:ssm:*:*"'],
    ["an ARN of any service", { Resource: "arn:aws:*:::x" }, '"arn:aws:*:::x"'],
    ["something that is no ARN", { Resource: ["*", "/a/token"] }, '"/a/token"'],
    ["a principal in an identity policy", { Principal: "*" }, "Principal"],
    ["another operator", { Condition: { StringNotEquals: { "a:k": "v" } } }, "StringNotEquals"],
    ["IfExists", { Condition: { BoolIfExists: { "a:k": "true" } } }, "BoolIfExists"],
    ["an operator in another case", { Condition: { bool: { "a:k": "true" } } }, "operator bool"],
    ["an operator of every object", { Condition: { toString: { "a:k": "v" } } }, "toString"],
    ["a key without a prefix", { Condition: { Bool: { SourceArn: "true" } } }, '"SourceArn"'],
    ["no operator", { Condition: {} }, "Condition"],
    ["no key", { Condition: { StringEquals: {} } }, "Condition.StringEquals"],
    ["no value", { Condition: { StringEquals: { "a:k": [] } } }, "Condition.StringEquals.a:k"],
    ["a value that is no text", { Condition: { Bool: { "a:k": true } } }, "received true"],
    ["another Bool", { Condition: { Bool: { "a:k": "yes" } } }, '"yes"'],
    ["another Null", { Condition: { Null: { "a:k": ["true", "no"] } } }, '"no"'],
    ["a malformed ARN in a condition", { Condition: { ArnLike: { "a:k": "arn:*" } } }, '"arn:*"'],
    ["a variable in a resource", { Resource: `${PARAMETER}\${aws:userid}` }, `\${aws:userid}`],
    ["a variable in a condition", { Condition: { StringLike: { "a:k": `\${*}` } } }, `\${*}`],
  ])("%s", (_name, differences, named) => {
    const elsewhere = { Effect: "Allow", Action: "sqs:SendMessage", Resource: KEY };
    const document = policy(ALLOW_READ, { ...elsewhere, ...differences });
    expect(() => isAllowed(READ, { identity: [document] })).toThrow(named);
  });

  test.each<[string, AccessRequest, object, string]>([
    ["no principal", READ, { Principal: undefined }, "Principal"],
    ["an empty principal", READ, { Principal: {} }, "Principal"],
    ["a principal without a kind", READ, { Principal: ROLE }, "Principal"],
    ["another kind", READ, { Principal: { Federated: "x" } }, '"Federated"'],
    ["a pattern of roles", READ, { Principal: { AWS: `${ROLE}*` } }, `"${ROLE}*"`],
    ["a session", READ, { Principal: { AWS: "arn:aws:sts::1:x" } }, '"arn:aws:sts::1:x"'],
    ["no service principal", READ, { Principal: { Service: "lambda" } }, '"lambda"'],
    ["a resource in a trust policy", ASSUME, { Principal: "*", Resource: "*" }, '"Resource"'],
  ])("%s, in a resource's policy", (_name, request, differences, named) => {
    const resource = policy({ ...ALLOW_READ, ...differences });
    expect(() => isAllowed(request, { identity: [], resource })).toThrow(named);
  });

  test.each<[string, object, string]>([
    ["another version", { Version: "2008-10-17" }, '"2008-10-17"'],
    ["no version", { Version: undefined }, "Version"],
    ["no statement", { Statement: [] }, "Statement"],
    ["another member", { Statements: [] }, '"Statements"'],
  ])("%s of the document", (_name, differences, named) => {
    const document = { ...policy(ALLOW_READ), ...differences };
    expect(() => isAllowed(READ, { identity: [document] })).toThrow(named);
  });

  test.each<[string, string, string | string[], string]>([
    ["several values for a plain operator", "StringEquals", ["v"], "a:k has several values"],
    ["one value for a set operator", "ForAnyValue:StringEquals", "v", "a:k has one value"],
    ["a value that is no ARN", "ArnLike", "v", 'Malformed ARN "v"'],
  ])("%s", (_name, operator, requested, named) => {
    const Condition = { [operator]: { "a:k": "arn:aws:ssm:::x" } };
    const document = policy(ALLOW_READ, { ...ALLOW_READ, Action: "sqs:SendMessage", Condition });
    expect(() =>
      isAllowed({ ...READ, context: { "a:k": requested } }, { identity: [document] }),
    ).toThrow(named);
  });
});
