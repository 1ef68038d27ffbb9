import { describe, expect, test } from "@jest/globals";
import { awsErrorCode, awsFailure, isUnanswered } from "../../lambda/aws-failure.ts";
import { RotationError } from "../../lambda/errors.ts";
import { leaksIn, TOKEN_CANARY } from "../support/canaries.ts";
import { expectMessage, expectWordsPerCause } from "../support/expect-message.ts";

const PERMISSIONS = "ssm:PutParameter on it";
const REMEDY = "Check the key.";
const CALL = {
  code: "store-failed",
  doing: "Writing the parameter /a/b",
  permissions: PERMISSIONS,
  remedies: { InvalidKeyId: REMEDY },
} as const;

/** An error of the SDK; without metadata it is a fault on the way to AWS. */
function sdkError(name: string, fields: Record<string, unknown> = {}): Error {
  return Object.assign(new Error("AWS's own words"), { name, ...fields });
}

function answered(name: string, httpStatusCode = 400): Error {
  return sdkError(name, { $metadata: { httpStatusCode, requestId: "request-1" } });
}

describe("The failure of a call to AWS", () => {
  test("has the call's code, and AWS's error as its cause", () => {
    const cause = answered("InvalidKeyId");
    const failure = awsFailure(CALL, cause);
    expect(failure).toBeInstanceOf(RotationError);
    expect(failure.code).toBe("store-failed");
    expect(failure.cause).toBe(cause);
  });

  test.each([
    ["InvalidKeyId", [REMEDY], [PERMISSIONS]],
    ["AccessDeniedException", [PERMISSIONS], [REMEDY]],
    ["AccessDenied", [PERMISSIONS], [REMEDY]],
    ["NotAccessDenied", [], [REMEDY, PERMISSIONS]],
    ["InvalidKeyIdException", [], [REMEDY, PERMISSIONS]],
    ["InternalServerError", [], [REMEDY, PERMISSIONS]],
  ])(
    "says what was tried, what AWS answered, and what to do about %s",
    (name, commands, without) => {
      expectMessage(awsFailure(CALL, answered(name)).message, {
        names: ["/a/b", name, "400", "request-1"],
        commands,
        without,
      });
    },
  );

  test("says the same about all errors without a remedy, and something else about a missing permission", () => {
    const { remedies, ...call } = CALL;
    const said = (name: string) =>
      awsFailure(call, answered(name)).message.replace(`${name},`, "NAME,");
    expectWordsPerCause([
      ["permission", said("AccessDeniedException")],
      ["permission", said("AccessDenied")],
      ["anything", said("InternalServerError")],
      ["anything", said("InvalidKeyId")],
    ]);
    expectMessage(said("AccessDenied"), { commands: [PERMISSIONS], without: [REMEDY] });
  });

  // The forms of the IAM user guide, "Troubleshoot access denied error messages"; an ARN may follow.
  test.each([
    "service control policy",
    "resource control policy",
    "VPC endpoint policy",
    "permissions boundary",
    "session policy",
    "resource-based policy",
  ])("names a %s that blocks the call, and repeats nothing from AWS's message", (type) => {
    const arn = "arn:aws:iam::123456789012:policy/of-somebody";
    const call = { ...CALL, remedies: { AccessDeniedException: REMEDY } };
    for (const reason of [
      `with an explicit deny in a ${type}`,
      `with an explicit deny in a ${type}: ${arn}`,
      `because no ${type} allows the ssm:PutParameter action`,
      `because no ${type} allows the ssm:PutParameter action (Service: AWSKMS)`,
    ]) {
      const error = Object.assign(answered("AccessDeniedException"), {
        message: `User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ssm:PutParameter on resource: ${TOKEN_CANARY} ${reason}`,
      });
      const { message } = awsFailure(call, error);
      expectMessage(message, {
        names: [type, PERMISSIONS],
        without: [REMEDY, arn, "assumed-role"],
      });
      expect(leaksIn(message, [TOKEN_CANARY])).toEqual([]);
      expect(message.includes("explicit deny")).toBe(reason.includes("explicit deny"));
    }
  });

  test("names an identity-based policy with an explicit deny, but not one that only lacks the permission", () => {
    const said = (reason: string) => {
      const error = Object.assign(answered("AccessDeniedException"), { message: reason });
      return awsFailure({ ...CALL, remedies: { AccessDeniedException: REMEDY } }, error).message;
    };
    expectMessage(said("with an explicit deny in an identity-based policy"), {
      names: ["identity-based policy", PERMISSIONS],
      without: [REMEDY],
    });
    expectMessage(said("because no identity-based policy allows the ssm:PutParameter action"), {
      commands: [REMEDY],
    });
  });

  test("can have its own remedy for a denied access", () => {
    const call = { ...CALL, remedies: { AccessDeniedException: "Ask the owner." } };
    const { message } = awsFailure(call, answered("AccessDeniedException"));
    expectMessage(message, { commands: ["Ask the owner."], without: [PERMISSIONS] });
  });

  test.each([
    [
      "an answer with an id",
      sdkError("X", { $metadata: { httpStatusCode: 503, requestId: "request-1" } }),
      ["X", "503", "request-1"],
      [],
    ],
    [
      "an answer without an id",
      sdkError("X", { $metadata: { httpStatusCode: 503 } }),
      ["X", "503"],
      [],
    ],
    [
      "no answer but a code of Node's",
      sdkError("TimeoutError", { code: "ECONNRESET", $metadata: { attempts: 6 } }),
      ["TimeoutError", "ECONNRESET"],
      ["HTTP"],
    ],
    ["no answer and no metadata", sdkError("TimeoutError"), ["TimeoutError"], ["HTTP", "("]],
    ["the end of our own time", sdkError("AbortError"), [], ["HTTP", "AbortError"]],
    ["no answer and no usable metadata", sdkError("X", { $metadata: null }), ["X"], ["HTTP"]],
    ["text as metadata", sdkError("X", { $metadata: "503" }), ["X"], ["503"]],
    ["no error but text", "secret", ["Error"], ["secret"]],
    ["no error but an object", { name: "X", code: "Y" }, ["Error"], ["X", "Y"]],
    ["nothing", undefined, ["Error"], ["("]],
  ])("describes %s", (_, error, names, without) => {
    const { message } = awsFailure(CALL, error);
    expectMessage(message, { names: ["/a/b", ...names], without: [...without, PERMISSIONS] });
  });

  test("differs for an answer from AWS, for no answer, and for our own time limit", () => {
    const said = (name: string, $metadata = {}) =>
      awsFailure(CALL, sdkError(name, { $metadata })).message.replace(`${name}`, "NAME");
    expectWordsPerCause([
      ["answer", said("InternalServerError", { httpStatusCode: 500 })],
      ["silence", said("TimeoutError")],
      ["silence", said("X")],
      ["our time", said("AbortError")],
    ]);
  });

  test("does not repeat AWS's message, which may quote the value that was sent", () => {
    const error = Object.assign(answered("ValidationException"), {
      message: `Value '${TOKEN_CANARY}' failed to satisfy constraint`,
    });
    const { message, stack } = awsFailure(CALL, error);
    expect(message).not.toContain("constraint");
    expect(leaksIn(`${message} ${stack}`, [TOKEN_CANARY])).toEqual([]);
  });
});

describe("AWS's error code", () => {
  test.each([
    ["an SDK error", answered("ParameterAlreadyExists"), "ParameterAlreadyExists"],
    ["a fault of Node's", new TypeError("fetch failed"), "TypeError"],
    ["no error", { name: "ParameterAlreadyExists" }, "Error"],
    ["nothing", undefined, "Error"],
  ])("of %s is its name, if it is an error", (_, error, code) => {
    expect(awsErrorCode(error)).toBe(code);
  });
});

describe("A failure is unanswered", () => {
  test.each([
    [true, "AWS was not reached", sdkError("TimeoutError", { code: "ECONNREFUSED" })],
    [true, "every attempt was cut off", sdkError("TimeoutError", { $metadata: { attempts: 6 } })],
    [true, "the metadata is null", sdkError("X", { $metadata: null })],
    [true, "no error is known", undefined],
    [false, "AWS refused", answered("AccessDeniedException")],
    [false, "AWS failed", answered("InternalServerError", 500)],
  ])("%s if %s", (unanswered, _, error) => {
    expect(isUnanswered(awsFailure(CALL, error))).toBe(unanswered);
  });
});
