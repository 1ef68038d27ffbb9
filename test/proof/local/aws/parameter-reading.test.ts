import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS } from "./with-aws.ts";
import { ARN, NAME, withParameter } from "./with-parameter.ts";

const { run, put, putAgain } = withParameter();

describe("GetParameter", () => {
  test("a missing parameter is refused without a message, which the SDK shows as UnknownError", async () => {
    expect(await refusal(run.ssm.getParameter({ Name: NAME }))).toMatchObject({
      name: "ParameterNotFound",
      message: "UnknownError",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each(["/a b", "a/b", "/a//b", `${NAME}:1:2`])("%s is no name", async (Name) => {
    expect((await refusal(run.ssm.getParameter({ Name }))).name).toBe("ValidationException");
  });

  test.each([
    [`${NAME}:1`, { Value: "one", Version: 1, Selector: ":1" }],
    [`${NAME}:2`, { Value: "two", Version: 2, Selector: ":2" }],
    [`${NAME}:first`, { Value: "one", Version: 1, Selector: ":first" }],
    [ARN, { Value: "two", Version: 2 }],
    [`${ARN}:1`, { Value: "one", Version: 1, Selector: ":1" }],
  ])("%s names a version by number, label or ARN", async (Name, expected) => {
    await put();
    await putAgain("two");
    await run.ssm.labelParameterVersion({ Name: NAME, ParameterVersion: 1, Labels: ["first"] });
    expect((await run.ssm.getParameter({ Name })).Parameter).toMatchObject({
      Name: NAME,
      ARN,
      ...expected,
    });
  });

  test.each([":3", ":0", ":other"])("no version %s is refused", async (selector) => {
    await put();
    expect((await refusal(run.ssm.getParameter({ Name: `${NAME}${selector}` }))).name).toBe(
      "ParameterVersionNotFound",
    );
  });

  test("a parameter whose name has no slash is found by name and ARN", async () => {
    await put({ Name: "plain" });
    const arn = "arn:aws:ssm:eu-north-1:123456789012:parameter/plain";
    for (const Name of ["plain", arn]) {
      expect((await run.ssm.getParameter({ Name })).Parameter).toMatchObject({
        Name: "plain",
        ARN: arn,
      });
    }
  });
});

describe("GetParameters", () => {
  test("gives what there is, in an order of its own, and names what there is not", async () => {
    await put({ Name: "/a" });
    await put({ Name: "/b" });
    const result = await run.ssm.getParameters({ Names: ["/a", "/none", "/b", "/b:2", "/not a"] });
    expect(result.Parameters?.map(({ Name }) => Name)).toEqual(["/b", "/a"]);
    expect(result.InvalidParameters).toEqual(["/none", "/b:2", "/not a"]);
  });

  test("a SecureString without decryption gives the same ciphertext each time, and no key", async () => {
    await put({ Type: "SecureString", Value: "the plain text" });
    const read = async () => (await run.ssm.getParameters({ Names: [NAME] })).Parameters?.[0];
    const parameter = await read();
    expect(parameter).toEqual({
      Name: NAME,
      ARN,
      Type: "SecureString",
      Value: expect.stringMatching(/^AQICAH[A-Za-z0-9+/=]+$/),
      Version: 1,
      LastModifiedDate: new Date(START_MS),
      DataType: "text",
    });
    expect(await read()).toEqual(parameter);
  });

  test.each([
    ["no name", []],
    ["11 names", Array.from({ length: 11 }, (_, index) => `/${index}`)],
    ["a name twice", ["/a", "/a"]],
    ["an empty name", [""]],
  ])("%s is refused", async (_, Names) => {
    expect((await refusal(run.ssm.getParameters({ Names }))).name).toBe("ValidationException");
  });

  test("10 names are accepted", async () => {
    const Names = Array.from({ length: 10 }, (_, index) => `/${index}`);
    expect((await run.ssm.getParameters({ Names })).InvalidParameters).toEqual(Names);
  });
});
