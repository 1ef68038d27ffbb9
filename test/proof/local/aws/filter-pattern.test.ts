import { describe, expect, test } from "@jest/globals";
import { matchesPattern } from "../../../../proof/local/aws/filter-pattern.ts";

const MESSAGE = '{"requestId":"68fe-1","level":"ERROR"}';

describe("a filter pattern", () => {
  test.each([
    ["", true],
    ["ERROR", true],
    ["error", false],
    ['"68fe-1"', true],
    ['"68fe-2"', false],
    ['ERROR "68fe-1"', true],
    ['ERROR "68fe-2"', false],
    ['"\\"level\\":\\"ERROR\\""', true],
    ['  "ERROR"  ', true],
  ])("%j finds the message: %s", (pattern, expected) => {
    expect(matchesPattern(MESSAGE, pattern)).toBe(expected);
  });

  test.each(["{ $.level = ERROR }", "68fe-1", "?ERROR", "-ERROR", '"open', "%ERR.R%", "[a, b]"])(
    "%j is not played",
    (pattern) => {
      expect(() => matchesPattern(MESSAGE, pattern)).toThrow("Invalid filter pattern");
    },
  );
});
