import {
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { describe, expect, test } from "@jest/globals";
import { type AwsCall, AwsStandIn } from "../../../../proof/local/aws/aws-stand-in.ts";
import { impliedAccess } from "../../../../proof/local/iam/implied-access.ts";

const KEY = "arn:aws-cn:kms:cn-north-1:123456789012:key/k-1";
const ALICE = { principalArn: "arn:aws-cn:iam::123456789012:role/a", accountId: "123456789012" };
const PARAMETER = "arn:aws-cn:ssm:cn-north-1:123456789012:parameter";
const PLACE = {
  ...ALICE,
  partition: "aws-cn",
  region: "cn-north-1",
  secretArn: (id: string) => `arn:of:${id}`,
};

function call(service: AwsCall["service"], operation: string, input: object): AwsCall {
  return { service, operation, input: { ...input }, kms: [] };
}

describe("the operation", () => {
  test.each<[string, AwsCall, [action: string, resource: string][]]>([
    [
      "GetParameter",
      call("ssm", "GetParameter", { Name: "/a/b" }),
      [["ssm:GetParameter", `${PARAMETER}/a/b`]],
    ],
    [
      "GetParameter of a name without a path",
      call("ssm", "GetParameter", { Name: "a" }),
      [["ssm:GetParameter", `${PARAMETER}/a`]],
    ],
    [
      "GetParameters, each of them",
      call("ssm", "GetParameters", { Names: ["/a", "/b/c"] }),
      [
        ["ssm:GetParameters", `${PARAMETER}/a`],
        ["ssm:GetParameters", `${PARAMETER}/b/c`],
      ],
    ],
    [
      "PutParameter",
      call("ssm", "PutParameter", { Name: "/a", Value: "v", Overwrite: true }),
      [["ssm:PutParameter", `${PARAMETER}/a`]],
    ],
    [
      "PutParameter with an empty list of tags",
      call("ssm", "PutParameter", { Name: "/a", Tags: [] }),
      [["ssm:PutParameter", `${PARAMETER}/a`]],
    ],
    [
      "PutParameter with tags",
      call("ssm", "PutParameter", { Name: "/a", Tags: [{ Key: "k", Value: "v" }] }),
      [
        ["ssm:PutParameter", `${PARAMETER}/a`],
        ["ssm:AddTagsToResource", `${PARAMETER}/a`],
      ],
    ],
    [
      "DescribeSecret",
      call("secretsmanager", "DescribeSecret", { SecretId: "s" }),
      [["secretsmanager:DescribeSecret", "arn:of:s"]],
    ],
    [
      "GetSecretValue",
      call("secretsmanager", "GetSecretValue", { SecretId: "s" }),
      [["secretsmanager:GetSecretValue", "arn:of:s"]],
    ],
  ])("%s", (_name, recorded, expected) => {
    expect(impliedAccess(recorded, PLACE)).toEqual(
      expected.map(([action, resource]) => ({ ...ALICE, action, resource })),
    );
  });
});

describe("the uses of keys", () => {
  test.each<[AwsCall["service"], string, object]>([
    ["ssm", "GetParameter", { Name: "/a" }],
    ["secretsmanager", "GetSecretValue", { SecretId: "s" }],
  ])("%s asks for the caller, each with its encryption context", (service, operation, input) => {
    const kms: AwsCall["kms"] = [
      { action: "kms:Decrypt", keyArn: KEY, encryptionContext: { A: "1", B: "2" } },
      { action: "kms:Encrypt", keyArn: KEY, encryptionContext: {} },
    ];
    const context = {
      "kms:ViaService": `${service}.cn-north-1.amazonaws.com`,
      "kms:CallerAccount": "123456789012",
    };
    expect(impliedAccess({ ...call(service, operation, input), kms }, PLACE).slice(1)).toEqual([
      {
        ...ALICE,
        action: "kms:Decrypt",
        resource: KEY,
        context: { ...context, "kms:EncryptionContext:A": "1", "kms:EncryptionContext:B": "2" },
      },
      { ...ALICE, action: "kms:Encrypt", resource: KEY, context },
    ]);
  });
});

describe("what it does not know throws", () => {
  test.each<[string, AwsCall, string]>([
    ["another operation", call("ssm", "DeleteParameter", { Name: "/a" }), "ssm:DeleteParameter"],
    ["another service's", call("ssm", "GetSecretValue", { SecretId: "s" }), "ssm:GetSecretValue"],
    ["a version", call("ssm", "GetParameter", { Name: "/a:3" }), '"/a:3"'],
    ["an ARN", call("ssm", "GetParameters", { Names: ["/a", `${PARAMETER}/a`] }), "arn:aws-cn"],
    ["no name", call("ssm", "PutParameter", {}), "Name"],
    ["no secret", call("secretsmanager", "DescribeSecret", {}), "SecretId"],
  ])("%s", (_name, recorded, named) => {
    expect(() => impliedAccess(recorded, PLACE)).toThrow(named);
  });
});

test("what the stand-in records of real clients is understood", async () => {
  const standIn = await AwsStandIn.start({ now: () => Date.now() });
  const { url, region, credentials, accountId, keyArn } = standIn;
  const client = new SSMClient({ endpoint: url, region, credentials });
  try {
    const Tags = [{ Key: "k", Value: "v" }];
    await client.send(
      new PutParameterCommand({
        Name: "/a",
        Value: "v",
        Type: "SecureString",
        KeyId: keyArn,
        Tier: "Intelligent-Tiering",
        Tags,
      }),
    );
    await client.send(new GetParameterCommand({ Name: "/a", WithDecryption: true }));
    await client.send(new GetParametersCommand({ Names: ["/a"], WithDecryption: false }));
    const principalArn = `arn:aws:iam::${accountId}:role/a`;
    const place = { ...PLACE, partition: "aws", region, accountId, principalArn };
    const parameter = `arn:aws:ssm:${region}:${accountId}:parameter/a`;
    expect(
      standIn.calls
        .flatMap((recorded) => impliedAccess(recorded, place))
        .map(({ action, resource, context }) => [
          action,
          resource,
          context?.["kms:EncryptionContext:PARAMETER_ARN"],
        ]),
    ).toEqual([
      ["ssm:PutParameter", parameter, undefined],
      ["ssm:AddTagsToResource", parameter, undefined],
      ["kms:Encrypt", keyArn, parameter],
      ["ssm:GetParameter", parameter, undefined],
      ["kms:Decrypt", keyArn, parameter],
      ["ssm:GetParameters", parameter, undefined],
    ]);
  } finally {
    client.destroy();
    await standIn.close();
  }
});
