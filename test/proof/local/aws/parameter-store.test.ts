/** What the tests of the token store rely on: versions, types, tiers and uses of keys. */
import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS, withAws } from "./with-aws.ts";

const run = withAws();
const NAME = "/dintero/T12345678/access-token";
const ARN = `arn:aws:ssm:eu-north-1:123456789012:parameter${NAME}`;

function put(change: Record<string, unknown> = {}) {
  return run.ssm.putParameter({ Name: NAME, Type: "SecureString", Value: "one", ...change });
}

const putAgain = (change: Record<string, unknown> = {}) => put({ Overwrite: true, ...change });

async function read() {
  return (await run.ssm.getParameter({ Name: NAME, WithDecryption: true })).Parameter;
}

const lastUses = () => run.aws.calls.at(-1)?.kms;

describe("A version", () => {
  test("has the next number and the clock's time, and a reader gets it", async () => {
    expect(await put()).toMatchObject({ Version: 1, Tier: "Standard" });
    run.clock.nowMs += 1500;
    expect(await putAgain({ Value: "two", Type: undefined })).toMatchObject({ Version: 2 });
    expect(await read()).toEqual({
      Name: NAME,
      ARN,
      Type: "SecureString",
      Value: "two",
      Version: 2,
      LastModifiedDate: new Date(START_MS + 1500),
      DataType: "text",
    });
  });

  test("replaces another one only with Overwrite, and only with the same type", async () => {
    await put();
    expect((await refusal(put())).name).toBe("ParameterAlreadyExists");
    expect((await refusal(putAgain({ Type: "String" }))).name).toBe(
      "HierarchyTypeMismatchException",
    );
    expect((await read())?.Version).toBe(1);
  });
});

test.each([
  ["tags together with Overwrite", { Overwrite: true, Tags: [] }],
  ["a key for a String", { Type: "String", KeyId: "alias/aws/ssm" }],
  ["no type", { Type: undefined }],
  ["a member that the stand-in does not play", { AllowedPattern: "^x" }],
])("%s is refused and creates nothing", async (_, change) => {
  expect((await refusal(put(change))).name).toBe("ValidationException");
  expect((await refusal(read())).name).toBe("ParameterNotFound");
});

describe("GetParameters", () => {
  test("returns the existing parameters in any order, and the names of the missing ones", async () => {
    await put({ Name: "/a" });
    await put({ Name: "/b" });
    const result = await run.ssm.getParameters({ Names: ["/a", "/none", "/b"] });
    expect(result.Parameters?.map(({ Name }) => Name)).toEqual(["/b", "/a"]);
    expect(result.InvalidParameters).toEqual(["/none"]);
  });

  test.each([
    ["no name", []],
    ["11 names", Array.from({ length: 11 }, (_, index) => `/${index}`)],
    ["a name twice", ["/a", "/a"]],
  ])("refuses %s", async (_, Names) => {
    expect((await refusal(run.ssm.getParameters({ Names }))).name).toBe("ValidationException");
  });
});

describe("A key", () => {
  const encryptionContext = { PARAMETER_ARN: ARN };

  test("decrypts only on request, and the ciphertext never contains the value", async () => {
    const { keyArn } = run.aws;
    await put({ KeyId: keyArn });
    const encrypted = await run.ssm.getParameters({ Names: [NAME] });
    expect(lastUses()).toEqual([]);
    expect(encrypted.Parameters?.[0]?.Value).not.toContain("one");
    await run.ssm.getParameters({ Names: [NAME], WithDecryption: true });
    expect(lastUses()).toEqual([{ action: "kms:Decrypt", keyArn, encryptionContext }]);
  });

  test("is the AWS-managed one if none is named, whichever the last version used", async () => {
    await put({ KeyId: run.aws.keyArn });
    await putAgain();
    expect(lastUses()).toEqual([expect.objectContaining({ encryptionContext })]);
    expect(lastUses()?.[0]?.keyArn).not.toBe(run.aws.keyArn);
  });

  test("that is disabled can neither write nor read, until it is enabled", async () => {
    const keyArn = run.aws.createKey();
    await put({ KeyId: keyArn });
    run.aws.setKeyState(keyArn, "Disabled");
    expect((await refusal(putAgain({ KeyId: keyArn }))).name).toBe("InvalidKeyId");
    expect(lastUses()).toMatchObject([{ action: "kms:Encrypt", keyArn }]);
    expect((await refusal(read())).name).toBe("InvalidKeyId");
    run.aws.setKeyState(keyArn, "Enabled");
    expect(await read()).toMatchObject({ Value: "one", Version: 1 });
  });
});
