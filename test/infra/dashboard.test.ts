import { beforeAll, describe, expect, test } from "@jest/globals";
import { dashboardUrl } from "../../infra/dashboard.ts";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../../lambda/renewal-policy.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { renderStack } from "./rendered-stack.ts";

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly region: string;
    readonly title: string;
    readonly stat?: string;
    readonly period?: number;
    readonly metrics?: readonly string[][];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
    readonly view?: string;
    readonly query?: string;
  };
}

const ACCOUNTS = accountIdsOf(MAX_ACCOUNTS);

describe("The dashboard", () => {
  let widgets: readonly Widget[];
  let functionName: string;
  let logGroupName: string;
  beforeAll(async () => {
    const { engine } = await renderStack({ accounts: ACCOUNTS });
    const { inputs } = engine.only("aws:cloudwatch/dashboard:Dashboard");
    widgets = JSON.parse(String(inputs["dashboardBody"])).widgets;
    const { loggingConfig } = JSON.parse(
      JSON.stringify(engine.only("aws:lambda/function:Function").inputs),
    );
    logGroupName = loggingConfig.logGroup;
    const [alarm] = engine.of("aws:cloudwatch/metricAlarm:MetricAlarm");
    functionName = JSON.parse(JSON.stringify(alarm?.inputs["dimensions"])).FunctionName;
  });

  const graphOf = (metric: string) => {
    const shows = ({ properties }: Widget) =>
      properties.metrics?.some(([, name]) => name === metric);
    const [widget, ...others] = widgets.filter(shows);
    if (widget && others.length === 0) return widget.properties;
    throw new Error(`expected one graph of ${metric}, found ${others.length}`);
  };

  test("draws both thresholds, two thirds and one third, into the graph of lifetimes", () => {
    const { stat, annotations } = graphOf("TokenLifeRemaining");
    const values = annotations?.horizontal.map(({ value }) => value) ?? [];
    expect(stat).toBe("Minimum");
    expect(values).toEqual([expect.closeTo(66.667, 2), expect.closeTo(33.333, 2)]);
  });

  test("has a line for each account in the largest stack", () => {
    expect(graphOf("TokenLifeRemaining").metrics).toEqual(
      ACCOUNTS.map((account) => [
        "DinteroTokenRotation",
        "TokenLifeRemaining",
        "FunctionName",
        functionName,
        "DinteroAccount",
        account,
      ]),
    );
  });

  test.each(["TokensRenewed", "RenewalsFailed", "CredentialsRejected", "ChecksCompleted"])(
    "shows the sum of %s, of this stack's function",
    (metric) => {
      const { stat, metrics } = graphOf(metric);
      expect(stat).toBe("Sum");
      expect(metrics).toContainEqual([
        "DinteroTokenRotation",
        metric,
        "FunctionName",
        functionName,
      ]);
    },
  );

  test("shows the function's own errors", () => {
    expect(graphOf("Errors").metrics).toContainEqual([
      "AWS/Lambda",
      "Errors",
      "FunctionName",
      functionName,
    ]);
  });

  test("lists the accounts from the function's log", () => {
    const [log, ...others] = widgets.filter(({ type }) => type === "log");
    const steps = log?.properties.query?.split(" | ") ?? [];
    expect(others).toEqual([]);
    expect(log?.properties.view).toBe("table");
    expect(steps[0]).toBe(`SOURCE '${logGroupName}'`);
    expect(steps.find((step) => step.startsWith("stats "))).toMatch(/ by accountId$/);
    for (const field of ["outcome", "expiresAt", "lifeRemainingPercent", "code", "whatToDo"]) {
      expect(steps.join()).toContain(`latest(${field})`);
    }
  });

  test("is of the stack's Region, in periods of one check interval", async () => {
    const place = { partition: "aws", region: "us-west-2", awsAccountId: "123456789012" };
    const { engine } = await renderStack({ place });
    const { inputs } = engine.only("aws:cloudwatch/dashboard:Dashboard");
    const elsewhere: Widget[] = JSON.parse(String(inputs["dashboardBody"])).widgets;
    for (const { properties } of elsewhere) expect(properties.region).toBe("us-west-2");
    const periods = elsewhere.flatMap(({ properties: { period } }) => period ?? []);
    expect(periods).toEqual(Array(3).fill(CHECK_INTERVAL_MINUTES * 60));
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
  test("fits into the 24 columns of the grid, and no widgets overlap", () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });
});

describe("The dashboard's address", () => {
  test.each([
    ["aws", "eu-north-1", "eu-north-1.console.aws.amazon.com"],
    ["aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"],
    ["aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"],
  ])("in partition %s is of that partition's console", (partition, region, host) => {
    expect(dashboardUrl({ partition, region }, "tokens-test")).toBe(
      `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/tokens-test`,
    );
  });
});
