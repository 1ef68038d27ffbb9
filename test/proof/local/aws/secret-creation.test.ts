import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS } from "./with-aws.ts";
import { NAME, token, withSecret } from "./with-secret.ts";

const { run, create, get, describeIt } = withSecret();

describe("CreateSecret", () => {
  test("without a value it makes a secret that has no version", async () => {
    const { ARN, Name, VersionId } = await create();
    expect({ Name, VersionId }).toEqual({ Name: NAME, VersionId: undefined });
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero\/T12345678\/api-client-[A-Za-z0-9]{6}$/,
    );
    const { $metadata: _, ...description } = await describeIt();
    expect(description).toEqual({
      ARN,
      Name: NAME,
      CreatedDate: new Date(START_MS),
      LastChangedDate: new Date(START_MS),
    });
  });

  test("with a value it makes the current version", async () => {
    const { VersionId } = await create({ SecretString: "one", ClientRequestToken: token(1) });
    expect(VersionId).toBe(token(1));
    expect(await get()).toMatchObject({ SecretString: "one", VersionStages: ["AWSCURRENT"] });
  });

  test("keeps description, key and tags", async () => {
    const given = {
      Description: "for Dintero",
      KmsKeyId: run.aws.keyArn,
      Tags: [{ Key: "account", Value: "T12345678" }],
    };
    await create(given);
    expect(await describeIt()).toMatchObject(given);
  });

  test("every secret gets a suffix of its own", async () => {
    const first = await create();
    await run.secrets.deleteSecret({ SecretId: NAME, ForceDeleteWithoutRecovery: true });
    expect((await create()).ARN).not.toBe(first.ARN);
  });

  test("an existing name is refused", async () => {
    await create({ SecretString: "one" });
    expect(await refusal(create({ SecretString: "one" }))).toMatchObject({
      name: "ResourceExistsException",
      message: `The operation failed because the secret ${NAME} already exists.`,
    });
  });

  test("the same request again succeeds and changes nothing", async () => {
    const request = { SecretString: "one", ClientRequestToken: token(1) };
    const first = await create(request);
    expect(await create(request)).toMatchObject({ ARN: first.ARN, VersionId: token(1) });
    const other = { ...request, SecretString: "two" };
    expect((await refusal(create(other))).name).toBe("ResourceExistsException");
  });

  test.each([
    ["a blank in the name", { Name: "a b" }, "ValidationException", "Invalid name."],
    ["a colon in the name", { Name: "a:b" }, "ValidationException", "Invalid name."],
    ["an empty name", { Name: "" }, "ValidationException", "greater than or equal to 1"],
    ["a name of 513 characters", { Name: "n".repeat(513) }, "ValidationException", "512"],
    ["a short token", { ClientRequestToken: "short" }, "ValidationException", "32"],
    ["an empty value", { SecretString: "" }, "ValidationException", "greater than or equal to 1"],
    [
      "a value of 65,537 bytes",
      { SecretString: "x".repeat(65_537) },
      "ValidationException",
      "65536",
    ],
    [
      "a value of 65,537 bytes in fewer characters",
      { SecretString: `x${"ø".repeat(32_768)}` },
      "ValidationException",
      "65536",
    ],
    [
      "65,537 binary bytes",
      { SecretBinary: new Uint8Array(65_537) },
      "ValidationException",
      "65536",
    ],
    [
      "text and bytes at once",
      { SecretString: "x", SecretBinary: new Uint8Array(1) },
      "InvalidParameterException",
      "both a binary secret value and a string",
    ],
    ["a reserved tag", { Tags: [{ Key: "aws:x", Value: "" }] }, "ValidationException", "tags"],
  ])("%s is refused", async (_, change, name, message) => {
    expect(await refusal(create(change))).toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  test("a name of 512 characters and a value of 65,536 bytes are accepted", async () => {
    const Name = "n".repeat(512);
    await create({ Name, SecretString: "x".repeat(65_536) });
    expect((await get({ SecretId: Name })).SecretString).toHaveLength(65_536);
  });
});
