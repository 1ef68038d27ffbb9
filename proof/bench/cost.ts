/** What a month costs, item by item, from what was used and the list prices. Pure. */
import { readFileSync } from "node:fs";

interface Price {
  readonly usd: number;
  readonly per: number;
  readonly source: string;
}

/** The file that holds every price, with its source. */
export const PRICE_LIST: {
  readonly date: string;
  readonly region: string;
  readonly prices: Readonly<Record<string, Price>>;
} = JSON.parse(readFileSync(new URL("./prices.json", import.meta.url), "utf8"));

/** Of one stack in a month of 30 days, without its readers. */
export interface Usage {
  readonly kmsKeys: number;
  readonly kmsRequests: number;
  readonly secrets: number;
  readonly secretsManagerCalls: number;
  readonly parameterStoreCalls: number;
  readonly metrics: number;
  readonly alarmMetrics: number;
  readonly checks: number;
  readonly memoryGigabytes: number;
  readonly logBytes: number;
}

export interface CostItem {
  readonly item: string;
  readonly quantity: number;
  readonly usd: number;
}

/**
 * What Lambda bills of a check, which loopback cannot show: most of it is waiting for AWS, about 20 ms
 * a call, and sometimes a cold start.
 */
export const BILLED_SECONDS_A_CHECK = 0.3;

/** How long the log is kept by default. */
const LOG_MONTHS = 3;

/** A dashboard is left out: an AWS account's first three cost nothing. */
export function monthlyCost(usage: Usage): CostItem[] {
  const logGigabytes = usage.logBytes / 1e9;
  return [
    item("KMS key", usage.kmsKeys, "kmsKeyMonth"),
    item("requests to KMS", usage.kmsRequests, "kmsRequest"),
    item("secrets", usage.secrets, "secretMonth"),
    item("calls of Secrets Manager", usage.secretsManagerCalls, "secretsManagerCall"),
    item("calls of Parameter Store", usage.parameterStoreCalls, "parameterStoreCall"),
    item("metrics", usage.metrics, "metricMonth"),
    item("alarms", usage.alarmMetrics, "alarmMetricMonth"),
    item("schedule, invocations", usage.checks, "scheduledInvocation"),
    item("Lambda, requests", usage.checks, "lambdaRequest"),
    item(
      "Lambda, GB-seconds",
      usage.checks * usage.memoryGigabytes * BILLED_SECONDS_A_CHECK,
      "lambdaGigabyteSecond",
    ),
    item("log taken in, GB", logGigabytes, "logGigabyteIngested"),
    item("log kept, GB", logGigabytes * LOG_MONTHS, "logGigabyteMonth"),
  ];
}

export function sumOf(items: readonly CostItem[]): number {
  return items.reduce((sum, { usd }) => sum + usd, 0);
}

function item(name: string, quantity: number, priceName: string): CostItem {
  const price = PRICE_LIST.prices[priceName];
  if (!price) throw new Error(`proof/bench/prices.json has no price ${priceName}.`);
  return { item: name, quantity, usd: (quantity * price.usd) / price.per };
}
