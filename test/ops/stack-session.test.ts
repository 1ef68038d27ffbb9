/** Whether the person's Region is the stack's. */
import { describe, expect, test } from "@jest/globals";
import { findRegionFault } from "../../ops/stack-session.ts";
import { expectMessage } from "../support/expect-message.ts";

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
    [{ AWS_REGION: "eu-west-1" }, "AWS_REGION"],
    [{ AWS_DEFAULT_REGION: "eu-west-1" }, "AWS_DEFAULT_REGION"],
    [{ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-north-1" }, "AWS_REGION"],
  ])("does not fit %j, and the message says what to do", (env, variable) => {
    expectMessage(findRegionFault("test", "eu-north-1", env) ?? "", {
      names: ["test", "eu-north-1", variable, "eu-west-1"],
      commands: [`export ${variable}=eu-north-1`],
    });
  });
});
