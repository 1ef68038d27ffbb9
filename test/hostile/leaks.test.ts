import { expect, test } from "@jest/globals";
import { leaks } from "./leaks.ts";

const SECRET = "Zq7#Wm9~Xk3!";

test.each([
  ["the whole secret", true, `not ${SECRET} again`],
  ["its first nine characters", true, `not ${SECRET.slice(0, 9)} again`],
  ["its last nine characters", true, `not ${SECRET.slice(-9)} again`],
  ["its first eight characters", false, `not ${SECRET.slice(0, 8)} again`],
  ["nothing of it", false, "not again"],
])("a text with %s: that it leaks is %s", (_, expected, text) => {
  expect(leaks(text, ["another secret", SECRET])).toBe(expected);
});

test("names of fields and padding are in replies and in messages alike", () => {
  const reply = `{"access_token": 1, "expires_in": 2}          `;
  expect(leaks("access_token is missing; expires_in is missing          ", [reply])).toBe(false);
});
