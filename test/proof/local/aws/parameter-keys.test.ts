import { describe, expect, test } from "@jest/globals";
import { refusal, withAws } from "./with-aws.ts";

const run = withAws();
const NAME = "/dintero/T12345678/access-token";
const encryptionContext = {
  PARAMETER_ARN: `arn:aws:ssm:eu-north-1:123456789012:parameter${NAME}`,
};

function put(change: Record<string, unknown> = {}) {
  return run.ssm.putParameter({ Name: NAME, Type: "SecureString", Value: "one", ...change });
}

function lastUses() {
  return run.aws.calls.at(-1)?.kms;
}

describe("KMS uses", () => {
  test("a standard SecureString is encrypted by KMS", async () => {
    const { keyArn } = run.aws;
    await put({ KeyId: keyArn });
    expect(lastUses()).toEqual([{ action: "kms:Encrypt", keyArn, encryptionContext }]);
  });

  test("an advanced SecureString is encrypted under a data key", async () => {
    const { keyArn } = run.aws;
    await put({ KeyId: keyArn, Tier: "Advanced" });
    expect(lastUses()).toEqual([{ action: "kms:GenerateDataKey", keyArn, encryptionContext }]);
  });

  test.each(["getParameter", "getParameters"] as const)(
    "%s decrypts a SecureString under its own key, only when asked to",
    async (operation) => {
      const keyArn = run.aws.createKey();
      await put({ KeyId: keyArn });
      const read = (WithDecryption: boolean) =>
        operation === "getParameter"
          ? run.ssm.getParameter({ Name: NAME, WithDecryption })
          : run.ssm.getParameters({ Names: [NAME], WithDecryption });
      await read(false);
      expect(lastUses()).toEqual([]);
      await read(true);
      expect(lastUses()).toEqual([{ action: "kms:Decrypt", keyArn, encryptionContext }]);
    },
  );

  test("a String uses no key", async () => {
    await put({ Type: "String" });
    await run.ssm.getParameter({ Name: NAME, WithDecryption: true });
    expect(run.aws.calls.flatMap(({ kms }) => kms)).toEqual([]);
  });

  test("without a key the AWS-managed one is used, also where the last version had another", async () => {
    await put({ KeyId: "alias/aws/ssm" });
    const [managed] = lastUses() ?? [];
    expect(managed?.keyArn).toMatch(/^arn:aws:kms:eu-north-1:123456789012:key\//);
    await put({ KeyId: run.aws.keyArn, Overwrite: true });
    expect(lastUses()).not.toEqual([managed]);
    await put({ Overwrite: true });
    expect(lastUses()).toEqual([managed]);
  });

  test("a key can be named by its id", async () => {
    const { keyArn } = run.aws;
    await put({ KeyId: keyArn.split("/")[1] });
    expect(lastUses()).toMatchObject([{ keyArn }]);
  });
});

describe("keys that cannot be used", () => {
  test.each([
    ["key/ARN", "arn:aws:kms:eu-north-1:123456789012:key/none", "Key 'arn:aws:kms:"],
    ["key id", "7a5b5ad2-0000-4000-8000-000000000000", "Key 'arn:aws:kms:eu-north-1:"],
    ["alias", "alias/none", "Alias arn:aws:kms:eu-north-1:123456789012:alias/none is not found."],
  ])("an unknown %s is refused", async (_, KeyId, message) => {
    const error = await refusal(put({ KeyId }));
    expect(error).toMatchObject({
      name: "InvalidKeyId",
      message: expect.stringContaining("Error Code: NotFoundException"),
    });
    expect(error.message).toContain(message);
    expect(lastUses()).toEqual([]);
  });

  test.each([
    ["Disabled", "is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException"],
    [
      "PendingDeletion",
      "is pending deletion. (Service: AWSKMS; Status Code: 400; Error Code: KMSInvalidStateException",
    ],
  ] as const)("a key in state %s can neither write nor read", async (state, message) => {
    const { aws, ssm } = run;
    const keyArn = aws.createKey();
    await put({ KeyId: keyArn });
    aws.setKeyState(keyArn, state);
    const expected = {
      name: "InvalidKeyId",
      message: expect.stringContaining(`${keyArn} ${message}`),
    };
    expect(await refusal(put({ KeyId: keyArn, Overwrite: true }))).toMatchObject(expected);
    expect(lastUses()).toMatchObject([{ action: "kms:Encrypt", keyArn }]);
    const decrypting = { Name: NAME, WithDecryption: true };
    expect(await refusal(ssm.getParameter(decrypting))).toMatchObject(expected);
    expect(await refusal(ssm.getParameters({ Names: [NAME], WithDecryption: true }))).toMatchObject(
      expected,
    );
    expect((await ssm.getParameter({ Name: NAME })).Parameter?.Version).toBe(1);

    aws.setKeyState(keyArn, "Enabled");
    expect((await ssm.getParameter(decrypting)).Parameter?.Value).toBe("one");
  });

  test("the state of an unknown key cannot be set", () => {
    expect(() => run.aws.setKeyState("arn:none", "Disabled")).toThrow("No key arn:none");
  });
});
