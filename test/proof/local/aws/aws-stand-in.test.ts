import { expect, test } from "@jest/globals";
import { refusal, withAws } from "./with-aws.ts";

const run = withAws();

test("The record of calls holds every call in order, with input and error", async () => {
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

test("An operation that the stand-in does not have is refused", async () => {
  const call = run.ssm.addTagsToResource({ ResourceType: "Parameter", ResourceId: "/a", Tags: [] });
  expect((await refusal(call)).name).toBe("UnknownOperationException");
});

test("A reset forgets parameters, secrets, calls and faults", async () => {
  const { aws, ssm, secrets } = run;
  await ssm.putParameter({ Name: "/a", Type: "String", Value: "1" });
  await secrets.createSecret({ Name: "s" });
  aws.addFault({ operation: "GetParameter", effect: { error: "AccessDeniedException" } });
  aws.reset();
  expect(aws.calls).toEqual([]);
  expect((await refusal(ssm.getParameter({ Name: "/a" }))).name).toBe("ParameterNotFound");
  expect((await refusal(secrets.describeSecret({ SecretId: "s" }))).name).toBe(
    "ResourceNotFoundException",
  );
});
