/** The dashboard for the on-call person. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  ACCOUNT_DIMENSION,
  FUNCTION_DIMENSION,
  METRIC_NAMESPACE,
  METRICS,
  PROJECT_NAME,
} from "../lambda/contract.ts";
import {
  AT_RISK_PERCENT,
  CHECK_INTERVAL_MINUTES,
  RENEW_AT_THIRDS_LEFT,
} from "../lambda/renewal-policy.ts";

import type { Place } from "./access.ts";

export interface DashboardArgs {
  readonly place: pulumi.Output<Place>;
  readonly accounts: readonly string[];
  readonly lambda: aws.lambda.Function;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

export function createDashboard(
  name: string,
  { place, accounts, lambda, logGroup }: DashboardArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.Dashboard {
  return new aws.cloudwatch.Dashboard(
    `${name}-dashboard`,
    {
      // CloudWatch requires a name. The function's name has a random suffix, so no other stack has it.
      dashboardName: pulumi.interpolate`${PROJECT_NAME}-${lambda.name}`,
      dashboardBody: pulumi
        .all([place, lambda.name, logGroup.name])
        .apply(([{ region }, functionName, logGroupName]) =>
          body({ region, accounts, functionName, logGroupName }),
        ),
    },
    opts,
  );
}

/** Source: CloudWatch, "Dashboard body structure and syntax". */
function body({
  region,
  accounts,
  functionName,
  logGroupName,
}: Pick<DashboardArgs, "accounts"> & {
  readonly region: string;
  readonly functionName: string;
  readonly logGroupName: string;
}): string {
  const ofFunction = [FUNCTION_DIMENSION, functionName];
  const own = (metric: string) => [METRIC_NAMESPACE, metric, ...ofFunction];
  const graph = (x: number, title: string, stat: string, metrics: string[][], rest = {}) => ({
    type: "metric",
    x,
    y: 0,
    width: 8,
    height: 6,
    properties: { region, title, stat, period: CHECK_INTERVAL_MINUTES * 60, metrics, ...rest },
  });
  return JSON.stringify({
    widgets: [
      graph(
        0,
        "Lifetime left of each token (%)",
        "Minimum",
        accounts.map((account) => [...own(METRICS.tokenLifeRemaining), ACCOUNT_DIMENSION, account]),
        {
          yAxis: { left: { min: 0, max: 100 } },
          annotations: {
            horizontal: [
              { label: "renewing", value: (100 * RENEW_AT_THIRDS_LEFT) / 3, color: "#ff9900" },
              { label: "at risk", value: AT_RISK_PERCENT, color: "#d13212", fill: "below" },
            ],
          },
        },
      ),
      graph(8, "Renewals", "Sum", [
        own(METRICS.tokensRenewed),
        own(METRICS.renewalsFailed),
        own(METRICS.credentialsRejected),
      ]),
      graph(16, "Checks", "Sum", [
        own(METRICS.checksCompleted),
        ["AWS/Lambda", "Errors", ...ofFunction],
      ]),
      {
        type: "log",
        x: 0,
        y: 6,
        width: 24,
        height: 8,
        properties: {
          region,
          title: "Accounts, as of their last check",
          view: "table",
          query: [
            `SOURCE '${logGroupName}'`,
            "fields @timestamp, accountId, outcome, expiresAt, lifeRemainingPercent, code, whatToDo",
            "filter ispresent(accountId)",
            "stats latest(@timestamp) as checked, latest(outcome) as result, latest(expiresAt) as expires, latest(lifeRemainingPercent) as lifeLeft, latest(code) as error, latest(whatToDo) as advice by accountId",
            "sort accountId asc",
          ].join(" | "),
        },
      },
    ],
  });
}

/** The address of the dashboard. The console has another domain in some partitions. */
export function dashboardUrl(
  { partition, region }: { readonly partition: string; readonly region: string },
  dashboardName: string,
): string {
  const domain = CONSOLE_DOMAINS.get(partition) ?? "console.aws.amazon.com";
  return `https://${region}.${domain}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
}

const CONSOLE_DOMAINS = new Map([
  ["aws-cn", "console.amazonaws.cn"],
  ["aws-us-gov", "console.amazonaws-us-gov.com"],
]);
