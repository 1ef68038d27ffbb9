import { describe, expect, test } from "@jest/globals";
import type { RequestedCall } from "../../../../proof/local/aws/aws-wire.ts";
import { accessOfCall, accessOfKeyUse } from "../../../../proof/local/iam/implied-access.ts";

const KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/k-1";
const ALICE = { principalArn: "arn:aws-cn:iam::123456789012:role/a", accountId: "123456789012" };
const PARAMETER = "arn:aws-cn:ssm:cn-north-1:123456789012:parameter";
const SITE = {
  ...ALICE,
  partition: "aws-cn",
  region: "cn-north-1",
  secretArn: (id: string) => `arn:of:${id}`,
};

function call(service: RequestedCall["service"], operation: string, input: object): RequestedCall {
  return { service, operation, input: { ...input } };
}

test.each<[RequestedCall, [action: string, resource: string][]]>([
  [call("ssm", "GetParameter", { Name: "a" }), [["ssm:GetParameter", `${PARAMETER}/a`]]],
  [
    call("ssm", "GetParameters", { Names: ["/a", "/b/c"] }),
    [
      ["ssm:GetParameters", `${PARAMETER}/a`],
      ["ssm:GetParameters", `${PARAMETER}/b/c`],
    ],
  ],
  [call("ssm", "PutParameter", { Name: "/a", Tags: [] }), [["ssm:PutParameter", `${PARAMETER}/a`]]],
  [
    call("ssm", "PutParameter", { Name: "/a", Tags: [{ Key: "k", Value: "v" }] }),
    [
      ["ssm:PutParameter", `${PARAMETER}/a`],
      ["ssm:AddTagsToResource", `${PARAMETER}/a`],
    ],
  ],
  [
    call("secretsmanager", "GetSecretValue", { SecretId: "s" }),
    [["secretsmanager:GetSecretValue", "arn:of:s"]],
  ],
])("A call needs the access that AWS documents: %#", (made, expected) => {
  expect(accessOfCall(made, SITE)).toEqual(
    expected.map(([action, resource]) => ({ ...ALICE, action, resource })),
  );
});

test("A use of a key needs access for the caller, with its encryption context", () => {
  const use = {
    action: "kms:Decrypt",
    keyArn: KEY,
    encryptionContext: { A: "1", B: "2" },
  } as const;
  expect(accessOfKeyUse("secretsmanager", use, SITE)).toEqual({
    ...ALICE,
    action: "kms:Decrypt",
    resource: KEY,
    context: {
      "kms:ViaService": "secretsmanager.cn-north-1.amazonaws.com",
      "kms:CallerAccount": "123456789012",
      "kms:EncryptionContext:A": "1",
      "kms:EncryptionContext:B": "2",
    },
  });
});

describe("Anything unknown throws", () => {
  test.each<[string, RequestedCall, string]>([
    ["another operation", call("ssm", "DeleteParameter", { Name: "/a" }), "ssm:DeleteParameter"],
    ["a version", call("ssm", "GetParameter", { Name: "/a:3" }), '"/a:3"'],
    ["an ARN", call("ssm", "GetParameters", { Names: ["/a", `${PARAMETER}/a`] }), "arn:aws-cn"],
  ])("%s", (_name, made, named) => {
    expect(() => accessOfCall(made, SITE)).toThrow(named);
  });
});
