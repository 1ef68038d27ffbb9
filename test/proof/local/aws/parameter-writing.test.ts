import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS } from "./with-aws.ts";
import { ARN, NAME, withParameter } from "./with-parameter.ts";

const { run, put, putAgain } = withParameter();

describe("PutParameter", () => {
  test.each(["String", "StringList", "SecureString"])("stores a %s", async (Type) => {
    expect(await put({ Type })).toMatchObject({ Version: 1, Tier: "Standard" });
    const { Parameter } = await run.ssm.getParameter({ Name: NAME, WithDecryption: true });
    expect(Parameter).toEqual({
      Name: NAME,
      ARN,
      Type,
      Value: "one",
      Version: 1,
      LastModifiedDate: new Date(START_MS),
      DataType: "text",
    });
  });

  test("an existing parameter is refused without Overwrite", async () => {
    await put();
    expect(await refusal(put())).toMatchObject({
      name: "ParameterAlreadyExists",
      message:
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    });
  });

  test("Overwrite makes the next version, with the clock's time and the type it had", async () => {
    await put({ Type: "SecureString" });
    run.clock.nowMs += 1500;
    expect(await putAgain("two")).toMatchObject({ Version: 2, Tier: "Standard" });
    const { Parameter } = await run.ssm.getParameter({ Name: NAME, WithDecryption: true });
    expect(Parameter).toMatchObject({
      Type: "SecureString",
      Value: "two",
      Version: 2,
      LastModifiedDate: new Date(START_MS + 1500),
    });
  });

  test("Overwrite also creates", async () => {
    expect(await put({ Overwrite: true })).toMatchObject({ Version: 1 });
  });

  test.each([
    ["no type", { Type: undefined }, "ValidationException", "A parameter type is required"],
    ["a type that does not exist", { Type: "Secret" }, "ValidationException", "enum value set"],
    ["an empty value", { Value: "" }, "ValidationException", "greater than or equal to 1"],
    ["a reference in the value", { Value: "{{x}}" }, "ValidationException", "can't nest"],
    ["a name that cannot be", { Name: "/a b" }, "ValidationException", "sub-paths divided"],
    ["a name of 2049 characters", { Name: "n".repeat(2049) }, "ValidationException", "2048"],
    ["a key for a String", { KeyId: "alias/aws/ssm" }, "ValidationException", "KeyId is required"],
    ["too large a value", { Value: "x".repeat(4097) }, "ValidationException", "4096 characters"],
    ["a reserved tag", { Tags: [{ Key: "aws:x", Value: "" }] }, "ValidationException", "aws:"],
    ["a policy", { Policies: "[{}]" }, "ValidationException", "stand-in plays no Policies"],
    ["a pattern", { AllowedPattern: "^x" }, "ValidationException", "stand-in plays no"],
    ["another data type", { DataType: "aws:ec2:image" }, "ValidationException", "stand-in plays"],
  ])("%s is refused and leaves nothing behind", async (_, change, name, message) => {
    expect(await refusal(put(change))).toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
    expect((await refusal(run.ssm.getParameter({ Name: NAME }))).name).toBe("ParameterNotFound");
  });

  test("blanks around a name are removed", async () => {
    await put({ Name: ` ${NAME} ` });
    expect((await run.ssm.getParameter({ Name: NAME })).Parameter?.Name).toBe(NAME);
  });

  test("a type cannot be changed", async () => {
    await put();
    expect((await refusal(putAgain("two", { Type: "SecureString" }))).name).toBe(
      "HierarchyTypeMismatchException",
    );
  });

  test("Intelligent-Tiering upgrades a large value, and there is no way back", async () => {
    await put({ Tier: "Intelligent-Tiering" });
    const large = { Tier: "Intelligent-Tiering" };
    expect(await putAgain("x".repeat(4097), large)).toMatchObject({ Version: 2, Tier: "Advanced" });
    expect(await putAgain("small", large)).toMatchObject({ Version: 3, Tier: "Advanced" });
    expect((await refusal(putAgain("small", { Tier: "Standard" }))).message).toContain(
      "You can't downgrade a parameter",
    );
  });
});

describe("DeleteParameter", () => {
  test("forgets the parameter, its versions and tags", async () => {
    await put({ Tags: [{ Key: "a", Value: "b" }] });
    await putAgain("two");
    await run.ssm.deleteParameter({ Name: NAME });
    expect((await refusal(run.ssm.getParameter({ Name: NAME }))).name).toBe("ParameterNotFound");
    expect(await put()).toMatchObject({ Version: 1 });
    const resource = { ResourceType: "Parameter", ResourceId: NAME } as const;
    expect((await run.ssm.listTagsForResource(resource)).TagList).toEqual([]);
  });

  test("a missing parameter is refused", async () => {
    expect((await refusal(run.ssm.deleteParameter({ Name: NAME }))).name).toBe("ParameterNotFound");
  });
});
