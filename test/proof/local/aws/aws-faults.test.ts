import { SSM } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "@jest/globals";
import { AwsStandIn } from "../../../../proof/local/aws/aws-stand-in.ts";
import { clientConfig, refusal, START_MS, withAws } from "./with-aws.ts";

const run = withAws();

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
