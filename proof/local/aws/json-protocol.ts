/**
 * AWS JSON 1.0 and 1.1: a POST to "/", the operation in `X-Amz-Target`, JSON both ways. So speak
 * Parameter Store, Secrets Manager and CloudWatch Logs (1.1) and CloudWatch (1.0).
 *
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
import { AwsError } from "./aws-error.ts";
import { type AwsReply, type AwsService, type Protocol, parseObject } from "./aws-wire.ts";
import { queryErrorOf } from "./query-protocol.ts";

interface JsonService {
  readonly service: AwsService;
  readonly contentType: string;
}

const JSON_1_1 = "application/x-amz-json-1.1";

/** By what stands in `X-Amz-Target` before the operation. */
const SERVICES: Readonly<Record<string, JsonService>> = {
  AmazonSSM: { service: "ssm", contentType: JSON_1_1 },
  secretsmanager: { service: "secretsmanager", contentType: JSON_1_1 },
  Logs_20140328: { service: "logs", contentType: JSON_1_1 },
  GraniteServiceVersion20100801: {
    service: "monitoring",
    contentType: "application/x-amz-json-1.0",
  },
};

export const jsonProtocol: Protocol = {
  read({ method, url, headers, body }) {
    const [prefix = "", ...rest] = String(headers["x-amz-target"]).split(".");
    const operation = rest.join(".");
    const target = SERVICES[prefix];
    if (!target || !operation) return undefined;
    const isOfProtocol =
      method === "POST" && url === "/" && headers["content-type"] === target.contentType;
    const input = parseObject(body);
    return {
      service: target.service,
      operation,
      input: input ?? {},
      ...(!isOfProtocol
        ? { problem: new AwsError("UnknownOperationException") }
        : !input && { problem: new AwsError("SerializationException") }),
    };
  },

  success({ service }, output, requestId) {
    return {
      status: 200,
      headers: { "content-type": contentTypeOf(service), "x-amzn-requestid": requestId },
      body: JSON.stringify(output),
    };
  },

  refusal(service, error, requestId) {
    const headers = { "content-type": contentTypeOf(service), "x-amzn-requestid": requestId };
    const { type, message } = error;
    if (service === "monitoring") return queryCompatible(error, headers);
    // Secrets Manager's errors have "Message", the others' "message"; an SDK reads both.
    const member = service === "secretsmanager" ? "Message" : "message";
    const body = JSON.stringify({ __type: type, ...(message && { [member]: message }) });
    return { status: error.status, headers, body };
  },
};

function contentTypeOf(service: AwsService | undefined): string {
  const known = Object.values(SERVICES).find((candidate) => candidate.service === service);
  return known?.contentType ?? JSON_1_1;
}

/**
 * CloudWatch spoke the Query protocol before: the code that the error has there is in a header, and
 * an SDK shows it. The trait: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html.
 */
function queryCompatible(error: AwsError, headers: Readonly<Record<string, string>>): AwsReply {
  const [code, status] = queryErrorOf(error);
  return {
    status,
    headers: {
      ...headers,
      "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}`,
    },
    body: JSON.stringify({ __type: error.type, message: error.message }),
  };
}
