/**
 * AWS JSON 1.0 and 1.1: a POST to "/", the operation in `X-Amz-Target`, JSON both ways. Parameter
 * Store, Secrets Manager, KMS and CloudWatch Logs use 1.1, CloudWatch uses 1.0.
 *
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
import type { AwsError } from "./aws-error.ts";
import type { AwsReply, AwsService, Protocol } from "./aws-wire.ts";
import { queryErrorOf } from "./query-protocol.ts";

/** By the part of `X-Amz-Target` before the operation. */
const SERVICES: Readonly<Record<string, AwsService>> = {
  AmazonSSM: "ssm",
  secretsmanager: "secretsmanager",
  TrentService: "kms",
  Logs_20140328: "logs",
  GraniteServiceVersion20100801: "monitoring",
};

export const jsonProtocol: Protocol = {
  read({ headers, body }) {
    const [prefix = "", operation = ""] = String(headers["x-amz-target"]).split(".");
    const service = SERVICES[prefix];
    return service && { service, operation, input: JSON.parse(body.toString("utf8")) };
  },

  success({ service }, output, requestId) {
    return { status: 200, headers: headersOf(service, requestId), body: JSON.stringify(output) };
  },

  refusal(service, error, requestId) {
    const headers = headersOf(service, requestId);
    const { type, message, status } = error;
    const body = JSON.stringify({ __type: type, ...(message && { message }) });
    const reply = { status, headers, body };
    return service === "monitoring" ? queryCompatible(error, reply) : reply;
  },
};

function headersOf(service: AwsService | undefined, requestId: string): Record<string, string> {
  const version = service === "monitoring" ? "1.0" : "1.1";
  return {
    "content-type": `application/x-amz-json-${version}`,
    "x-amzn-requestid": requestId,
  };
}

/**
 * CloudWatch used the Query protocol before: the code that the error has there is in a header, and
 * an SDK shows it. The trait: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html.
 */
function queryCompatible(error: AwsError, { headers, body }: AwsReply): AwsReply {
  const [code, status] = queryErrorOf(error);
  const queryError = `${code};${status < 500 ? "Sender" : "Receiver"}`;
  return { status, headers: { ...headers, "x-amzn-query-error": queryError }, body };
}
