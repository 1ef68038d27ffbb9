/**
 * AWS Query: a form with `Action` and `Version` is posted to "/", XML comes back. SNS and STS use it.
 *
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import type { AwsError } from "./aws-error.ts";
import type { AwsService, Protocol } from "./aws-wire.ts";

interface QueryService {
  readonly service: AwsService;
  readonly version: string;
  readonly namespace: string;
}

const SERVICES: readonly QueryService[] = [
  { service: "sns", version: "2010-03-31", namespace: "http://sns.amazonaws.com/doc/2010-03-31/" },
  { service: "sts", version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
];

/**
 * The code and status that an error has in this protocol, which names those of every service
 * differently: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export function queryErrorOf({ type, status }: AwsError): [code: string, status: number] {
  const [code, wireStatus] = COMMON_ERRORS[type] ?? [type, status];
  return [code, wireStatus];
}

const COMMON_ERRORS: Readonly<Record<string, readonly [code: string, status: number]>> = {
  AccessDeniedException: ["AccessDenied", 403],
  IncompleteSignatureException: ["IncompleteSignature", 400],
  InvalidSignatureException: ["SignatureDoesNotMatch", 403],
  MissingAuthenticationTokenException: ["MissingAuthenticationToken", 403],
  UnknownOperationException: ["InvalidAction", 400],
  UnrecognizedClientException: ["InvalidClientTokenId", 403],
  ValidationException: ["ValidationError", 400],
};

export const queryProtocol: Protocol = {
  read({ headers, body }) {
    if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return undefined;
    const { Action, Version, ...input } = Object.fromEntries(new URLSearchParams(body.toString()));
    const target = SERVICES.find(({ version }) => version === Version);
    return target && Action ? { service: target.service, operation: Action, input } : undefined;
  },

  success({ service, operation }, output, requestId) {
    return reply(
      200,
      requestId,
      element(
        `${operation}Response`,
        element(`${operation}Result`, content(output)) +
          element("ResponseMetadata", content({ RequestId: requestId })),
        namespaceOf(service),
      ),
    );
  },

  refusal(service, error, requestId) {
    const [code, status] = queryErrorOf(error);
    const fault = {
      Type: status < 500 ? "Sender" : "Receiver",
      Code: code,
      Message: error.message,
    };
    return reply(
      status,
      requestId,
      element(
        "ErrorResponse",
        element("Error", content(fault)) + content({ RequestId: requestId }),
        namespaceOf(service),
      ),
    );
  },
};

function reply(status: number, requestId: string, body: string) {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}

function namespaceOf(service: AwsService | undefined): string | undefined {
  return SERVICES.find((candidate) => candidate.service === service)?.namespace;
}

function element(name: string, inner: string, namespace?: string): string {
  return `<${name}${namespace ? ` xmlns="${namespace}"` : ""}>${inner}</${name}>`;
}

/** Members as elements, lists as `member` elements, everything else as text. */
function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element("member", content(item))).join("");
  if (typeof value !== "object" || value === null) return escaped(String(value));
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => element(name, content(member)))
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
