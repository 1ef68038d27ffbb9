/** What is said of errors of AWS. */
import { describe, expect, test } from "@jest/globals";
import { explainAwsError } from "../../ops/aws-explanation.ts";

const CALL = {
  doing: "Storing the secret S",
  permission: "secretsmanager:PutSecretValue on the secret S",
  remedies: { ResourceNotFoundException: "Deploy the stack." },
};

function awsError(name: string, message = "", httpStatusCode?: number): Error {
  const metadata = { ...(httpStatusCode && { httpStatusCode, requestId: "request-1" }) };
  return Object.assign(new Error(message), { name, $metadata: metadata });
}

describe("A missing permission", () => {
  test.each([
    [
      "AccessDeniedException",
      "User: arn:aws:iam::1:user/a is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:k because no identity-based policy allows it",
      "arn:aws:iam::1:user/a needs kms:GenerateDataKey on arn:aws:kms:k.",
    ],
    [
      "AuthorizationError",
      "User: arn:aws:iam::1:user/a is not authorized to perform: SNS:ListSubscriptionsByTopic on resource: arn:t with an explicit deny in a permissions boundary",
      "needs SNS:ListSubscriptionsByTopic on arn:t; a policy denies it explicitly.",
    ],
    [
      "AccessDenied",
      "User: arn:aws:iam::1:user/a is not authorized to perform: cloudwatch:DescribeAlarms",
      "needs cloudwatch:DescribeAlarms.",
    ],
    [
      "AccessDeniedException",
      "Access to KMS is not allowed",
      "it needs secretsmanager:PutSecretValue on the secret S.",
    ],
  ])(
    "%s names the permission and the resource as AWS does, or as we know them",
    (name, message, said) => {
      const explained = explainAwsError(CALL, awsError(name, message, 403));
      expect(explained).toMatch(/^Storing the secret S is not allowed: /);
      expect(explained).toContain(said);
    },
  );
});

describe("Credentials that are no good", () => {
  test.each([
    [
      "CredentialsProviderError",
      "Could not load credentials from any providers",
      "No AWS credentials can be used: Could not load credentials from any providers.",
    ],
    [
      "TokenProviderError",
      "Token is expired.",
      "No AWS credentials can be used: Token is expired.",
    ],
    ["ExpiredToken", "", "have expired (ExpiredToken)"],
    ["ExpiredTokenException", "", "have expired (ExpiredTokenException)"],
    ["InvalidClientTokenId", "", "AWS does not accept the AWS credentials (InvalidClientTokenId)"],
    [
      "SignatureDoesNotMatch",
      "",
      "AWS does not accept the AWS credentials (SignatureDoesNotMatch)",
    ],
    ["UnrecognizedClientException", "", "does not accept"],
  ])("%s is told with the command that renews a login", (name, message, said) => {
    const explained = explainAwsError(CALL, awsError(name, message, 403), "work");
    expect(explained).toContain(said);
    expect(explained).toContain("aws sso login --profile work");
  });

  test("without a profile are those of the default one", () => {
    expect(explainAwsError(CALL, awsError("ExpiredToken"))).toContain("--profile default");
  });
});

describe("Other errors", () => {
  test("of an AWS that does not answer name the system's code", () => {
    const error = Object.assign(awsError("Error"), { code: "ECONNREFUSED" });
    expect(explainAwsError(CALL, error)).toContain("no answer from AWS (ECONNREFUSED)");
    expect(explainAwsError(CALL, awsError("TimeoutError"))).toContain(
      "no answer from AWS (TimeoutError)",
    );
  });

  test("name the code, the status and the request, with a remedy where there is one", () => {
    expect(explainAwsError(CALL, awsError("ResourceNotFoundException", "", 400))).toBe(
      "Storing the secret S failed: ResourceNotFoundException, HTTP 400, request request-1. Deploy the stack.",
    );
    expect(explainAwsError(CALL, awsError("InternalFailure", "", 500))).toBe(
      "Storing the secret S failed: InternalFailure, HTTP 500, request request-1.",
    );
  });

  test("never show AWS's own message, which may quote what was sent", () => {
    for (const name of [
      "ValidationException",
      "AccessDeniedException",
      "ExpiredToken",
      "TimeoutError",
    ]) {
      const error = awsError(name, "the value hunter2-hunter2 is too short", 400);
      expect(explainAwsError(CALL, error)).not.toContain("hunter2");
    }
  });
});
