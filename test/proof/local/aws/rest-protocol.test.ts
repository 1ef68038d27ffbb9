import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { clientConfig, refusal, withAws } from "./with-aws.ts";

const run = withAws();

beforeEach(() => {
  run.aws.logs.create("log");
  run.aws.functions.deploy({
    name: "check",
    logGroupName: "log",
    invoke: async () => ({ result: { accounts: [] }, output: "" }),
  });
});

/** The path, query and headers of a GET that an SDK client signed. */
async function signedRequest() {
  const sent: { path: string; query: Record<string, string>; headers: Record<string, string> }[] =
    [];
  const client = new LambdaClient({
    ...clientConfig(run.aws),
    requestHandler: {
      handle: async (request: (typeof sent)[number]) => {
        sent.push(request);
        throw new Error("captured");
      },
    },
    maxAttempts: 1,
  });
  const FunctionName = "arn:aws:lambda:eu-north-1:123456789012:function:check";
  await refusal(
    client.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: "$LATEST" })),
  );
  const [request] = sent;
  if (!request) throw new Error("Nothing was sent.");
  return request;
}

async function get(pathAndQuery: string, headers: Record<string, string> = {}) {
  const { host: _, ...rest } = headers;
  const response = await fetch(run.aws.url + pathAndQuery, { headers: rest });
  const error = response.headers.get("x-amzn-errortype");
  return { status: response.status, error, body: await response.json() };
}

describe("the signature of a request that is no POST to /", () => {
  test("covers path and query as they were sent", async () => {
    const { path, headers } = await signedRequest();
    expect(path).toContain("%3Afunction%3Acheck");
    expect(await get(`${path}?Qualifier=%24LATEST`, headers)).toMatchObject({
      status: 200,
      body: { FunctionName: "check" },
    });
  });

  test.each([
    ["another path", (path: string) => `${path.replace("check", "other")}?Qualifier=%24LATEST`],
    ["another query", (path: string) => `${path}?Qualifier=1`],
    ["no query", (path: string) => path],
  ])("%s is refused with status 403", async (_, change) => {
    const { path, headers } = await signedRequest();
    expect(await get(change(path), headers)).toMatchObject({
      status: 403,
      error: "InvalidSignatureException",
    });
  });

  test("none is refused with status 403, and recorded", async () => {
    expect(await get("/2015-03-31/functions/check/configuration")).toEqual({
      status: 403,
      error: "MissingAuthenticationTokenException",
      body: { Type: "User", Message: "Missing Authentication Token" },
    });
    expect(run.aws.calls).toMatchObject([
      {
        service: "lambda",
        operation: "GetFunctionConfiguration",
        input: { FunctionName: "check" },
      },
    ]);
  });
});

test.each([
  "/2015-03-31/functions/check",
  "/2015-03-31/functions/check/invocations",
  "/2015-03-31/functions/check/configuration/more",
  "/",
])("%s is no operation to get, and not recorded", async (path) => {
  expect((await get(path)).body).toEqual({ __type: "UnknownOperationException" });
  expect(run.aws.calls).toEqual([]);
});
