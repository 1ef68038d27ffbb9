/** What is said of the stack's key, and when a deployment may refresh. */
import { describe, expect, test } from "@jest/globals";
import { keyFaults, refreshAdvice } from "../../ops/encryption-key.ts";
import { expectMessage, expectWordsPerCause } from "../support/expect-message.ts";
import { ADVICE, COMMANDS, KEY_ARN } from "./status-parts.ts";

const faultsOf = (state: string) =>
  keyFaults({ arn: KEY_ARN, state }, { ...ADVICE, keyState: state });
const kms = (command: string) => `aws kms ${command} --key-id ${KEY_ARN} --region eu-north-1`;

describe("A key", () => {
  test("that is enabled has no fault", () => {
    expect(faultsOf("Enabled")).toEqual([]);
  });

  test.each([
    ["Disabled", [kms("enable-key")], ["cancel-key-deletion", "--refresh"]],
    ["PendingDeletion", [kms("cancel-key-deletion"), kms("enable-key")], ["--refresh"]],
    // It cannot be brought back. What it encrypted is lost.
    [
      "NotFound",
      [COMMANDS.refresh, "npm run ops -- credentials ACCOUNT --stack test"],
      ["enable-key"],
    ],
    ["PendingImport", [kms("describe-key")], ["enable-key", "--refresh"]],
  ])("that is %s is urgent, with its commands in their order", (state, commands, without) => {
    const [fault, ...others] = faultsOf(state);
    expect(fault).toMatchObject({ code: "key-not-enabled", urgency: "urgent" });
    expectMessage(fault?.message ?? "", { names: [KEY_ARN], commands, without });
    const places = commands.map((command) => fault?.message.indexOf(command) ?? -1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(others).toEqual([]);
  });

  test("has its own words for each state", () => {
    const states = ["Disabled", "PendingDeletion", "NotFound", "PendingImport"];
    expectWordsPerCause(states.map((state) => [state, faultsOf(state)[0]?.message ?? ""]));
  });
});

describe("A deployment refreshes", () => {
  test.each(["Enabled", "NotFound"])("with a key that is %s", (keyState) => {
    expectMessage(refreshAdvice({ ...ADVICE, keyState }, "npm run next"), {
      commands: [COMMANDS.refresh, "npm run next"],
    });
  });

  test.each(["Disabled", "PendingDeletion", "Creating", undefined])(
    "only after the key, which is %s, was fixed",
    (keyState) => {
      expectMessage(refreshAdvice({ ...ADVICE, keyState }, "npm run next"), {
        commands: [COMMANDS.status],
        without: [COMMANDS.refresh, "npm run next"],
      });
    },
  );
});
