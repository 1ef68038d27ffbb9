import { expect, test } from "@jest/globals";
import { monthlyCost, PRICE_LIST, sumOf, type Usage } from "../../../proof/bench/cost.ts";
import { measureUsage } from "../../../proof/bench/measure-usage.ts";

const USAGE: Usage = {
  kmsKeys: 1,
  kmsRequests: 20_000,
  secrets: 20,
  secretsManagerCalls: 172_800,
  parameterStoreCalls: 38_200,
  metrics: 5,
  alarmMetrics: 5,
  checks: 8640,
  memoryGigabytes: 0.5,
  logBytes: 2e9,
};

test("Each item costs its quantity at the price in the list", () => {
  const costs = monthlyCost(USAGE).map(({ item, usd }) => [item, Number(usd.toFixed(4))]);
  expect(costs).toEqual([
    ["KMS key", 1],
    ["requests to KMS", 0.06],
    ["secrets", 8],
    ["calls of Secrets Manager", 0.864],
    ["calls of Parameter Store", 0],
    ["metrics", 1.5],
    ["alarms", 0.5],
    ["schedule, invocations", 0.0086],
    ["Lambda, requests", 0.0017],
    ["Lambda, GB-seconds", 0.0173],
    ["log taken in, GB", 1],
    ["log kept, GB", 0.18],
  ]);
});

test("The sum is that of the items", () => {
  expect(
    sumOf([
      { item: "a", quantity: 1, usd: 0.25 },
      { item: "b", quantity: 2, usd: 0.5 },
    ]),
  ).toBe(0.75);
});

test("Each price of the list has a date and a source", () => {
  expect(PRICE_LIST.date).toMatch(/^\d{4}-\d{2}$/);
  for (const { source } of Object.values(PRICE_LIST.prices)) {
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.+\/pricing\//);
  }
});

test("A stack costs about 3.50 dollars a month, and 0.90 at most for each further account", async () => {
  const costOf = async (accounts: number) => sumOf(monthlyCost(await measureUsage(accounts)));
  const [one, two] = [await costOf(1), await costOf(2)];
  expect(one).toBeGreaterThan(3.4);
  expect(one).toBeLessThan(3.6);
  expect(two - one).toBeLessThanOrEqual(0.9);
  // A month of checks by the deployed bundle; a busy machine needs more than a minute.
}, 300_000);
