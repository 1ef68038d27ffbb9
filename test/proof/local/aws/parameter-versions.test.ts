import { describe, expect, test } from "@jest/globals";
import { refusal } from "./with-aws.ts";
import { NAME, withParameter } from "./with-parameter.ts";

const { run, put, putAgain } = withParameter();

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
