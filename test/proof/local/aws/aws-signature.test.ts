import { createHash, createHmac } from "node:crypto";
import { SSM } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "@jest/globals";
import { verifySignature } from "../../../../proof/local/aws/aws-signature.ts";
import { clientConfig, refusal, withAws } from "./with-aws.ts";

const run = withAws();

/** A request that an SDK client signed and sent, as the stand-in got it, with the moment of signing. */
async function signedRequest() {
  const captured: { headers: Record<string, string>; body: Buffer }[] = [];
  const client = new SSM({
    ...clientConfig(run.aws),
    requestHandler: {
      handle: async (request: { headers: Record<string, string>; body: Uint8Array }) => {
        captured.push({ headers: request.headers, body: Buffer.concat([request.body]) });
        throw new Error("captured");
      },
    },
    maxAttempts: 1,
  });
  await refusal(client.getParameter({ Name: "/dintero/token" }));
  const [request] = captured;
  if (!request) throw new Error("Nothing was sent.");
  const headers: Record<string, string> = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers["x-amz-date"] ?? "") ?? [];
  const signedMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return { method: "POST", url: "/", headers, body: request.body, signedMs };
}

function scope(overrides: { region?: string; service?: string } = {}) {
  const { credentials, region } = run.aws;
  return { credentials, region, service: "ssm", ...overrides };
}

function send(headers: Record<string, string>, body: Buffer): Promise<Response> {
  const { host: _, "content-length": __, ...rest } = headers;
  return fetch(run.aws.url, { method: "POST", headers: rest, body: new Uint8Array(body) });
}

/** As boto3 and the AWS CLI do it. Source: "Create a signed AWS API request", IAM user guide. */
function headersSignedByHand(body: string, amzDate: string): Record<string, string> {
  const { accessKeyId, secretAccessKey } = run.aws.credentials;
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) =>
    createHmac("sha256", key).update(text).digest();
  const canonical = `POST\n/\n\nhost:localhost\nx-amz-date:${amzDate}\n\nhost;x-amz-date\n${hash(body)}`;
  const parts = [amzDate.slice(0, 8), run.aws.region, "ssm", "aws4_request"];
  const toSign = `AWS4-HMAC-SHA256\n${amzDate}\n${parts.join("/")}\n${hash(canonical)}`;
  const key = parts.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return {
    host: "localhost",
    "x-amz-date": amzDate,
    authorization: `AWS4-HMAC-SHA256 Credential=${[accessKeyId, ...parts].join("/")}, SignedHeaders=host;x-amz-date, Signature=${hmac(key, toSign).toString("hex")}`,
  };
}

describe("over HTTP", () => {
  test("an unsigned request is refused and recorded", async () => {
    const { headers, body } = await signedRequest();
    const { authorization: _, ...unsigned } = headers;
    const response = await send(unsigned, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      __type: "MissingAuthenticationTokenException",
      message: "Missing Authentication Token",
    });
    expect(run.aws.calls).toMatchObject([
      { operation: "GetParameter", error: "MissingAuthenticationTokenException" },
    ]);
  });

  test("a body changed after signing is refused", async () => {
    const { headers, body } = await signedRequest();
    const response = await send(headers, Buffer.from(`${body.toString()} `));
    expect(await response.json()).toMatchObject({ __type: "InvalidSignatureException" });
  });

  test("the same request unchanged passes the check", async () => {
    const { headers, body } = await signedRequest();
    expect(await (await send(headers, body)).json()).toEqual({ __type: "ParameterNotFound" });
  });

  test.each([
    ["a wrong secret key", { secretAccessKey: "wrong" }, "InvalidSignatureException"],
    ["an unknown access key", { accessKeyId: "AKIAUNKNOWN" }, "UnrecognizedClientException"],
    ["a session token", { sessionToken: "token" }, "UnrecognizedClientException"],
  ])("%s is refused", async (_, change, name) => {
    const client = new SSM({
      ...clientConfig(run.aws),
      credentials: { ...run.aws.credentials, ...change },
      maxAttempts: 1,
    });
    expect((await refusal(client.getParameter({ Name: "/a" }))).name).toBe(name);
    client.destroy();
  });

  test("a request signed for another Region is refused", async () => {
    const client = new SSM({ ...clientConfig(run.aws), region: "eu-west-1", maxAttempts: 1 });
    expect(await refusal(client.getParameter({ Name: "/a" }))).toMatchObject({
      name: "InvalidSignatureException",
      message: "Credential should be scoped to a valid region.",
    });
    client.destroy();
  });
});

describe("the check itself", () => {
  test.each([
    ["as old as allowed", 300_000],
    ["as far in the future as allowed", -300_000],
  ])("a signature %s is accepted", async (_, clockAheadMs) => {
    const { signedMs, ...request } = await signedRequest();
    await expect(
      verifySignature(request, scope(), signedMs + clockAheadMs),
    ).resolves.toBeUndefined();
  });

  test.each([
    ["a millisecond too old", 300_001, "Signature expired"],
    ["a millisecond too far in the future", -300_001, "Signature not yet current"],
  ])("a signature %s is refused", async (_, clockAheadMs, message) => {
    const { signedMs, ...request } = await signedRequest();
    expect(await refusal(verifySignature(request, scope(), signedMs + clockAheadMs))).toMatchObject(
      {
        name: "InvalidSignatureException",
        message: expect.stringContaining(message),
      },
    );
  });

  test.each([
    ["another service", { service: "secretsmanager" }],
    ["another Region", { region: "eu-west-1" }],
  ])("a signature for %s is refused", async (_, change) => {
    const { signedMs, ...request } = await signedRequest();
    expect((await refusal(verifySignature(request, scope(change), signedMs))).name).toBe(
      "InvalidSignatureException",
    );
  });

  test.each([
    ["Credential", /Credential=[^,]*, /],
    ["SignedHeaders", /SignedHeaders=[^,]*, /],
    ["Signature", /, Signature=.*/],
  ])("an Authorization header without %s is refused", async (field, pattern) => {
    const { signedMs, headers, body, ...target } = await signedRequest();
    const authorization = headers["authorization"]?.replace(pattern, "") ?? "";
    const request = { ...target, headers: { ...headers, authorization }, body };
    expect(await refusal(verifySignature(request, scope(), signedMs))).toMatchObject({
      name: "IncompleteSignatureException",
      message: `Authorization header requires '${field}' parameter.`,
    });
  });

  test.each([
    ["another algorithm", { authorization: "Basic YTpi" }],
    ["no date", { "x-amz-date": "" }],
    ["a date of another form", { "x-amz-date": "2026-01-02T03:04:05Z" }],
  ])("%s is refused", async (_, change) => {
    const { signedMs, headers, body, ...target } = await signedRequest();
    const request = { ...target, headers: { ...headers, ...change }, body };
    expect((await refusal(verifySignature(request, scope(), signedMs))).name).toBe(
      "IncompleteSignatureException",
    );
  });

  test("a header changed after signing is refused", async () => {
    const { signedMs, headers, body, ...target } = await signedRequest();
    const request = {
      ...target,
      headers: { ...headers, "x-amz-target": "AmazonSSM.DeleteParameter" },
      body,
    };
    expect((await refusal(verifySignature(request, scope(), signedMs))).name).toBe(
      "InvalidSignatureException",
    );
  });

  test("an x-amz header added after signing is refused", async () => {
    const { signedMs, headers, body, ...target } = await signedRequest();
    const request = { ...target, headers: { ...headers, "x-amz-added": "1" }, body };
    expect(await refusal(verifySignature(request, scope(), signedMs))).toMatchObject({
      name: "InvalidSignatureException",
      message: "'x-amz-added' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });

  test("a payload hash that is signed but not the body's is refused", async () => {
    const { signedMs, headers, body, ...target } = await signedRequest();
    const changed = Buffer.from(`${body.toString()} `);
    const hash = createHash("sha256").update(body).digest("hex");
    const request = {
      ...target,
      headers: { ...headers, "x-amz-content-sha256": hash },
      body: changed,
    };
    expect((await refusal(verifySignature(request, scope(), signedMs))).name).toBe(
      "InvalidSignatureException",
    );
  });

  test.each([
    ["is accepted", "{}", true],
    ["is refused where the body is another", "{ }", false],
  ])("a signature without a header for the payload's hash %s", async (_, text, isAccepted) => {
    const signedMs = Date.UTC(2026, 10, 24);
    const headers = headersSignedByHand("{}", "20261124T000000Z");
    const request = { method: "POST", url: "/", headers, body: Buffer.from(text) };
    const verdict = verifySignature(request, scope(), signedMs).then(
      () => true,
      () => false,
    );
    expect(await verdict).toBe(isAccepted);
  });
});
