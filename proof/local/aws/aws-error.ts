/**
 * A refusal by the service.
 *
 * `type` is the wire name (`__type`), `status` the HTTP status. Client errors of the JSON 1.1
 * services are 400, missing resources and failed signatures included
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html,
 * https://github.com/aws/aws-sdk-js-v3/issues/7701). An empty `message` is omitted from the body:
 * Parameter Store sends none for `ParameterNotFound`
 * (https://github.com/vandium-io/aws-param-store/pull/8).
 */
export class AwsError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message = "", status = 400) {
    super(message);
    this.name = type;
    this.type = type;
    this.status = status;
  }
}
