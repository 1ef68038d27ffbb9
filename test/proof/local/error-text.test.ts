import { expect, test } from "@jest/globals";
import { errorText } from "../../../proof/local/error-text.ts";

/** Fails with the first message, and in cleaning up with the others, the last one first. */
async function failure(first: unknown, ...ofCleaningUp: unknown[]): Promise<unknown> {
  const work = async () => {
    await using stack = new AsyncDisposableStack();
    for (const error of ofCleaningUp) {
      stack.defer(() => {
        throw error;
      });
    }
    throw first;
  };
  return work().catch((error: unknown) => error);
}

test.each([
  ["its message", new Error("no disk"), "no disk"],
  ["its code, too", Object.assign(new Error("refused"), { code: "EPERM" }), "refused (EPERM)"],
  ["its name if it has no message", new TypeError(""), "TypeError"],
  ["itself if it is no error", "oops", "oops"],
])("An error is printed as %s", async (_, error, text) => {
  expect(errorText(await failure(error))).toBe(text);
});

test("The first error is printed first, whatever else fails during the clean-up", async () => {
  const error = await failure(new Error("first"), new Error("third"), new Error("second"));
  expect(errorText(error)).toBe(
    "first\nCleaning up failed, too: second\nCleaning up failed, too: third",
  );
});
