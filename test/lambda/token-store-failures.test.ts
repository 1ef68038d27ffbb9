import { describe, expect, test } from "@jest/globals";
import { leaksIn } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import { failureOf } from "./token-request.ts";
import { isOn, writeToken } from "./token-store-calls.ts";
import { STATUS_NAME, TOKEN, TOKEN_NAME, withTokenStore } from "./token-store-run.ts";

const { run, permit, store, storeOfOneAttempt, stored, readerGets, writes } = withTokenStore();

/** A first token and its status, as a check before left them. */
async function storedBefore(keyId = run.aws.keyArn) {
  await writeToken(store({ keyId }), {}, { token: "last-good-token" });
  const before = await stored();
  run.aws.calls.length = 0;
  return before;
}

describe("Writing the token fails, and the last good token is unchanged,", () => {
  /** @param arrange - makes it fail, and returns what undoes that. */
  async function failedWrite(arrange: () => () => void, keyId = run.aws.keyArn) {
    const before = await storedBefore(keyId);
    const undo = arrange();
    const failure = await failureOf(writeToken(store({ keyId }), before));
    undo();
    expect(await stored()).toEqual(before);
    return failure;
  }

  test.each(["KeepTokensAndStatuses", "EncryptTokens"])(
    "without the permission to %s, and says which permissions are needed",
    async (sid) => {
      const failure = await failedWrite(() => run.aws.iam.revoke(sid));
      expect(failure.code).toBe("store-failed");
      expectMessage(failure.message, {
        names: [
          ...[TOKEN_NAME, "AccessDeniedException", "400", run.aws.keyArn],
          ...["ssm:PutParameter", "ssm:AddTagsToResource", "kms:Encrypt", "kms:GenerateDataKey"],
        ],
        without: ["next check"],
      });
    },
  );

  test("when its key does not exist", async () => {
    const keyId = run.aws.createKey();
    permit(keyId);
    const failure = await failedWrite(() => {
      run.aws.deleteKey(keyId);
      return () => {};
    }, keyId);
    expect(failure.code).toBe("store-failed");
    expectMessage(failure.message, {
      names: [TOKEN_NAME, "InvalidKeyId", "400", "KMS_KEY_ID"],
      without: ["next check", "ssm:PutParameter"],
    });
  });

  test("when its key is disabled", async () => {
    const { aws } = run;
    const failure = await failedWrite(() => {
      aws.setKeyState(aws.keyArn, "Disabled");
      return () => aws.setKeyState(aws.keyArn, "Enabled");
    });
    expectMessage(failure.message, { names: [TOKEN_NAME, "KMS_KEY_ID"], without: ["next check"] });
  });

  test("when its oldest version has a label, and says how to remove it", async () => {
    const before = await storedBefore();
    await run.ssm.labelParameterVersion({
      Name: TOKEN_NAME,
      ParameterVersion: 1,
      Labels: ["keep"],
    });
    for (let version = 2; version <= 100; version += 1) {
      await run.ssm.putParameter({ Name: TOKEN_NAME, Value: "last-good-token", Overwrite: true });
    }
    const failure = await failureOf(writeToken(store(), before));
    expect(failure.code).toBe("store-failed");
    // All three options are required. Source: AWS CLI reference, ssm unlabel-parameter-version.
    expectMessage(failure.message, {
      names: [TOKEN_NAME, "ParameterMaxVersionLimitExceeded"],
      commands: [
        `aws ssm get-parameter-history --name ${TOKEN_NAME}`,
        `aws ssm unlabel-parameter-version --name ${TOKEN_NAME} --parameter-version VERSION --labels LABEL`,
      ],
    });
    expect(await readerGets(TOKEN_NAME)).toBe("last-good-token");
  });

  test("at its creation, without an attempt to overwrite", async () => {
    run.aws.iam.revoke("KeepTokensAndStatuses");
    const failure = await failureOf(writeToken(store(), {}));
    expect(failure.message).toContain("AccessDeniedException");
    expect(writes().map(({ input }) => input["Overwrite"])).toEqual([false]);
  });

  test("when it has another type, and says how to have it created again", async () => {
    await run.ssm.putParameter({ Name: TOKEN_NAME, Value: "by hand", Type: "String" });
    const before = await stored();
    const failure = await failureOf(writeToken(store(), before));
    expect(failure.code).toBe("store-failed");
    expectMessage(failure.message, {
      names: ["HierarchyTypeMismatchException"],
      commands: [`aws ssm delete-parameter --name ${TOKEN_NAME}`],
    });
    expect(await readerGets(TOKEN_NAME)).toBe("by hand");
  });

  test("when SSM says that it exists although overwriting is allowed", async () => {
    const effect = { error: "ParameterAlreadyExists" };
    const failure = await failedWrite(() =>
      run.aws.addFault({ operation: "PutParameter", effect }),
    );
    expect(failure.message).toContain("ParameterAlreadyExists");
    expect(writes().filter(({ error }) => error)).toHaveLength(1);
  });

  test("when it cannot overwrite what another check created", async () => {
    await storedBefore();
    run.aws.addFault({
      operation: "PutParameter",
      when: ({ Overwrite }) => Overwrite === true,
      effect: { error: "AccessDeniedException" },
    });
    const failure = await failureOf(writeToken(store(), {}));
    expect(failure.message).toContain("AccessDeniedException");
    expect(await readerGets(TOKEN_NAME)).toBe("last-good-token");
  });

  test.each([
    ["throttled", { error: "ThrottlingException" }, ["ThrottlingException", "400"]],
    ["answered with 500", { error: "InternalServerError" }, ["InternalServerError", "500"]],
    ["not answered", { disconnect: "before" }, ["TimeoutError", "ECONNRESET"]],
  ] as const)("when it is %s for ever", async (_, effect, names) => {
    const before = await storedBefore();
    run.aws.addFault({ operation: "PutParameter", effect });
    const failure = await failureOf(writeToken(storeOfOneAttempt(), before));
    expect(failure.code).toBe("store-failed");
    expectMessage(failure.message, {
      names: [TOKEN_NAME, ...names],
      without: ["ssm:PutParameter", "aws ssm"],
    });
    expect(await stored()).toEqual(before);
  });

  test("as soon as the time is up", async () => {
    const before = await storedBefore();
    const time = new AbortController();
    run.aws.addFault({
      operation: "PutParameter",
      when: () => {
        time.abort();
        return true;
      },
      effect: { hang: true },
    });
    const failure = await failureOf(writeToken(store(), before, { signal: time.signal }));
    expectMessage(failure.message, {
      names: [TOKEN_NAME],
      without: ["HTTP", "AbortError"],
    });
    expect(run.aws.calls).toHaveLength(1);
  });

  test("without AWS's own message, which may quote the token", async () => {
    run.aws.addFault({
      operation: "PutParameter",
      effect: { error: "ValidationException", message: `Value '${TOKEN}' failed to satisfy` },
    });
    const failure: unknown = await writeToken(store(), {}).catch((error: unknown) => error);
    expect(String(failure)).toContain("ValidationException");
    expect(leaksIn(String(failure), [TOKEN])).toEqual([]);
  });
});

describe("Writing the status fails", () => {
  test("and leaves the new token with the last token's status", async () => {
    const before = await storedBefore();
    run.aws.addFault({
      operation: "PutParameter",
      when: isOn(STATUS_NAME),
      effect: { error: "AccessDeniedException" },
    });
    const failure = await failureOf(writeToken(store(), before));
    expect(failure.code).toBe("store-failed");
    expectMessage(failure.message, {
      names: [STATUS_NAME, "ssm:PutParameter", "ssm:AddTagsToResource"],
      without: ["kms:"],
    });
    expect(await readerGets(TOKEN_NAME)).toBe(TOKEN);
    const after = await stored();
    expect(after.tokenParameter?.version).toBe(2);
    expect(after.statusParameter).toEqual(before.statusParameter);
  });

  test("when it has another type, and says how to have it created again", async () => {
    await run.ssm.putParameter({ Name: STATUS_NAME, Value: "by hand", Type: "SecureString" });
    const before = await stored();
    const failure = await failureOf(writeToken(store(), before));
    expectMessage(failure.message, {
      commands: [`aws ssm delete-parameter --name ${STATUS_NAME}`],
    });
  });

  test("when the time is up between the two writes", async () => {
    const time = new AbortController();
    run.aws.addFault({
      operation: "PutParameter",
      when: (input) => {
        if (!isOn(STATUS_NAME)(input)) return false;
        time.abort();
        return true;
      },
      effect: { hang: true },
    });
    const failure = await failureOf(writeToken(store(), {}, { signal: time.signal }));
    expectMessage(failure.message, { names: [STATUS_NAME], without: ["HTTP"] });
    expect(await readerGets(TOKEN_NAME)).toBe(TOKEN);
    expect((await stored()).statusParameter).toBeUndefined();
  });
});
