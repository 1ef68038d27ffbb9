import { describe, expect, test } from "@jest/globals";
import { refusal, withAws } from "./with-aws.ts";

const run = withAws();
const NAME = "dintero/T12345678/api-client";
const TOKEN = "1".repeat(32);

function create(change: Record<string, unknown> = {}) {
  return run.secrets.createSecret({ Name: NAME, ClientRequestToken: TOKEN, ...change });
}

function lastUses() {
  return run.aws.calls.at(-1)?.kms;
}

describe("KMS uses", () => {
  test("choosing a key is validated with two calls whose context says so", async () => {
    const { keyArn } = run.aws;
    const { ARN: SecretARN } = await create({ KmsKeyId: keyArn });
    const encryptionContext = { SecretARN, SecretVersionId: "RequestToValidateKeyAccess" };
    expect(lastUses()).toEqual([
      { action: "kms:GenerateDataKey", keyArn, encryptionContext },
      { action: "kms:Decrypt", keyArn, encryptionContext },
    ]);
  });

  test("a new value takes a data key, reading it decrypts that", async () => {
    const { keyArn } = run.aws;
    const { ARN: SecretARN } = await create({ KmsKeyId: keyArn });
    const value = { SecretId: NAME, SecretString: "one", ClientRequestToken: TOKEN };
    const encryptionContext = { SecretARN, SecretVersionId: TOKEN };
    await run.secrets.putSecretValue(value);
    expect(lastUses()).toEqual([{ action: "kms:GenerateDataKey", keyArn, encryptionContext }]);
    await run.secrets.getSecretValue({ SecretId: NAME });
    expect(lastUses()).toEqual([{ action: "kms:Decrypt", keyArn, encryptionContext }]);
    await run.secrets.putSecretValue(value);
    expect(lastUses()).toEqual([{ action: "kms:Decrypt", keyArn, encryptionContext }]);
  });

  test("without a key the AWS-managed one is used, without validation", async () => {
    const { ARN: SecretARN } = await create({ SecretString: "one" });
    expect(lastUses()).toEqual([
      {
        action: "kms:GenerateDataKey",
        keyArn: expect.stringMatching(/^arn:aws:kms:eu-north-1:123456789012:key\//),
        encryptionContext: { SecretARN, SecretVersionId: TOKEN },
      },
    ]);
    expect(lastUses()?.[0]?.keyArn).not.toBe(run.aws.keyArn);
  });

  test("a description uses no key", async () => {
    await create({ SecretString: "one" });
    await run.secrets.describeSecret({ SecretId: NAME });
    expect(lastUses()).toEqual([]);
  });
});

describe("keys that cannot be used", () => {
  test("an unknown key is refused and no secret is made", async () => {
    expect((await refusal(create({ KmsKeyId: "alias/none" }))).name).toBe("EncryptionFailure");
    expect((await refusal(run.secrets.describeSecret({ SecretId: NAME }))).name).toBe(
      "ResourceNotFoundException",
    );
  });

  test.each(["Disabled", "PendingDeletion"] as const)(
    "a key in state %s can neither write nor read",
    async (state) => {
      const { aws, secrets } = run;
      const keyArn = aws.createKey();
      await create({ KmsKeyId: keyArn, SecretString: "one" });
      aws.setKeyState(keyArn, state);
      expect(
        (await refusal(secrets.putSecretValue({ SecretId: NAME, SecretString: "two" }))).name,
      ).toBe("EncryptionFailure");
      expect((await refusal(secrets.getSecretValue({ SecretId: NAME }))).name).toBe(
        "DecryptionFailure",
      );
      expect(lastUses()).toMatchObject([{ action: "kms:Decrypt", keyArn }]);
      aws.setKeyState(keyArn, "Enabled");
      expect((await secrets.getSecretValue({ SecretId: NAME })).SecretString).toBe("one");
    },
  );
});
