/** The exit status. */
import { expect, test } from "@jest/globals";
import { exitStatusOf, notDetermined } from "../../ops/fault.ts";

const KNOWN = { code: "token-at-risk", urgency: "not-urgent", message: "It is." } as const;
const UNKNOWN = notDetermined("A permission is missing.");

test.each([
  [[], 0],
  [[KNOWN], 1],
  [[UNKNOWN], 2],
  [[UNKNOWN, UNKNOWN], 2],
  // There is something to fix for certain, whatever else there is.
  [[UNKNOWN, KNOWN], 1],
])("%#: for known faults, and for what could not be determined", (faults, status) => {
  expect(exitStatusOf(faults)).toBe(status);
});
