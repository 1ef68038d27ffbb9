import { expect, test } from "@jest/globals";
import { leaks } from "../../simulation/leaks.ts";

const SECRET = "Zq7#Wm9~Xk3!";

test.each([
  ["the whole secret", `not ${SECRET} again`, true],
  ["its first nine characters", `not ${SECRET.slice(0, 9)} again`, true],
  ["its last nine characters", `not ${SECRET.slice(-9)} again`, true],
  ["its first eight characters", `not ${SECRET.slice(0, 8)} again`, false],
  ["nothing of it", "not again", false],
])("a text with %s: a leak is %s", (_, text, expected) => {
  expect(leaks(text, ["another secret", SECRET])).toBe(expected);
});

test("names of fields and padding are in replies and in messages alike", () => {
  const reply = `{"access_token": 1, "expires_in": 2}          `;
  expect(leaks("access_token is missing; expires_in is missing          ", [reply])).toBe(false);
});
