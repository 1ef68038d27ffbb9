import { SSM } from "@aws-sdk/client-ssm";
import { expect, test } from "@jest/globals";
import { clientConfig, refusal, withAws } from "./with-aws.ts";

const run = withAws();
const PUT = { Name: "/a", Type: "String" as const, Value: "1" };
const read = (Name = "/a") => run.ssm.getParameter({ Name });

test("An error replaces the operation until it is removed", async () => {
  const remove = run.aws.addFault({
    operation: "PutParameter",
    effect: { error: "AccessDeniedException", message: "not allowed" },
  });
  expect(await refusal(run.ssm.putParameter(PUT))).toMatchObject({
    name: "AccessDeniedException",
    message: "not allowed",
    $metadata: { httpStatusCode: 400 },
  });
  expect((await refusal(read())).name).toBe("ParameterNotFound");
  remove();
  expect(await run.ssm.putParameter(PUT)).toMatchObject({ Version: 1 });
});

test("A fault affects only the calls that it names, as often as it says", async () => {
  run.aws.addFault({
    operation: "GetParameter",
    when: (input) => input["Name"] === "/struck",
    times: 1,
    effect: { error: "AccessDeniedException" },
  });
  const names = ["/other", "/struck", "/struck"];
  const errors = [await refusal(run.ssm.deleteParameter({ Name: "/struck" }))];
  for (const name of names) errors.push(await refusal(read(name)));
  expect(errors.map(({ name }) => name)).toEqual([
    "ParameterNotFound",
    "ParameterNotFound",
    "AccessDeniedException",
    "ParameterNotFound",
  ]);
});

test.each([
  ["before", "disconnect", "ParameterNotFound"],
  ["after", undefined, undefined],
] as const)("A connection cut %s the operation", async (moment, recorded, readError) => {
  run.aws.addFault({ operation: "PutParameter", effect: { disconnect: moment } });
  expect((await refusal(run.ssm.putParameter(PUT))).message).toContain("socket hang up");
  expect(run.aws.calls[0]?.error).toBe(recorded);
  expect(
    await read().then(
      () => undefined,
      ({ name }) => name,
    ),
  ).toBe(readError);
});

test("An answer lost after a refused operation records the refusal", async () => {
  run.aws.addFault({ operation: "GetParameter", effect: { disconnect: "after" } });
  await refusal(read());
  expect(run.aws.calls).toMatchObject([{ error: "ParameterNotFound" }]);
});

test("A write that overlaps with another of the same parameter is refused, and does nothing", async () => {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  run.aws.addFault({
    operation: "PutParameter",
    when: () => {
      arrived.resolve();
      return true;
    },
    times: 1,
    effect: { writesUntil: released.promise },
  });
  const first = run.ssm.putParameter(PUT);
  await arrived.promise;
  expect(await refusal(run.ssm.putParameter({ ...PUT, Value: "2" }))).toMatchObject({
    name: "TooManyUpdates",
    $metadata: { httpStatusCode: 400 },
  });
  expect(await run.ssm.putParameter({ ...PUT, Name: "/b" })).toMatchObject({ Version: 1 });
  released.resolve();
  expect(await first).toMatchObject({ Version: 1 });
  expect((await read()).Parameter?.Value).toBe("1");
  expect(await run.ssm.putParameter({ ...PUT, Overwrite: true })).toMatchObject({ Version: 2 });
});

test("Only the client's own time-out ends a hang", async () => {
  run.aws.addFault({ operation: "GetParameter", effect: { hang: true } });
  const client = new SSM({
    ...clientConfig(run.aws),
    maxAttempts: 1,
    requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
  });
  expect((await refusal(client.getParameter({ Name: "/a" }))).name).toBe("TimeoutError");
  expect(run.aws.calls).toMatchObject([{ error: "hang" }]);
  client.destroy();
});
