/**
 * AWS REST-JSON, as far as Lambda needs it: the operation is in method and path, its input in path
 * and body.
 *
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html; which member goes where:
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */

import type { Output } from "./aws-operation.ts";
import type { AwsReply, Protocol } from "./aws-wire.ts";

const FUNCTION_PATH = /^\/2015-03-31\/functions\/([^/]+)\/(invocations|configuration)$/;

const OPERATIONS: Readonly<Record<string, string>> = {
  "POST invocations": "Invoke",
  "GET configuration": "GetFunctionConfiguration",
};

export const restProtocol: Protocol = {
  read({ method, url, body }) {
    const [, name, resource] = FUNCTION_PATH.exec(url) ?? [];
    const operation = OPERATIONS[`${method} ${resource}`];
    if (!name || !operation) return undefined;
    const Payload = body.length > 0 ? { Payload: body.toString("utf8") } : {};
    const input = { FunctionName: decodeURIComponent(name), ...Payload };
    return { service: "lambda", operation, input };
  },

  success({ operation }, output, requestId) {
    const reply = operation === "Invoke" ? invocationReply(output) : documentReply(output);
    return { ...reply, headers: { ...reply.headers, "x-amzn-requestid": requestId } };
  },

  refusal(_service, { type, status, message }, requestId) {
    return {
      // The errors that all JSON services share are 400 elsewhere:
      // https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
      status: FORBIDDEN.has(type) ? 403 : status,
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": type,
      },
      body: JSON.stringify({ Type: status < 500 ? "User" : "Service", Message: message }),
    };
  },
};

const FORBIDDEN = new Set([
  "AccessDeniedException",
  "IncompleteSignatureException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "UnrecognizedClientException",
]);

/** The answer is the payload itself; the rest is in headers. */
function invocationReply({ StatusCode, Payload, FunctionError }: Output): AwsReply {
  return {
    status: Number(StatusCode),
    headers: {
      "content-type": "application/json",
      ...(FunctionError !== undefined && { "x-amz-function-error": String(FunctionError) }),
    },
    body: String(Payload),
  };
}

function documentReply(output: Output): AwsReply {
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(output),
  };
}
