import { expect, test } from "@jest/globals";
import { MAX_GROWTH_BYTES, MemoryWatch, WARM_UP_CASES } from "./memory-watch.ts";

test("Memory may grow while a process warms up, and then by no more than the bound.", () => {
  let bytes = 0;
  const watch = new MemoryWatch(() => bytes);
  for (let cases = 1; cases <= WARM_UP_CASES; cases += 1) {
    bytes += MAX_GROWTH_BYTES;
    expect(watch.hasGrown()).toBe(false);
  }
  bytes += MAX_GROWTH_BYTES;
  expect(watch.hasGrown()).toBe(false);
  bytes += 1;
  expect(watch.hasGrown()).toBe(true);
});
