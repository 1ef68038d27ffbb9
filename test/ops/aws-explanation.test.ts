/** What is said of errors of AWS. */
import { describe, expect, test } from "@jest/globals";
import { type AwsCall, explainAwsError } from "../../ops/aws-explanation.ts";
import { expectMessage, expectWordsPerCause } from "../support/expect-message.ts";

const CALL = {
  doing: "Storing the secret S",
  permission: "secretsmanager:PutSecretValue on the secret S",
  remedies: { ResourceNotFoundException: "Deploy the stack." },
};

const LOGIN = "Run: aws sso login --profile work";
const explain = (call: AwsCall, error: unknown) => explainAwsError(call, error, LOGIN);

function awsError(name: string, message = "", httpStatusCode?: number): Error {
  const metadata = { ...(httpStatusCode && { httpStatusCode, requestId: "request-1" }) };
  return Object.assign(new Error(message), { name, $metadata: metadata });
}

describe("A missing permission", () => {
  test.each([
    [
      "AccessDeniedException",
      "User: arn:aws:iam::1:user/a is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:k because no identity-based policy allows it",
      ["arn:aws:iam::1:user/a", "kms:GenerateDataKey", "arn:aws:kms:k"],
    ],
    [
      "AuthorizationError",
      "User: arn:aws:iam::1:user/a is not authorized to perform: SNS:ListSubscriptionsByTopic on resource: arn:t with an explicit deny in a permissions boundary",
      ["arn:aws:iam::1:user/a", "SNS:ListSubscriptionsByTopic", "arn:t", "explicitly"],
    ],
    [
      "AccessDenied",
      "User: arn:aws:iam::1:user/a is not authorized to perform: cloudwatch:DescribeAlarms",
      ["arn:aws:iam::1:user/a", "cloudwatch:DescribeAlarms"],
    ],
    ["AccessDeniedException", "Access to KMS is not allowed", ["secretsmanager:PutSecretValue"]],
  ])(
    "%s names the permission and the resource from AWS's message, or else the known ones",
    (name, message, names) => {
      const explicit = names.includes("explicitly") ? [] : ["explicitly"];
      expectMessage(explain(CALL, awsError(name, message, 403)), {
        names: ["the secret S", ...names],
        without: [...explicit, "aws sso login", "Deploy the stack."],
      });
    },
  );
});

describe("A denial that names no permission", () => {
  const call = { ...CALL, remedies: { AccessDeniedException: "Run: npm run this" } };
  test("has the remedy too, because something else may be the cause", () => {
    const error = awsError("AccessDeniedException", "Access to KMS is not allowed", 400);
    expectMessage(explain(call, error), {
      names: ["secretsmanager:PutSecretValue"],
      commands: ["npm run this"],
    });
  });

  test("is different from one that names it", () => {
    const message = "User: arn:a is not authorized to perform: kms:Decrypt on resource: arn:k";
    expectMessage(explain(call, awsError("AccessDeniedException", message, 400)), {
      without: ["npm run this"],
    });
  });
});

describe("Unusable credentials", () => {
  test.each([
    ["CredentialsProviderError", "Could not load credentials from any providers"],
    ["TokenProviderError", "Token is expired."],
    ["ExpiredToken", ""],
    ["ExpiredTokenException", ""],
    ["InvalidClientTokenId", ""],
    ["SignatureDoesNotMatch", ""],
    ["UnrecognizedClientException", ""],
  ])("%s is reported with the command that renews a login", (name, message) => {
    // Of the SDK's own errors the message says more than the name, if it says anything.
    const isEmpty = message === "Could not load credentials from any providers";
    const named = message === "" ? name : isEmpty ? "" : message.replace(/\.$/, "");
    expectMessage(explain(CALL, awsError(name, message, 403)), {
      commands: [named, LOGIN],
      without: ["the secret S", "any providers"],
    });
  });

  test("are missing, have expired or are rejected, each with its own words", () => {
    const said = (name: string) =>
      explain(CALL, awsError(name, "IT", 403))
        .replace(`(${name})`, "")
        .replace("IT.", "");
    expectWordsPerCause([
      ["missing", said("CredentialsProviderError")],
      ["missing", said("TokenProviderError")],
      ["expired", said("ExpiredToken")],
      ["expired", said("RequestExpired")],
      ["not accepted", said("InvalidClientTokenId")],
      ["not accepted", said("SignatureDoesNotMatch")],
    ]);
  });

  test("are also those whose file is missing", () => {
    const error = Object.assign(new Error("no such file, open '/token'"), { code: "ENOENT" });
    expectMessage(explain(CALL, error), { names: ["ENOENT"], commands: [LOGIN] });
  });
});

describe("Other errors", () => {
  test("without an answer from AWS name the system's code, and what may be in between", () => {
    const names = ["the secret S", "AWS_ENDPOINT_URL"];
    const error = Object.assign(awsError("Error"), { code: "ECONNREFUSED" });
    expectMessage(explain(CALL, error), { names: ["ECONNREFUSED", ...names] });
    expectMessage(explain(CALL, awsError("TimeoutError")), {
      names: ["TimeoutError", ...names],
    });
  });

  test("name the host that did not answer, which may be a proxy", () => {
    const dead = { code: "ECONNREFUSED", address: "127.0.0.1", port: 3128 };
    expectMessage(explain(CALL, Object.assign(new Error("x"), dead)), {
      names: ["127.0.0.1:3128"],
    });
    const unknown = { code: "ENOTFOUND", hostname: "proxy.example.com" };
    expectMessage(explain(CALL, Object.assign(new Error("x"), unknown)), {
      names: ["proxy.example.com"],
    });
  });

  test("from something in between do not count as AWS's", () => {
    for (const name of ["Unknown", "UnknownError", "SyntaxError"]) {
      expectMessage(explain(CALL, awsError(name, "<html>", 503)), {
        names: ["the secret S", "503", "AWS_ENDPOINT_URL"],
        without: ["<html>", "request-1"],
      });
    }
  });

  test("about settings that the SDK cannot use are about credentials, if nothing was sent", () => {
    const error = new TypeError("Cannot read properties of undefined");
    expectMessage(explain(CALL, error), { names: ["TypeError"], commands: [LOGIN] });
    const sent = Object.assign(new TypeError("fetch failed"), { $metadata: { attempts: 3 } });
    expectMessage(explain(CALL, sent), { names: ["TypeError"], without: [LOGIN] });
  });

  test("of an invalid address, or of another host's certificate, say so", () => {
    const said = (code: string) => explain(CALL, Object.assign(new Error("x"), { code }));
    expectMessage(said("ERR_INVALID_URL"), { names: ["AWS_ENDPOINT_URL", "https://", "http://"] });
    expectMessage(said("ERR_TLS_CERT_ALTNAME_INVALID"), { without: ["NODE_EXTRA_CA_CERTS"] });
  });

  test("of a proxy that refuses name its status, and never its address", () => {
    const said = (status: string) => {
      const message = `Failed to establish tunnel via http://u:hunter2@proxy: HTTP/1.1 ${status}`;
      return explain(CALL, Object.assign(new Error(message), { code: "ERR_PROXY_TUNNEL" }));
    };
    expectMessage(said("407 Proxy Authentication Required"), {
      names: ["407"],
      commands: ["http://USER:PASSWORD@HOST:PORT"],
      without: ["hunter2"],
    });
    expectMessage(said("403 Forbidden"), { names: ["403", "NO_PROXY"], without: ["hunter2"] });
  });

  test("of a proxy or of a certificate in between name the setting to look at", () => {
    const said = (code: string) => explain(CALL, Object.assign(new Error("x"), { code }));
    expectMessage(said("ERR_PROXY_TUNNEL"), { names: ["ERR_PROXY_TUNNEL", "HTTPS_PROXY"] });
    for (const code of ["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"]) {
      expectMessage(said(code), { names: [code, "NODE_EXTRA_CA_CERTS"] });
    }
  });

  test("name the code, the status and the request, with a remedy where there is one", () => {
    expectMessage(explain(CALL, awsError("ResourceNotFoundException", "", 400)), {
      names: ["the secret S", "ResourceNotFoundException", "400", "request-1"],
      commands: ["Deploy the stack."],
    });
    expectMessage(explain(CALL, awsError("InternalFailure", "", 500)), {
      names: ["the secret S", "InternalFailure", "500", "request-1"],
      without: ["Deploy the stack."],
    });
  });

  test("never show AWS's own message, which may quote what was sent", () => {
    for (const name of [
      "ValidationException",
      "AccessDeniedException",
      "ExpiredToken",
      "TimeoutError",
    ]) {
      const error = awsError(name, "the value hunter2-hunter2 is too short", 400);
      expect(explain(CALL, error)).not.toContain("hunter2");
    }
  });
});
