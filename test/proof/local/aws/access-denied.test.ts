import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { Lambda } from "@aws-sdk/client-lambda";
import { SNS } from "@aws-sdk/client-sns";
import { expect, test } from "@jest/globals";
import { refusal, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const lambda = withClient(run, Lambda);
const cloudwatch = withClient(run, CloudWatch);
const logs = withClient(run, CloudWatchLogs);
const sns = withClient(run, SNS);

test.each([
  {
    action: "lambda:InvokeFunction",
    operation: "Invoke",
    call: () => lambda().invoke({ FunctionName: "check" }),
    name: "AccessDeniedException",
    status: 403,
  },
  {
    action: "cloudwatch:DescribeAlarms",
    operation: "DescribeAlarms",
    call: () => cloudwatch().describeAlarms({ AlarmNames: [] }),
    name: "AccessDenied",
    status: 403,
  },
  {
    action: "logs:FilterLogEvents",
    operation: "FilterLogEvents",
    call: () => logs().filterLogEvents({ logGroupName: "group" }),
    name: "AccessDeniedException",
    status: 400,
  },
  {
    action: "SNS:ListSubscriptionsByTopic",
    operation: "ListSubscriptionsByTopic",
    call: () => sns().listSubscriptionsByTopic({ TopicArn: run.aws.topics.create("topic") }),
    name: "AuthorizationErrorException",
    status: 403,
  },
])("without $action, AWS says which permission is missing on what", async (denied) => {
  const { action, operation, call, name, status } = denied;
  const allow = run.aws.denyAccess({ operation, action, resource: "arn:aws:some:thing" });
  expect(await refusal(call())).toMatchObject({
    name,
    message: `User: arn:aws:iam::123456789012:user/engineer is not authorized to perform: ${action} on resource: arn:aws:some:thing because no identity-based policy allows the ${action} action`,
    $metadata: { httpStatusCode: status },
  });
  expect(run.aws.calls).toMatchObject([{ operation, error: expect.any(String) }]);
  allow();
  const outcome = await call().catch((error: Error) => error.name);
  expect(outcome).not.toBe(name);
});
