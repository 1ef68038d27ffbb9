import { expect, test } from "@jest/globals";
import { chooseTier } from "../../../../proof/local/aws/parameter-rules.ts";

test.each([
  [4096, undefined, undefined, "Standard"],
  [8192, "Advanced", undefined, "Advanced"],
  [4096, "Intelligent-Tiering", undefined, "Standard"],
  [4097, "Intelligent-Tiering", "Standard", "Advanced"],
  [8192, "Intelligent-Tiering", undefined, "Advanced"],
  [1, "Intelligent-Tiering", "Advanced", "Advanced"],
] as const)("%i bytes asking for %s over %s are stored as %s", (bytes, asked, current, tier) => {
  expect(chooseTier("x".repeat(bytes), asked, current)).toBe(tier);
});

test.each([
  ["x".repeat(4097), undefined, undefined],
  ["ø".repeat(2049), "Standard", undefined],
  ["x".repeat(8193), "Advanced", undefined],
  ["x".repeat(8193), "Intelligent-Tiering", undefined],
  ["x", "Standard", "Advanced"],
  ["x", undefined, "Advanced"],
] as const)(
  "row %# is refused: too many bytes, or a way back from Advanced",
  (value, asked, current) => {
    expect(() => chooseTier(value, asked, current)).toThrow(
      expect.objectContaining({ type: "ValidationException" }),
    );
  },
);
