import { describe, expect, test } from "@jest/globals";
import {
  checkName,
  checkValue,
  chooseTier,
  isLabel,
} from "../../../../proof/local/aws/parameter-rules.ts";

const ARN_PREFIX = "arn:aws:ssm:eu-north-1:123456789012:parameter";

function check(name: string) {
  return () => checkName(name, `${ARN_PREFIX}${name.startsWith("/") ? "" : "/"}${name}`);
}

describe("names", () => {
  test.each([
    "token",
    "/token",
    "/dintero/T12345678/access-token",
    "/a.b_c-D/9",
    "/dintero/aws/ssm",
    path(15),
    `/${"n".repeat(1011 - ARN_PREFIX.length - 1)}`,
  ])("%s is a name", (name) => {
    expect(check(name)).not.toThrow();
  });

  test.each([
    ["a blank", "/a b", "ValidationException", "sub-paths divided by slash symbol"],
    ["a colon", "/a:1", "ValidationException", "sub-paths divided by slash symbol"],
    ["an empty level", "/a//b", "ValidationException", "sub-paths divided by slash symbol"],
    ["a slash at the end", "/a/", "ValidationException", "sub-paths divided by slash symbol"],
    ["only a slash", "/", "ValidationException", "sub-paths divided by slash symbol"],
    ["a letter beyond ASCII", "/ä", "ValidationException", "sub-paths divided by slash symbol"],
    ["an ARN", `${ARN_PREFIX}/a`, "ValidationException", "sub-paths divided by slash symbol"],
    ["levels but no slash before", "a/b", "ValidationException", "fully qualified name"],
    ["the prefix aws", "awsome", "ValidationException", `"aws" or "ssm"`],
    ["the prefix AWS", "/AWSome", "ValidationException", `"aws" or "ssm"`],
    ["the prefix ssm", "ssm-token", "ValidationException", `"aws" or "ssm"`],
    ["the prefix ssm in a path", "/ssm/token", "ValidationException", `prefixed with "ssm"`],
    ["the prefix aws in a path", "/aws/token", "AccessDeniedException", "reserved parameter name"],
    ["16 levels", path(16), "HierarchyLevelLimitExceededException", "maximum of 15 levels"],
    [
      "1012 characters with its ARN",
      `/${"n".repeat(1011 - ARN_PREFIX.length)}`,
      "ValidationException",
      "maximum of 1011 characters",
    ],
  ])("a name with %s is refused", (_, name, type, message) => {
    expect(check(name)).toThrow(
      expect.objectContaining({ type, message: expect.stringContaining(message) }),
    );
  });

  function path(levels: number): string {
    return Array.from({ length: levels }, (_, level) => `/l${level + 1}`).join("");
  }
});

describe("values", () => {
  test.each(["{{ssm:other}}", "a {{}} b", "{{a\nb}}"])("%j is refused", (value) => {
    expect(() => checkValue(value)).toThrow("can't nest another parameter");
  });

  test.each(['{"a":{"b":{}}}', "{{", "}}{{", "{a}"])("%j is accepted", (value) => {
    expect(() => checkValue(value)).not.toThrow();
  });

  test("a refusal does not repeat the value", () => {
    expect(() => checkValue("secret{{}}")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("secret") }),
    );
  });
});

describe("tiers", () => {
  test.each([
    [4096, undefined, undefined, "Standard"],
    [4096, "Standard", undefined, "Standard"],
    [8192, "Advanced", undefined, "Advanced"],
    [1, "Advanced", undefined, "Advanced"],
    [1, "Advanced", "Standard", "Advanced"],
    [4096, "Intelligent-Tiering", undefined, "Standard"],
    [4097, "Intelligent-Tiering", undefined, "Advanced"],
    [4097, "Intelligent-Tiering", "Standard", "Advanced"],
    [8192, "Intelligent-Tiering", undefined, "Advanced"],
    [1, "Intelligent-Tiering", "Advanced", "Advanced"],
  ] as const)("%i bytes asking for %s over %s are stored as %s", (bytes, asked, current, tier) => {
    expect(chooseTier("x".repeat(bytes), asked, current)).toBe(tier);
  });

  test.each([
    [4097, undefined, undefined, "Standard tier parameters support a maximum"],
    [4097, "Standard", undefined, "Standard tier parameters support a maximum"],
    [8193, "Advanced", undefined, "Advanced tier parameters support a maximum"],
    [8193, "Intelligent-Tiering", undefined, "Advanced tier parameters support a maximum"],
    [1, "Standard", "Advanced", "You can't downgrade a parameter"],
    [1, undefined, "Advanced", "You can't downgrade a parameter"],
  ] as const)("%i bytes asking for %s over %s are refused", (bytes, asked, current, message) => {
    expect(() => chooseTier("x".repeat(bytes), asked, current)).toThrow(message);
  });

  test("sizes are counted in bytes, not in characters", () => {
    expect(() => chooseTier("ø".repeat(2049), "Standard")).toThrow("4096");
  });
});

test.each([
  ["live", true],
  ["_a.b-C1", true],
  ["1st", false],
  ["a b", false],
  ["aws", false],
  ["SSMlabel", false],
])("whether %s can be a label: %s", (label, expected) => {
  expect(isLabel(label)).toBe(expected);
});
