import { STS } from "@aws-sdk/client-sts";
import { expect, test } from "@jest/globals";
import { clientConfig, refusal, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const sts = withClient(run, STS);

test("GetCallerIdentity tells the account and the user of the keys", async () => {
  expect(await sts().getCallerIdentity()).toMatchObject({
    Account: "123456789012",
    Arn: "arn:aws:iam::123456789012:user/engineer",
  });
});

// What an SDK shows of the errors that every service has, in the words of the Query protocol.
test.each([
  ["another secret key", { secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
  ["an unknown access key", { accessKeyId: "AKIAUNKNOWN" }, "InvalidClientTokenId"],
])("%s is refused with status 403", async (_, change, name) => {
  const client = new STS({
    ...clientConfig(run.aws),
    credentials: { ...run.aws.credentials, ...change },
    maxAttempts: 1,
  });
  expect(await refusal(client.getCallerIdentity())).toMatchObject({
    name,
    $metadata: { httpStatusCode: 403 },
  });
  client.destroy();
});

test("an operation that is not played is an invalid action", async () => {
  expect(await refusal(sts().getSessionToken())).toMatchObject({
    name: "InvalidAction",
    $metadata: { httpStatusCode: 400 },
  });
});
