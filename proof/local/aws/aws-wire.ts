/**
 * What the protocols of AWS have in common for the stand-in: a request as it came, the call that is
 * read from it, and the answer to send.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { AwsError } from "./aws-error.ts";
import type { Output } from "./aws-operation.ts";

/** The services that are played, by the name that requests to them are signed for. */
export type AwsService =
  | "ssm"
  | "secretsmanager"
  | "kms"
  | "lambda"
  | "monitoring"
  | "logs"
  | "sns"
  | "sts";

export interface AwsRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Which operation a request asks for. */
export interface RequestedCall {
  readonly service: AwsService;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface AwsReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One of AWS's ways to put an operation's input and output into HTTP. */
export interface Protocol {
  /** Nothing if the request is not of this protocol, or names none of its services. */
  read(request: AwsRequest): RequestedCall | undefined;
  success(
    call: Pick<RequestedCall, "service" | "operation">,
    output: Output,
    requestId: string,
  ): AwsReply;
  refusal(service: AwsService | undefined, error: AwsError, requestId: string): AwsReply;
}
