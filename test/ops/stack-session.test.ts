/** Whether the person's Region is the stack's. */
import { describe, expect, test } from "@jest/globals";
import { findRegionFault } from "../../ops/stack-session.ts";

describe("The Region of the stack", () => {
  test.each([
    {},
    { AWS_REGION: "eu-north-1" },
    { AWS_DEFAULT_REGION: "eu-north-1" },
    { AWS_REGION: "eu-north-1", AWS_DEFAULT_REGION: "eu-west-1" },
    { AWS_REGION: "", AWS_DEFAULT_REGION: "" },
  ])("fits %j", (env) => {
    expect(findRegionFault("test", "eu-north-1", env)).toBeUndefined();
  });

  test.each([
    [{ AWS_REGION: "eu-west-1" }, "AWS_REGION is eu-west-1"],
    [{ AWS_DEFAULT_REGION: "eu-west-1" }, "AWS_DEFAULT_REGION is eu-west-1"],
    [{ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-north-1" }, "AWS_REGION is eu-west-1"],
  ])("does not fit %j, which is told with what to do", (env, fault) => {
    const message = findRegionFault("test", "eu-north-1", env);
    expect(message).toContain("Stack test is in eu-north-1");
    expect(message).toContain(fault);
    expect(message).toContain("=eu-north-1");
  });
});
