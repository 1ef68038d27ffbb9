/** The alarms watch what the built function really sends. */
import { expect, test } from "@jest/globals";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { Sandbox } from "../../proof/local/sandbox.ts";
import { VirtualClock } from "../../proof/local/virtual-clock.ts";
import { withBuiltBundle } from "../support/built-bundle.ts";
import { jsonLines } from "../support/captured-output.ts";
import { renderStack } from "./rendered-stack.ts";

const bundle = withBuiltBundle();

const ACCOUNTS = ["T12345678", "T123"];

interface MetricDirective {
  readonly Namespace: string;
  readonly Dimensions: readonly string[][];
  readonly Metrics: readonly { readonly Name: string }[];
}

/** Namespace, name and dimensions of each metric that a check of all accounts sends. */
async function sentMetrics(functionName: string): Promise<object[]> {
  await using stack = new AsyncDisposableStack();
  const clock = new VirtualClock();
  const aws = stack.adopt(await AwsStandIn.start({ now: clock.now }), (it) => it.close());
  const dintero = stack.adopt(await DinteroStandIn.start({ now: clock.now }), (it) => it.close());
  const environment = { AWS_LAMBDA_FUNCTION_NAME: functionName };
  const options = { accountIds: ACCOUNTS, bundleUrl: bundle.url, clock, aws, dintero, environment };
  const sandbox = stack.adopt(await Sandbox.deploy(options), (it) => it.close());
  for (const accountId of ACCOUNTS) await sandbox.enterCredentials(accountId);
  const { output } = await sandbox.check();
  return jsonLines(output).flatMap((line) => {
    const { CloudWatchMetrics = [] } = Object(line["_aws"]);
    return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }: MetricDirective) =>
      Metrics.flatMap(({ Name }) =>
        Dimensions.map((names) => ({
          namespace: Namespace,
          metricName: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, line[name]])),
        })),
      ),
    );
  });
}

test("Each alarm watches a metric that the function sends, and no two watch the same", async () => {
  const { engine, rotation } = await renderStack({ accounts: ACCOUNTS });
  const functionName = await new Promise<string>((resolve) =>
    rotation.outputs.functionName.apply(resolve),
  );
  const watched = engine
    .of("aws:cloudwatch/metricAlarm:MetricAlarm")
    .map(({ inputs: { namespace, metricName, dimensions } }) => ({
      namespace,
      metricName,
      dimensions,
    }));
  // Lambda's own metric, of the function's name.
  const errors = { namespace: "AWS/Lambda", metricName: "Errors" };
  const sent = [
    ...(await sentMetrics(functionName)),
    { ...errors, dimensions: { FunctionName: functionName } },
  ];

  expect(watched).toHaveLength(4 + ACCOUNTS.length);
  for (const metric of watched) expect(sent).toContainEqual(metric);
  expect(new Set(watched.map((it) => JSON.stringify(it))).size).toBe(watched.length);
});
