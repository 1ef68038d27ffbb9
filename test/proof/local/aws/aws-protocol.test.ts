import { describe, expect, test } from "@jest/globals";
import { SignatureV4 } from "@smithy/signature-v4";
import { START_MS, withAws } from "./with-aws.ts";

const run = withAws();

describe("the protocol", () => {
  test("every answer carries a request id of its own", async () => {
    await run.ssm.putParameter({ Name: "/a", Type: "String", Value: "1" });
    const first = await run.ssm.getParameter({ Name: "/a" });
    const second = await run.ssm.getParameter({ Name: "/a" });
    expect(first.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.$metadata.requestId).not.toBe(first.$metadata.requestId);
  });

  test.each([
    ["an operation that the service does not have", "AmazonSSM.FlyAway", "{}"],
    ["an operation with something behind it", "AmazonSSM.GetParameter.x", "{}"],
    ["a service that it does not play", "TrentService.Encrypt", "{}"],
  ])("%s is an unknown operation", async (_, target, body) => {
    expect(await post({ target, body })).toEqual({
      status: 400,
      body: { __type: "UnknownOperationException" },
    });
  });

  test("another content type is an unknown operation", async () => {
    const { body } = await post({ target: "AmazonSSM.GetParameter", contentType: "text/plain" });
    expect(body).toEqual({ __type: "UnknownOperationException" });
  });

  test.each(["", "{", "[]", "null", '"text"'])("the body %j cannot be read", async (body) => {
    expect(await post({ target: "AmazonSSM.GetParameter", body })).toMatchObject({
      status: 400,
      body: { __type: "SerializationException" },
    });
  });

  test("a member of the wrong JSON type cannot be read", async () => {
    const answer = await post({ target: "AmazonSSM.GetParameter", body: '{"Name": 1}' });
    expect(answer.body).toMatchObject({ __type: "SerializationException" });
  });

  test("a missing and a null member are refused alike, unknown ones are ignored", async () => {
    const missing = await post({ target: "AmazonSSM.GetParameter", body: '{"Other": 1}' });
    const empty = await post({ target: "AmazonSSM.GetParameter", body: '{"Name": null}' });
    expect(missing.body).toEqual({
      __type: "ValidationException",
      message:
        "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must not be null",
    });
    expect(empty).toEqual(missing);
  });

  test("all broken constraints are named at once, without the values", async () => {
    const body = JSON.stringify({ Name: "", Value: "", Type: "Secret" });
    const answer = await post({ target: "AmazonSSM.PutParameter", body });
    expect(answer.body).toEqual({
      __type: "ValidationException",
      message: expect.stringMatching(/^3 validation errors detected: .*'name'.*'value'.*'type'/),
    });
    expect(JSON.stringify(answer.body)).not.toContain('Secret"');
  });

  test("Secrets Manager says Message where Parameter Store says message", async () => {
    const answer = await post({
      target: "secretsmanager.DescribeSecret",
      body: '{"SecretId": "none"}',
      service: "secretsmanager",
    });
    expect(answer.body).toEqual({
      __type: "ResourceNotFoundException",
      Message: "Secrets Manager can't find the specified secret.",
    });
  });

  test.each([
    ["CreateSecret", { Name: "s" }],
    ["PutSecretValue", { SecretId: "s", SecretString: "one" }],
  ])("%s without a ClientRequestToken, which SDKs add, is refused", async (operation, input) => {
    const answer = await post({
      target: `secretsmanager.${operation}`,
      body: JSON.stringify(input),
      service: "secretsmanager",
    });
    expect(answer.body).toEqual({
      __type: "InvalidRequestException",
      Message: "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
    });
  });

  async function post(options: {
    target: string;
    body?: string;
    contentType?: string;
    service?: string;
  }) {
    const { target, body = "{}", contentType = "application/x-amz-json-1.1" } = options;
    const { aws, ssm } = run;
    const url = new URL(aws.url);
    const signer = new SignatureV4({
      credentials: aws.credentials,
      region: aws.region,
      service: options.service ?? "ssm",
      sha256: ssm.config.sha256,
    });
    const { headers } = await signer.sign(
      {
        method: "POST",
        protocol: url.protocol,
        hostname: url.hostname,
        path: "/",
        headers: { host: url.host, "content-type": contentType, "x-amz-target": target },
        body,
      },
      { signingDate: new Date(START_MS) },
    );
    const response = await fetch(url, { method: "POST", headers, body });
    return { status: response.status, body: await response.json() };
  }
});
