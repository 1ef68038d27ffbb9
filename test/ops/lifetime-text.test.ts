import { expect, test } from "@jest/globals";
import { hoursAndMinutes, lifeBar } from "../../ops/lifetime-text.ts";

test.each([
  [100, 20],
  [96, 20],
  [95, 19],
  [1, 1],
  [0, 0],
])("A lifetime with %i percent left fills %i of 20 cells", (percent, filled) => {
  expect(lifeBar(percent)).toBe("█".repeat(filled).padEnd(20, "░"));
});

test.each([
  [86_400, "24 h 00 min"],
  [86_399, "23 h 59 min"],
  [59, "0 h 00 min"],
  [3_660, "1 h 01 min"],
])("%i s are %s", (seconds, text) => {
  expect(hoursAndMinutes(seconds)).toBe(text);
});
