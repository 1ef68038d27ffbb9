/**
 * AWS REST-JSON, as far as Lambda needs it: the operation is in method and path, its input in path,
 * query, headers and body.
 *
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html; which member goes where:
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */

import type { Output } from "./aws-operation.ts";
import type { AwsReply, AwsRequest, Protocol } from "./aws-wire.ts";

const FUNCTION_PATH = /^\/2015-03-31\/functions\/([^/]+)\/(invocations|configuration)$/;

export const restProtocol: Protocol = {
  read(request) {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const [, name, resource] = FUNCTION_PATH.exec(pathname) ?? [];
    const route = `${request.method} ${resource}`;
    if (!name) return undefined;
    const input = {
      FunctionName: decodeURIComponent(name),
      ...(searchParams.has("Qualifier") && { Qualifier: searchParams.get("Qualifier") }),
    };
    if (route === "POST invocations") {
      return {
        service: "lambda",
        operation: "Invoke",
        input: { ...input, ...invocation(request) },
      };
    }
    if (route === "GET configuration") {
      return { service: "lambda", operation: "GetFunctionConfiguration", input };
    }
    return undefined;
  },

  success({ operation }, output, requestId) {
    const reply = operation === "Invoke" ? invocationReply(output) : documentReply(output);
    return { ...reply, headers: { ...reply.headers, "x-amzn-requestid": requestId } };
  },

  refusal(_service, { type, status, message }, requestId) {
    return {
      // The errors that all JSON services share are 400 elsewhere:
      // https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
      status: FORBIDDEN.has(type) ? 403 : type === "UnknownOperationException" ? 404 : status,
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
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "UnrecognizedClientException",
]);

function invocation({ headers, body }: AwsRequest): Record<string, unknown> {
  const type = headers["x-amz-invocation-type"];
  const logType = headers["x-amz-log-type"];
  return {
    ...(type !== undefined && { InvocationType: type }),
    ...(logType !== undefined && { LogType: logType }),
    ...(body.length > 0 && { Payload: body.toString("utf8") }),
  };
}

/** The answer is the payload itself; what else there is to say stands in headers. */
function invocationReply(output: Output): AwsReply {
  const { StatusCode, Payload, FunctionError, LogResult, ExecutedVersion } = output;
  const headers = Object.entries({
    "content-type": "application/json",
    "x-amz-function-error": FunctionError,
    "x-amz-log-result": LogResult,
    "x-amz-executed-version": ExecutedVersion,
  }).filter(([, value]) => value !== undefined);
  return {
    status: Number(StatusCode),
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
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
