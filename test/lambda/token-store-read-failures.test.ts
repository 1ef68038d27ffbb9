import { describe, expect, test } from "@jest/globals";
import { isUnanswered } from "../../lambda/aws-failure.ts";
import { isAccountError } from "../../lambda/errors.ts";
import { expectMessage } from "../support/expect-message.ts";
import { failureOf } from "./token-request.ts";
import { isOn, readAccount, writeToken } from "./token-store-calls.ts";
import { STATUS_NAME, TOKEN, TOKEN_NAME, withTokenStore } from "./token-store-run.ts";

const { run, store, storeOfOneAttempt, stored, readerGets } = withTokenStore();

describe("Reading the parameters fails", () => {
  const PARAMETERS = [TOKEN_NAME, STATUS_NAME];

  test("without a permission, and says which", async () => {
    run.aws.iam.revoke("KeepTokensAndStatuses");
    const failure = await failureOf(readAccount(store()));
    expect(failure.code).toBe("store-failed");
    expectMessage(failure.message, {
      names: [...PARAMETERS, "AccessDeniedException", "400", "ssm:GetParameters"],
      without: ["next check"],
    });
    expect(isAccountError(failure) && isUnanswered(failure)).toBe(false);
  });

  test.each([
    [
      "when it is throttled",
      { error: "ThrottlingException" },
      ["ThrottlingException", "400"],
      false,
    ],
    ["with 500", { error: "InternalServerError" }, ["InternalServerError", "500"], false],
    ["without an answer", { disconnect: "before" }, ["TimeoutError", "ECONNRESET"], true],
  ] as const)("%s for ever", async (_, effect, names, unanswered) => {
    run.aws.addFault({ operation: "GetParameters", effect });
    const failure = await failureOf(readAccount(storeOfOneAttempt()));
    expect(failure.code).toBe("store-failed");
    expectMessage(failure.message, {
      names: [...PARAMETERS, ...names],
      without: ["ssm:GetParameters"],
    });
    expect(isAccountError(failure) && isUnanswered(failure)).toBe(unanswered);
  });

  test("as soon as the time is up", async () => {
    const time = new AbortController();
    run.aws.addFault({
      operation: "GetParameters",
      when: () => {
        time.abort();
        return true;
      },
      effect: { hang: true },
    });
    const failure = await failureOf(readAccount(store(), time.signal));
    expectMessage(failure.message, { names: PARAMETERS, without: ["HTTP"] });
    expect(run.aws.calls).toHaveLength(1);
  });
});

describe("A call that fails once", () => {
  test.each([
    ["throttled", { error: "ThrottlingException" }],
    ["answered with 500", { error: "InternalServerError" }],
    ["cut off", { disconnect: "before" }],
  ] as const)("and is %s is repeated: the read and both writes", async (_, effect) => {
    for (const operation of ["GetParameters", "PutParameter"]) {
      run.aws.addFault({ operation, times: 1, effect });
    }
    run.aws.addFault({ operation: "PutParameter", when: isOn(STATUS_NAME), times: 1, effect });
    const before = await stored();
    await writeToken(store(), before);
    expect(run.aws.calls).toHaveLength(6);
    expect(await readerGets(TOKEN_NAME)).toBe(TOKEN);
  });
});
