import { describe, expect, test } from "@jest/globals";
import { awsErrorCode, awsFailure, isUnanswered } from "../../lambda/aws-failure.ts";
import { RotationError } from "../../lambda/errors.ts";
import { leaksIn, TOKEN_CANARY } from "../support/canaries.ts";

const CALL = {
  code: "store-failed",
  doing: "Writing the parameter /a/b",
  permissions: "ssm:PutParameter on it",
  remedies: { InvalidKeyId: "Check the key." },
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
    ["InvalidKeyId", "Check the key."],
    ["AccessDeniedException", "Grant the function's role ssm:PutParameter on it."],
    ["AccessDenied", "Grant the function's role ssm:PutParameter on it."],
    ["NotAccessDenied", "The next check tries again."],
    ["InvalidKeyIdException", "The next check tries again."],
    ["InternalServerError", "The next check tries again."],
  ])("tells what to do about %s", (name, remedy) => {
    expect(awsFailure(CALL, answered(name)).message).toBe(
      `Writing the parameter /a/b failed: ${name}, HTTP 400, request request-1. ${remedy}`,
    );
  });

  test("names the permissions also where the call has no remedies of its own", () => {
    const { remedies, ...call } = CALL;
    expect(awsFailure(call, answered("AccessDeniedException")).message).toMatch(
      /Grant the function's role ssm:PutParameter on it\.$/,
    );
    expect(awsFailure(call, answered(Object.keys(remedies)[0] ?? "")).message).toMatch(
      /The next check tries again\.$/,
    );
  });

  test("can have a remedy of its own for a refused access", () => {
    const call = { ...CALL, remedies: { AccessDeniedException: "Ask the owner." } };
    expect(awsFailure(call, answered("AccessDeniedException")).message).toMatch(
      / Ask the owner\.$/,
    );
  });

  test.each([
    [
      "an answer with an id",
      sdkError("X", { $metadata: { httpStatusCode: 503, requestId: "request-1" } }),
      "X, HTTP 503, request request-1",
    ],
    [
      "an answer without an id",
      sdkError("X", { $metadata: { httpStatusCode: 503 } }),
      "X, HTTP 503, request unknown",
    ],
    [
      "no answer but a code of Node's",
      sdkError("TimeoutError", { code: "ECONNRESET", $metadata: { attempts: 6 } }),
      "no answer from AWS, TimeoutError (ECONNRESET)",
    ],
    ["no answer and no metadata", sdkError("TimeoutError"), "no answer from AWS, TimeoutError"],
    ["the end of our own time", sdkError("AbortError"), "the time for it was used up"],
    [
      "no answer and no usable metadata",
      sdkError("X", { $metadata: null }),
      "no answer from AWS, X",
    ],
    ["text as metadata", sdkError("X", { $metadata: "503" }), "no answer from AWS, X"],
    ["no error but text", "secret", "no answer from AWS, Error"],
    ["no error but an object", { name: "X", code: "Y" }, "no answer from AWS, Error"],
    ["nothing", undefined, "no answer from AWS, Error"],
  ])("describes %s", (_, error, description) => {
    expect(awsFailure(CALL, error).message).toBe(
      `Writing the parameter /a/b failed: ${description}. The next check tries again.`,
    );
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
  ])("of %s is its name, as far as it is an error", (_, error, code) => {
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
  ])("%s where %s", (unanswered, _, error) => {
    expect(isUnanswered(awsFailure(CALL, error))).toBe(unanswered);
  });
});
