import { expect, test } from "@jest/globals";
import { quartiles } from "../../proof/quartiles.ts";

test.each([
  { values: [7], lower: 7, median: 7, upper: 7 },
  { values: [3, 1], lower: 1.5, median: 2, upper: 2.5 },
  { values: [5, 1, 3], lower: 2, median: 3, upper: 4 },
  { values: [10, 9, 2, 1], lower: 1.75, median: 5.5, upper: 9.25 },
])("The quartiles of $values lie between the nearest values, in proportion", (row) => {
  const { values, ...expected } = row;
  expect(quartiles(values)).toEqual(expected);
});

test("No values have no quartiles", () => {
  expect(() => quartiles([])).toThrow(RangeError);
});
