import { Lambda } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "@jest/globals";
import type { DeployedFunction } from "../../../../proof/local/aws/functions.ts";
import { refusal, START_MS, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const lambda = withClient(run, Lambda);

const ARN = "arn:aws:lambda:eu-north-1:123456789012:function:check";

function deploy(invoke: DeployedFunction["invoke"]): void {
  run.aws.logs.create("check-log");
  run.aws.functions.deploy({ name: "check", logGroupName: "check-log", invoke });
}

const quiet: DeployedFunction["invoke"] = async () => ({ result: { accounts: [] }, output: "" });

async function logLines(): Promise<unknown[]> {
  const { logLines: lines } = await run.aws.functions.run("check", {}, "the-request");
  return lines.map((line) => JSON.parse(line));
}

describe("Invoke", () => {
  test("the function gets the event and the request id, and its result comes back", async () => {
    const got: unknown[] = [];
    deploy(async (event, requestId) => {
      got.push(event, requestId);
      return { result: { accounts: [{ accountId: "T123", outcome: "fresh" }] }, output: "" };
    });
    const reply = await lambda().invoke({
      FunctionName: "check",
      Payload: JSON.stringify({ accounts: ["T123"] }),
    });
    expect(got).toEqual([{ accounts: ["T123"] }, reply.$metadata.requestId]);
    expect(reply).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(reply.FunctionError).toBeUndefined();
    expect(reply.LogResult).toBeUndefined();
    expect(JSON.parse(reply.Payload?.transformToString() ?? "")).toEqual({
      accounts: [{ accountId: "T123", outcome: "fresh" }],
    });
  });

  test("without a payload the event is an empty object", async () => {
    const got: unknown[] = [];
    deploy(async (event) => {
      got.push(event);
      return { result: { accounts: [] }, output: "" };
    });
    await lambda().invoke({ FunctionName: "check" });
    expect(got).toEqual([{}]);
  });

  test.each(["check", ARN])("the function may be named as %s", async (FunctionName) => {
    deploy(quiet);
    expect(await lambda().invoke({ FunctionName })).toMatchObject({ StatusCode: 200 });
  });

  test.each([
    [
      "throws",
      async () => ({ error: { errorType: "RangeError", errorMessage: "too far" }, output: "" }),
    ],
    ["cannot be loaded", () => Promise.reject(new RangeError("too far"))],
  ])("a function that %s is an unhandled error, with type and message", async (_, invoke) => {
    deploy(invoke);
    const reply = await lambda().invoke({ FunctionName: "check" });
    expect(reply).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(reply.Payload?.transformToString() ?? "")).toEqual({
      errorType: "RangeError",
      errorMessage: "too far",
    });
  });

  test("an unknown function is not found", async () => {
    expect(await refusal(lambda().invoke({ FunctionName: "other" }))).toMatchObject({
      name: "ResourceNotFoundException",
      message: "Function not found: arn:aws:lambda:eu-north-1:123456789012:function:other",
      Type: "User",
      $metadata: { httpStatusCode: 404, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test("a payload that is no JSON is refused, and the function not run", async () => {
    deploy(() => Promise.reject(new Error("It was run.")));
    const call = lambda().invoke({ FunctionName: "check", Payload: "{" });
    expect(await refusal(call)).toMatchObject({ name: "InvalidRequestContentException" });
  });

  test("an invocation that nobody waits for is not played", async () => {
    deploy(quiet);
    const call = lambda().invoke({ FunctionName: "check", InvocationType: "Event" });
    expect((await refusal(call)).name).toBe("ValidationException");
  });

  test("LogType Tail gives the last 4 KB of the log", async () => {
    const line = JSON.stringify({ message: "x".repeat(5000) });
    deploy(async () => ({ result: { accounts: [] }, output: `${line}\n` }));
    const reply = await lambda().invoke({ FunctionName: "check", LogType: "Tail" });
    const tail = Buffer.from(reply.LogResult ?? "", "base64").toString();
    expect(tail).toHaveLength(4096);
    expect(tail).toMatch(/^x+"}\n\{"time":.*"type":"platform.report".*}\n$/);
  });
});

describe("the log of an invocation", () => {
  test("holds what the function wrote, between Lambda's own lines", async () => {
    deploy(async () => {
      run.clock.nowMs += 250;
      return { result: { accounts: [] }, output: '{"message":"one"}\n{"message":"two"}\n' };
    });
    expect(await logLines()).toEqual([
      {
        time: new Date(START_MS).toISOString(),
        type: "platform.start",
        record: { requestId: "the-request", functionArn: ARN, version: "$LATEST" },
      },
      { message: "one" },
      { message: "two" },
      {
        time: new Date(START_MS + 250).toISOString(),
        type: "platform.report",
        record: {
          requestId: "the-request",
          metrics: expect.objectContaining({ durationMs: 250, billedDurationMs: 250 }),
          status: "success",
        },
      },
    ]);
  });

  test("reports an error where the handler threw", async () => {
    deploy(async () => ({ error: { errorType: "Error", errorMessage: "no" }, output: "" }));
    expect((await logLines()).at(-1)).toMatchObject({ record: { status: "error" } });
  });
});

describe("GetFunctionConfiguration", () => {
  test("tells the log group", async () => {
    deploy(quiet);
    expect(await lambda().getFunctionConfiguration({ FunctionName: "check" })).toMatchObject({
      FunctionArn: ARN,
      LoggingConfig: { LogFormat: "JSON", LogGroup: "check-log" },
    });
  });

  test("an unknown function is not found", async () => {
    const call = lambda().getFunctionConfiguration({ FunctionName: "other" });
    expect((await refusal(call)).name).toBe("ResourceNotFoundException");
  });
});
