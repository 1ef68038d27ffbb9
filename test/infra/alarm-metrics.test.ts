/** The alarms watch what the built function really sends. */
import { expect, test } from "@jest/globals";
import { ALARMS } from "../../infra/alarm-definitions.ts";
import { AwsStandIn } from "../../proof/local/aws/aws-stand-in.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { Sandbox } from "../../proof/local/sandbox.ts";
import { VirtualClock } from "../../proof/local/virtual-clock.ts";
import { withBuiltBundle } from "../support/built-bundle.ts";
import { jsonLines } from "../support/captured-output.ts";
import { renderStack } from "./rendered-stack.ts";

const bundle = withBuiltBundle();

interface MetricDirective {
  readonly Namespace: string;
  readonly Dimensions: readonly string[][];
  readonly Metrics: readonly { readonly Name: string }[];
}

/** Namespace, name and dimensions of each metric that a check of all accounts sends. */
async function sentMetrics(): Promise<object[]> {
  await using stack = new AsyncDisposableStack();
  const clock = new VirtualClock();
  const aws = stack.adopt(await AwsStandIn.start({ now: clock.now }), (it) => it.close());
  const dintero = stack.adopt(await DinteroStandIn.start({ now: clock.now }), (it) => it.close());
  const options = { accountIds: ["T12345678"], bundleUrl: bundle.url, clock, aws, dintero };
  const sandbox = stack.adopt(await Sandbox.deploy(options), (it) => it.close());
  await sandbox.enterCredentials("T12345678");
  const { output } = await sandbox.check();
  const [document] = jsonLines(output).filter((line) => "_aws" in line);
  const emf = JSON.parse(JSON.stringify(document?.["_aws"]));
  const directives: MetricDirective[] = emf.CloudWatchMetrics;
  return directives.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name }) => ({ namespace: Namespace, metricName: Name, dimensions: Dimensions })),
  );
}

test("each alarm on a metric of ours refers to one that the function sends", async () => {
  const { engine } = await renderStack();
  const alarms = engine
    .of("aws:cloudwatch/metricAlarm:MetricAlarm")
    .map(({ inputs: { namespace, metricName, dimensions } }) => ({
      namespace,
      metricName,
      dimensions: [Object.keys(dimensions ?? {})],
    }));
  const own = alarms.filter(({ namespace }) => namespace !== "AWS/Lambda");
  const sent = await sentMetrics();

  expect(own).toHaveLength(4);
  for (const alarm of own) expect(sent).toContainEqual(alarm);
});

test("every alarm is about this stack's function", async () => {
  const { engine, rotation } = await renderStack();
  const functionName = await new Promise((resolve) => rotation.functionName.apply(resolve));
  const alarms = engine.of("aws:cloudwatch/metricAlarm:MetricAlarm");
  expect(alarms).toHaveLength(ALARMS.length);
  for (const { inputs } of alarms)
    expect(inputs["dimensions"]).toEqual({ FunctionName: functionName });
});
