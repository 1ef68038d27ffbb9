/**
 * What a stack uses in a month: the calls and metrics of a simulated day, and the resources that the
 * Pulumi program makes.
 */
import { pathToFileURL } from "node:url";
import { writeBundle } from "../../infra/bundle.ts";
import { BUNDLE_PATH } from "../../infra/bundle-path.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { accountIdsOf } from "../account-ids.ts";
import { MINUTE_MS } from "../durations.ts";
import type { RegisteredResource } from "../local/pulumi/recording-monitor.ts";
import type { Usage } from "./cost.ts";
import { CountedStack } from "./counted-stack.ts";
import { runOwnProgram } from "./own-program.ts";

const DAYS_OF_A_MONTH = 30;
const CHECKS_OF_A_DAY = (24 * 60) / CHECK_INTERVAL_MINUTES;

/** Once every account has its first token, with tokens of 24 h. */
export async function measureUsage(accounts: number): Promise<Usage> {
  const { resources } = await runOwnProgram(accounts);
  const numberOf = (type: string) => resources.filter((it) => it.type === type).length;
  await writeBundle();
  await using stack = await CountedStack.start(
    pathToFileURL(BUNDLE_PATH).href,
    accountIdsOf(accounts),
  );
  const day = await stack.makeChecks(CHECKS_OF_A_DAY, CHECK_INTERVAL_MINUTES * MINUTE_MS);
  const callsOf = (service: string) =>
    Object.entries(day.calls)
      .filter(([operation]) => operation.startsWith(`${service}:`))
      .reduce((sum, [, count]) => sum + count * DAYS_OF_A_MONTH, 0);
  return {
    kmsKeys: numberOf("aws:kms/key:Key"),
    kmsRequests: day.kmsRequests * DAYS_OF_A_MONTH + callsOf("kms"),
    secrets: numberOf("aws:secretsmanager/secret:Secret"),
    secretsManagerCalls: callsOf("secretsmanager"),
    parameterStoreCalls: callsOf("ssm"),
    metrics: new Set(day.lines.flatMap(metricsIn)).size,
    alarmMetrics: resources.reduce((sum, resource) => sum + alarmMetricsOf(resource), 0),
    checks: CHECKS_OF_A_DAY * DAYS_OF_A_MONTH,
    memoryGigabytes: memoryMiBOf(resources) / 1024,
    logBytes:
      DAYS_OF_A_MONTH *
      (day.lines.reduce((sum, line) => sum + loggedBytes(line), 0) +
        CHECKS_OF_A_DAY * LAMBDA_LOG_BYTES_A_CHECK),
  };
}

/** What CloudWatch adds to each line. Source: "PutLogEvents", InputLogEvents. */
const BYTES_A_LOG_EVENT = 26;

/** Lambda's own lines `platform.start` and `platform.report` in JSON, about. */
const LAMBDA_LOG_BYTES_A_CHECK = 700;

function loggedBytes(line: string): number {
  return Buffer.byteLength(line) + BYTES_A_LOG_EVENT;
}

/** Each with its dimensions: CloudWatch bills each combination as a metric. */
function metricsIn(line: string): string[] {
  const { _aws: embedded, ...values } = JSON.parse(line);
  return (embedded?.CloudWatchMetrics ?? []).flatMap(
    (directive: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }) =>
      directive.Metrics.flatMap(({ Name }) =>
        directive.Dimensions.map((dimensions) =>
          [directive.Namespace, Name, ...dimensions.map((it) => `${it}=${values[it]}`)].join(" "),
        ),
      ),
  );
}

/** An alarm costs by the metrics that it looks at. */
function alarmMetricsOf({ type, inputs }: RegisteredResource): number {
  if (type !== "aws:cloudwatch/metricAlarm:MetricAlarm") return 0;
  const queries = inputs["metricQueries"];
  return Array.isArray(queries) ? queries.filter((query) => "metric" in query).length : 1;
}

function memoryMiBOf(resources: readonly RegisteredResource[]): number {
  const { inputs } = resources.find(({ type }) => type === "aws:lambda/function:Function") ?? {};
  return Number(inputs?.["memorySize"]);
}
