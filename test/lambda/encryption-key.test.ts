import { beforeEach, describe, expect, test } from "@jest/globals";
import { createEncryptionKey, keyIsOff } from "../../lambda/encryption-key.ts";
import { RotationError } from "../../lambda/errors.ts";
import { expectMessage } from "../support/expect-message.ts";
import { withFunctionClients } from "./with-function-clients.ts";

const functionClients = withFunctionClients();
const { run } = functionClients;

const stateOf = (keyId: string, signal = new AbortController().signal) =>
  createEncryptionKey(functionClients.clients.kms, keyId).state(signal);

let keyArn: string;
beforeEach(() => {
  keyArn = run.aws.createKey();
  functionClients.permit(keyArn);
});

describe("The key's state", () => {
  test.each(["Enabled", "Disabled", "PendingDeletion"] as const)(
    "is KMS's own name for it: %s",
    async (state) => {
      run.aws.setKeyState(keyArn, state);
      run.aws.calls.length = 0;
      expect(await stateOf(keyArn)).toBe(state);
      expect(run.aws.calls).toMatchObject([
        { service: "kms", operation: "DescribeKey", input: { KeyId: keyArn } },
      ]);
    },
  );

  test("is NotFound for a key that was deleted", async () => {
    run.aws.deleteKey(keyArn);
    expect(await stateOf(keyArn)).toBe("NotFound");
  });

  test.each<[string, arrange: () => void, names: string[]]>([
    [
      "AccessDeniedException",
      () => run.aws.iam.revoke("SeeWhetherTheKeyIsEnabled"),
      ["kms:DescribeKey"],
    ],
    [
      "KMSInternalException",
      () =>
        run.aws.addFault({ operation: "DescribeKey", effect: { error: "KMSInternalException" } }),
      [],
    ],
  ])("is not known after %s, and the message names the key", async (error, arrange, names) => {
    arrange();
    const failure = await stateOf(keyArn).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(RotationError);
    expect(failure).toMatchObject({ code: "store-failed", cause: { name: error } });
    expectMessage(failure instanceof Error ? failure.message : "", { names: [keyArn, ...names] });
  });

  test("is not awaited after the signal aborts", async () => {
    run.aws.addFault({ operation: "DescribeKey", effect: { hang: true } });
    await expect(stateOf(keyArn, AbortSignal.abort())).rejects.toMatchObject({
      code: "store-failed",
    });
  });
});

test.each([
  ["Disabled", ["enable-key"]],
  ["PendingDeletion", ["cancel-key-deletion", "enable-key"]],
  ["Unavailable", ["describe-key"]],
])("For a key that is %s, the commands are %j", (state, commands) => {
  // By its id, which has no Region.
  const { message } = keyIsOff("T00000001", "key-1", state);
  expect(message.match(/aws kms .*$/)?.[0]).toBe(
    commands.map((command) => `aws kms ${command} --key-id key-1`).join(" && "),
  );
});

test("The commands for a key name its Region, so that they work in any shell", () => {
  const { message } = keyIsOff("T00000001", keyArn, "PendingDeletion");
  expectMessage(message, {
    commands: [
      `aws kms cancel-key-deletion --key-id ${keyArn} --region eu-north-1`,
      `aws kms enable-key --key-id ${keyArn} --region eu-north-1`,
    ],
  });
});
