import { afterEach, expect, test } from "@jest/globals";
import { systemClock } from "../../lambda/clock.ts";
import { moveSystemClock } from "../../proof/local/system-clock.ts";

const HOUR_MS = 3_600_000;

afterEach(() => moveSystemClock(0));

test("Setting the clock changes the time, but no interval", () => {
  const nowMs = systemClock.now();
  const elapsedMs = systemClock.elapsed();
  moveSystemClock(-HOUR_MS);
  expect(systemClock.now()).toBeLessThan(nowMs);
  expect(systemClock.elapsed()).toBeGreaterThanOrEqual(elapsedMs);
  moveSystemClock(HOUR_MS);
  expect(systemClock.now()).toBeGreaterThan(nowMs);
  expect(systemClock.elapsed() - elapsedMs).toBeLessThan(HOUR_MS);
});
