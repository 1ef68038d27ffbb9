import { expect, test } from "@jest/globals";
import { canAnimate } from "../../ops/operation.ts";

test("a spinner is drawn only on a terminal that has a width", () => {
  expect(canAnimate({ isTTY: true, columns: 80 })).toBe(true);
  expect(canAnimate({ isTTY: true, columns: 0 })).toBe(false);
  expect(canAnimate({ isTTY: false, columns: 80 })).toBe(false);
});
