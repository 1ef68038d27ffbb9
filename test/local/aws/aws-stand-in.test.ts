import { SSM } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "@jest/globals";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsStandIn } from "../../../local/aws/aws-stand-in.ts";
import { clientConfig, refusal, START_MS, withAws } from "./with-aws.ts";

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

describe("the record of calls", () => {
  test("holds every call in order, with input and error", async () => {
    await refusal(run.ssm.getParameter({ Name: "/a" }));
    await run.secrets.createSecret({ Name: "s", ClientRequestToken: "t".repeat(32) });
    expect(run.aws.calls).toEqual([
      {
        service: "ssm",
        operation: "GetParameter",
        input: { Name: "/a" },
        error: "ParameterNotFound",
        kms: [],
      },
      {
        service: "secretsmanager",
        operation: "CreateSecret",
        input: { Name: "s", ClientRequestToken: "t".repeat(32) },
        kms: [],
      },
    ]);
  });

  test("reset forgets parameters, secrets, calls and faults, and keeps keys", async () => {
    const { aws, ssm, secrets } = run;
    const keyArn = aws.createKey();
    await ssm.putParameter({ Name: "/a", Type: "String", Value: "1" });
    await secrets.createSecret({ Name: "s" });
    aws.addFault({ operation: "GetParameter", effect: { error: "AccessDeniedException" } });
    aws.reset();
    expect(aws.calls).toEqual([]);
    expect((await refusal(ssm.getParameter({ Name: "/a" }))).name).toBe("ParameterNotFound");
    expect((await refusal(secrets.describeSecret({ SecretId: "s" }))).name).toBe(
      "ResourceNotFoundException",
    );
    await ssm.putParameter({ Name: "/a", Type: "SecureString", Value: "1", KeyId: keyArn });
  });
});

describe("faults", () => {
  test("an error is answered in place of the operation, until it is removed", async () => {
    const { aws, ssm } = run;
    const remove = aws.addFault({
      operation: "PutParameter",
      effect: { error: "AccessDeniedException", message: "not allowed" },
    });
    const put = { Name: "/a", Type: "String" as const, Value: "1" };
    expect(await refusal(ssm.putParameter(put))).toMatchObject({
      name: "AccessDeniedException",
      message: "not allowed",
      $metadata: { httpStatusCode: 400 },
    });
    expect((await refusal(ssm.getParameter({ Name: "/a" }))).name).toBe("ParameterNotFound");
    remove();
    expect(await ssm.putParameter(put)).toMatchObject({ Version: 1 });
  });

  test.each([
    [{ error: "InternalServerError" }, 500],
    [{ error: "ThrottlingException" }, 400],
    [{ error: "ServiceUnavailable", status: 503 }, 503],
  ])("%j has status %i", async (effect, httpStatusCode) => {
    run.aws.addFault({ operation: "GetParameter", effect });
    expect(await refusal(run.ssm.getParameter({ Name: "/a" }))).toMatchObject({
      name: effect.error,
      $metadata: { httpStatusCode },
    });
  });

  test("a fault strikes only the calls that it is meant for, as often as it is meant to", async () => {
    const { aws, ssm } = run;
    aws.addFault({
      operation: "GetParameter",
      when: (input) => input["Name"] === "/struck",
      times: 1,
      effect: { error: "AccessDeniedException" },
    });
    expect((await refusal(ssm.getParameter({ Name: "/other" }))).name).toBe("ParameterNotFound");
    expect((await refusal(ssm.deleteParameter({ Name: "/struck" }))).name).toBe(
      "ParameterNotFound",
    );
    expect((await refusal(ssm.getParameter({ Name: "/struck" }))).name).toBe(
      "AccessDeniedException",
    );
    expect((await refusal(ssm.getParameter({ Name: "/struck" }))).name).toBe("ParameterNotFound");
  });

  test("clearFaults removes all of them", async () => {
    const { aws, ssm } = run;
    aws.addFault({ operation: "GetParameter", effect: { error: "AccessDeniedException" } });
    aws.clearFaults();
    expect((await refusal(ssm.getParameter({ Name: "/a" }))).name).toBe("ParameterNotFound");
  });

  test("throttling is ridden out by a client with the SDK's own retries", async () => {
    const { aws } = run;
    aws.addFault({
      operation: "PutParameter",
      times: 2,
      effect: { error: "ThrottlingException", message: "Rate exceeded" },
    });
    const client = new SSM(clientConfig(aws));
    expect(await client.putParameter({ Name: "/a", Type: "String", Value: "1" })).toMatchObject({
      Version: 1,
      $metadata: { attempts: 3 },
    });
    expect(aws.calls.map(({ error }) => error)).toEqual([
      "ThrottlingException",
      "ThrottlingException",
      undefined,
    ]);
    client.destroy();
  });

  test.each([
    ["before", { name: "ParameterNotFound" }, "disconnect"],
    ["after", undefined, undefined],
  ] as const)("a connection cut %s the operation", async (moment, readRefusal, recorded) => {
    const { aws, ssm } = run;
    aws.addFault({ operation: "PutParameter", effect: { disconnect: moment } });
    const put = ssm.putParameter({ Name: "/a", Type: "String", Value: "1" });
    expect(await refusal(put)).toMatchObject({
      message: expect.stringContaining("socket hang up"),
    });
    expect(aws.calls[0]?.error).toBe(recorded);
    const read = ssm.getParameter({ Name: "/a" });
    if (readRefusal) expect(await refusal(read)).toMatchObject(readRefusal);
    else expect((await read).Parameter?.Value).toBe("1");
  });

  test("an answer lost after a refused operation records the refusal", async () => {
    run.aws.addFault({ operation: "GetParameter", effect: { disconnect: "after" } });
    await refusal(run.ssm.getParameter({ Name: "/a" }));
    expect(run.aws.calls).toMatchObject([{ error: "ParameterNotFound" }]);
  });

  test("a hang is ended by the client's own time-out", async () => {
    const { aws } = run;
    aws.addFault({ operation: "GetParameter", effect: { hang: true } });
    const client = new SSM({
      ...clientConfig(aws),
      maxAttempts: 1,
      requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
    });
    expect((await refusal(client.getParameter({ Name: "/a" }))).name).toBe("TimeoutError");
    expect(aws.calls).toMatchObject([{ error: "hang" }]);
    client.destroy();
  });

  test("a hang is ended by the caller's abort", async () => {
    const abort = new AbortController();
    run.aws.addFault({
      operation: "GetParameter",
      when: () => {
        abort.abort();
        return true;
      },
      effect: { hang: true },
    });
    const call = run.ssm.getParameter({ Name: "/a" }, { abortSignal: abort.signal });
    expect((await refusal(call)).name).toBe("AbortError");
  });

  test("close ends a hung connection and returns", async () => {
    const aws = await AwsStandIn.start({ now: () => START_MS });
    const client = new SSM({ ...clientConfig(aws), maxAttempts: 1 });
    const arrived = new Promise<void>((resolve) => {
      aws.addFault({
        operation: "GetParameter",
        when: () => {
          resolve();
          return true;
        },
        effect: { hang: true },
      });
    });
    const hung = refusal(client.getParameter({ Name: "/a" }));
    await arrived;
    await aws.close();
    expect(await hung).toMatchObject({ message: expect.stringContaining("socket hang up") });
    client.destroy();
  });

  test("a fault of the stand-in itself is an InternalFailure that says so", async () => {
    run.aws.addFault({
      operation: "GetParameter",
      when: () => {
        throw new Error("oops");
      },
      effect: { hang: true },
    });
    expect(await refusal(run.ssm.getParameter({ Name: "/a" }))).toMatchObject({
      name: "InternalFailure",
      message: "The stand-in is broken: Error: oops",
      $metadata: { httpStatusCode: 500 },
    });
  });
});
