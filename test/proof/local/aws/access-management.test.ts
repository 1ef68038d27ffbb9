/** What a role is refused for want of a permission, before anything is done. */
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { SSM } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Role } from "../../../../proof/local/aws/access-management.ts";
import type { Statement } from "../../../../proof/local/iam/policy-evaluator.ts";
import { clientConfig, refusal, withAws } from "./with-aws.ts";

const run = withAws();
const TOKEN = "arn:aws:ssm:eu-north-1:123456789012:parameter/token";
const ROLE = "arn:aws:sts::123456789012:assumed-role/tokens-role/tokens-check";

let role: Role;
let ssm: SSM;
let secrets: SecretsManager;
beforeAll(() => {
  role = run.aws.iam.createRole();
  const config = { ...clientConfig(run.aws), credentials: role.credentials, maxAttempts: 1 };
  ssm = new SSM(config);
  secrets = new SecretsManager(config);
});
afterAll(() => {
  ssm.destroy();
  secrets.destroy();
});
beforeEach(() => {
  delete role.policies;
});

function allow(...statements: Omit<Statement, "Effect">[]): void {
  role.policies = {
    identity: statements.map((statement) => policy(statement)),
    key: policy({
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
      ...{ Action: "kms:*", Resource: "*" },
    }),
  };
}

function policy(statement: Omit<Statement, "Effect">) {
  return { Version: "2012-10-17", Statement: { Effect: "Allow", ...statement } };
}

function denied(action: string, resource: string) {
  return {
    name: "AccessDeniedException",
    message: expect.stringMatching(
      `^User: ${ROLE} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    ),
    $metadata: { httpStatusCode: 400 },
  };
}

const putToken = (differences = {}) =>
  ssm.putParameter({ Name: "/token", Type: "String", Value: "1", ...differences });
const exists = async (Name: string) =>
  (await run.ssm.getParameters({ Names: [Name] })).Parameters?.length === 1;

describe("Parameter Store", () => {
  const Action = ["ssm:PutParameter", "ssm:GetParameters"];

  test("refuses a role without policies, and does what a statement allows", async () => {
    expect(await refusal(putToken())).toMatchObject(denied("ssm:PutParameter", TOKEN));
    expect(await exists("/token")).toBe(false);
    allow({ Action, Resource: TOKEN });
    expect(await putToken()).toMatchObject({ Version: 1 });
  });

  test("refuses a whole read for one name that is not allowed, whether it exists or not", async () => {
    allow({ Action, Resource: TOKEN });
    await putToken();
    expect(await refusal(ssm.getParameters({ Names: ["/token", "/other"] }))).toMatchObject(
      denied("ssm:GetParameters", TOKEN.replace("token", "other")),
    );
  });

  test("asks for another permission when there are tags", async () => {
    allow({ Action, Resource: TOKEN });
    const Tags = [{ Key: "k", Value: "v" }];
    expect(await refusal(putToken({ Tags }))).toMatchObject(denied("ssm:AddTagsToResource", TOKEN));
    expect(await exists("/token")).toBe(false);
  });

  test("needs the key for the caller, in the parameter's own encryption context", async () => {
    const encrypted = { Type: "SecureString", KeyId: run.aws.keyArn } as const;
    const encrypt = (parameterArn: string) => ({
      Action: "kms:Encrypt",
      Resource: run.aws.keyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": "ssm.eu-north-1.amazonaws.com",
          "kms:EncryptionContext:PARAMETER_ARN": parameterArn,
        },
      },
    });
    allow({ Action, Resource: TOKEN }, encrypt(`${TOKEN}-other`));
    const error = await refusal(putToken(encrypted));
    expect(error).toMatchObject(denied("kms:Encrypt", run.aws.keyArn));
    expect(error.message).toContain("(Service: AWSKMS; Error Code: AccessDeniedException;");
    expect(await exists("/token")).toBe(false);
    allow({ Action, Resource: TOKEN }, encrypt(TOKEN));
    expect(await putToken(encrypted)).toMatchObject({ Version: 1 });
  });
});

describe("Secrets Manager", () => {
  const Action = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"];
  const read = () => secrets.getSecretValue({ SecretId: "s" });

  async function createSecret(): Promise<string> {
    const secret = { Name: "s", SecretString: "x", KmsKeyId: run.aws.keyArn };
    return (await run.secrets.createSecret(secret)).ARN ?? "";
  }

  test("refuses access to a secret that is missing or was created again, before it looks for it", async () => {
    const first = await createSecret();
    allow({ Action, Resource: first });
    expect(await secrets.describeSecret({ SecretId: "s" })).toMatchObject({ ARN: first });

    await run.secrets.deleteSecret({ SecretId: "s", ForceDeleteWithoutRecovery: true });
    const absent = first.replace(/[^-]+$/, "Absent");
    for (const call of [read(), secrets.describeSecret({ SecretId: "s" })]) {
      expect(await refusal(call)).toMatchObject({ name: "AccessDeniedException" });
    }
    expect(await refusal(read())).toMatchObject(denied("secretsmanager:GetSecretValue", absent));

    const second = await createSecret();
    expect(await refusal(read())).toMatchObject(denied("secretsmanager:GetSecretValue", second));
  });

  test("says that KMS refused if the role may not use the key", async () => {
    const Resource = await createSecret();
    allow({ Action, Resource });
    expect(await refusal(read())).toMatchObject({
      name: "AccessDeniedException",
      message: "Access to KMS is not allowed",
      $metadata: { httpStatusCode: 400 },
    });
    allow({ Action, Resource }, { Action: "kms:Decrypt", Resource: run.aws.keyArn });
    expect(await read()).toMatchObject({ SecretString: "x" });
  });
});

test("A revoked statement allows nothing until it is restored", async () => {
  allow({ Sid: "Write", Action: "ssm:PutParameter", Resource: TOKEN });
  const giveBack = run.aws.iam.revoke("Write");
  expect((await refusal(putToken())).name).toBe("AccessDeniedException");
  giveBack();
  expect(await putToken()).toMatchObject({ Version: 1 });

  run.aws.iam.revoke("Write");
  run.aws.clearFaults();
  expect(await putToken({ Overwrite: true })).toMatchObject({ Version: 2 });
  expect(() => run.aws.iam.revoke("Rite")).toThrow("Rite");
});
