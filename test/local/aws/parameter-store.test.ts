import { describe, expect, test } from "@jest/globals";
import { refusal, START_MS, withAws } from "./with-aws.ts";

const run = withAws();
const NAME = "/dintero/T12345678/access-token";
const ARN = `arn:aws:ssm:eu-north-1:123456789012:parameter${NAME}`;

function put(change: Record<string, unknown> = {}) {
  return run.ssm.putParameter({ Name: NAME, Type: "String", Value: "one", ...change });
}

function putAgain(value: string, change: Record<string, unknown> = {}) {
  return run.ssm.putParameter({ Name: NAME, Value: value, Overwrite: true, ...change });
}

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

describe("tags", () => {
  test("are stored with a new parameter and kept when it is overwritten", async () => {
    await put({ Tags: [{ Key: "account", Value: "T12345678" }] });
    await putAgain("two");
    expect(await tags()).toEqual([{ Key: "account", Value: "T12345678" }]);
  });

  test.each([[[{ Key: "a", Value: "b" }]], [[]]])(
    "%j together with Overwrite are refused, for a new parameter too",
    async (Tags) => {
      expect((await refusal(put({ Overwrite: true, Tags }))).message).toContain(
        "tags and overwrite can't be used together",
      );
    },
  );

  test("can be added and replaced later, up to 50", async () => {
    await put({ Tags: [{ Key: "a", Value: "old" }] });
    await add([
      { Key: "a", Value: "new" },
      { Key: "b", Value: "" },
    ]);
    expect(await tags()).toEqual([
      { Key: "a", Value: "new" },
      { Key: "b", Value: "" },
    ]);
    const more = Array.from({ length: 48 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
    await add(more);
    expect((await refusal(add([{ Key: "one-more", Value: "" }]))).name).toBe("TooManyTagsError");
    expect(await tags()).toHaveLength(50);
  });

  test("of no parameter are refused", async () => {
    expect((await refusal(tags())).name).toBe("InvalidResourceId");
    expect((await refusal(add([{ Key: "a", Value: "" }]))).name).toBe("InvalidResourceId");
  });

  async function tags() {
    const resource = { ResourceType: "Parameter", ResourceId: NAME } as const;
    return (await run.ssm.listTagsForResource(resource)).TagList;
  }

  function add(Tags: { Key: string; Value: string }[]) {
    return run.ssm.addTagsToResource({ ResourceType: "Parameter", ResourceId: NAME, Tags });
  }
});

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

describe("versions and labels", () => {
  test("100 versions are kept, and the oldest one goes with the next", async () => {
    await put();
    for (let version = 2; version <= 100; version += 1) await putAgain(`${version}`);
    const first = { Name: `${NAME}:1` };
    expect((await run.ssm.getParameter(first)).Parameter?.Version).toBe(1);
    expect(await putAgain("101")).toMatchObject({ Version: 101 });
    expect((await refusal(run.ssm.getParameter(first))).name).toBe("ParameterVersionNotFound");

    await label(["kept"], 2);
    expect(await refusal(putAgain("102"))).toMatchObject({
      name: "ParameterMaxVersionLimitExceeded",
      message: expect.stringContaining("Version 2, the oldest version, can't be deleted"),
    });
    await label(["kept"]);
    expect(await putAgain("102")).toMatchObject({ Version: 102 });
  });

  test("a label moves to the version that gets it", async () => {
    await put();
    await putAgain("two");
    await label(["live"], 1);
    expect(await label(["live"])).toMatchObject({ ParameterVersion: 2, InvalidLabels: [] });
    expect((await run.ssm.getParameter({ Name: `${NAME}:live` })).Parameter?.Version).toBe(2);
  });

  test("labels that cannot be are named and not attached", async () => {
    await put();
    expect(await label(["ok", "1st", "aws"])).toMatchObject({ InvalidLabels: ["1st", "aws"] });
    expect((await refusal(run.ssm.getParameter({ Name: `${NAME}:1st` }))).name).toBe(
      "ParameterVersionNotFound",
    );
  });

  test("a version has 10 labels at most", async () => {
    await put();
    await label(Array.from({ length: 10 }, (_, index) => `l${index}`));
    expect((await refusal(label(["one-more"]))).name).toBe("ParameterVersionLabelLimitExceeded");
  });

  test.each([
    ["no label", [], undefined, "ValidationException"],
    ["a label of 101 characters", ["l".repeat(101)], undefined, "ValidationException"],
    ["no such version", ["live"], 2, "ParameterVersionNotFound"],
  ])("%s is refused", async (_, labels, version, name) => {
    await put();
    expect((await refusal(label(labels, version))).name).toBe(name);
  });

  test("a missing parameter cannot be labelled", async () => {
    expect((await refusal(label(["live"]))).name).toBe("ParameterNotFound");
  });

  function label(Labels: string[], ParameterVersion?: number) {
    return run.ssm.labelParameterVersion({ Name: NAME, Labels, ParameterVersion });
  }
});
