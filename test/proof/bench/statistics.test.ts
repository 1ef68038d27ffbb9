import { describe, expect, test } from "@jest/globals";
import { quartiles, ratioOf } from "../../../proof/bench/statistics.ts";

describe("quartiles", () => {
  test.each([
    { values: [7], lower: 7, median: 7, upper: 7 },
    { values: [3, 1], lower: 1.5, median: 2, upper: 2.5 },
    { values: [5, 1, 3], lower: 2, median: 3, upper: 4 },
    { values: [10, 9, 2, 1], lower: 1.75, median: 5.5, upper: 9.25 },
    { values: [1, 2, 3, 4, 100], lower: 2, median: 3, upper: 4 },
  ])("of $values lie in proportion between the values around them", ({ values, ...expected }) => {
    expect(quartiles(values)).toEqual(expected);
  });

  test("of nothing do not exist", () => {
    expect(() => quartiles([])).toThrow(RangeError);
  });
});

describe("ratioOf", () => {
  test("is the ratio of the medians, with the spread of the rounds' own ratios", () => {
    // The medians are 4 and 2; round by round the ratios are 3, 2 and 1.
    expect(ratioOf([3, 4, 5], [1, 2, 5])).toEqual({ lower: 1.5, median: 2, upper: 2.5 });
  });

  test("has no spread where both sides are slowed down together", () => {
    expect(ratioOf([2, 20, 4], [1, 10, 2])).toEqual({ lower: 2, median: 2, upper: 2 });
  });
});
