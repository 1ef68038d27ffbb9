import { describe, expect, test } from "@jest/globals";
import { ACCOUNT_ERROR_CODES } from "../../lambda/contract.ts";
import { isAccountError, RotationError } from "../../lambda/errors.ts";

describe("A RotationError", () => {
  const cause = new Error("socket hang up");
  const error = new RotationError("unavailable", "Dintero is silent.", { cause });

  test("is an Error with a code, a message and the fault behind it", () => {
    expect(error).toBeInstanceOf(Error);
    expect(error.code).toBe("unavailable");
    expect(error.message).toBe("Dintero is silent.");
    expect(error.cause).toBe(cause);
  });

  test("has a name that minifying does not change", () => {
    const { name } = new RotationError("unavailable", "Dintero is silent.");
    expect([name, RotationError.name]).toEqual(["RotationError", "RotationError"]);
    expect(error.stack).toMatch(/Dintero is silent\./);
  });

  test("has no cause by default", () => {
    expect(new RotationError("unavailable", "Dintero is silent.")).not.toHaveProperty("cause");
  });
});

describe("An account's failure", () => {
  test.each(ACCOUNT_ERROR_CODES)("is a RotationError with the code %s", (code) => {
    expect(isAccountError(new RotationError(code, "What to do."))).toBe(true);
  });

  test.each(["settings-invalid", "event-invalid", "aws-unreachable", "defect"] as const)(
    "is not one with %s, the code of a whole check",
    (code) => {
      expect(isAccountError(new RotationError(code, "What to do."))).toBe(false);
    },
  );

  test.each([
    ["another error with such a code", Object.assign(new Error(), { code: "unavailable" })],
    ["a plain object with such a code", { code: "unavailable" }],
    ["a stored token", { tokenParameter: { version: 1, lastModifiedMs: 0 } }],
    ["nothing", undefined],
  ])("is not %s", (_, thrown) => {
    expect(isAccountError(thrown)).toBe(false);
  });
});
