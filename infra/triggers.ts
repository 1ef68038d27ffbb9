/** What invokes the function: the schedule, and a changed secret. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { credentialsSecretName } from "../lambda/contract.ts";
import { CHECK_INTERVAL_MINUTES } from "../lambda/renewal-policy.ts";
import { type Place, schedulerPolicy, schedulerTrust } from "./access.ts";
import type { CheckedArgs } from "./checked-args.ts";

interface TriggerArgs {
  readonly lambda: aws.lambda.Function;
  readonly tags: Readonly<Record<string, string>>;
}

/** Nothing is retried for longer than an interval, because the next check comes then. */
const INTERVAL_SECONDS = CHECK_INTERVAL_MINUTES * 60;
const RETRY_WITHIN_INTERVAL = {
  maximumEventAgeInSeconds: INTERVAL_SECONDS,
  maximumRetryAttempts: 3,
};

/** A check of all accounts every few minutes, the first at once. */
export function createSchedule(
  name: string,
  {
    place,
    lambda,
    permissionsBoundaryArn,
    tags,
  }: TriggerArgs &
    Pick<CheckedArgs, "permissionsBoundaryArn"> & { readonly place: pulumi.Output<Place> },
  opts: pulumi.CustomResourceOptions,
): void {
  // A group of its own, because a role can only be bound to a group and not to a schedule.
  const group = new aws.scheduler.ScheduleGroup(`${name}-schedules`, { tags }, opts);
  const role = new aws.iam.Role(
    `${name}-schedule-role`,
    {
      description: "Lets the schedule invoke the function that keeps Dintero tokens fresh.",
      assumeRolePolicy: place.apply((it) => schedulerTrust(it, group.arn)),
      permissionsBoundary: permissionsBoundaryArn,
      tags,
    },
    opts,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-schedule-policy`,
    { role: role.id, policy: schedulerPolicy(lambda.arn) },
    opts,
  );
  new aws.scheduler.Schedule(
    `${name}-schedule`,
    {
      description: "Invokes the function that keeps Dintero tokens fresh.",
      groupName: group.name,
      scheduleExpression: `rate(${CHECK_INTERVAL_MINUTES} minutes)`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: lambda.arn,
        roleArn: role.arn,
        input: "{}",
        retryPolicy: RETRY_WITHIN_INTERVAL,
      },
    },
    // It fires at once. Before the role may call the function, the call would be refused.
    { ...opts, dependsOn: [policy] },
  );
}

/** A check of the account whose secret has a new current version. */
export function createSecretRule(
  name: string,
  { accounts, lambda, tags }: TriggerArgs & { readonly accounts: readonly string[] },
  opts: pulumi.CustomResourceOptions,
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-secret-changed`,
    {
      description: "Invokes the function when the credentials of a Dintero API client change.",
      // Names and not ARNs: twenty of these fit into the 2,048 characters of a pattern.
      eventPattern: JSON.stringify({
        source: ["aws.secretsmanager"],
        "detail-type": ["Secret Label Updated"],
        detail: { name: accounts.map(credentialsSecretName), labelUpdated: ["AWSCURRENT"] },
      }),
      tags,
    },
    opts,
  );
  const permission = new aws.lambda.Permission(
    `${name}-secret-changed-permission`,
    {
      action: "lambda:InvokeFunction",
      function: lambda.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    `${name}-secret-changed-target`,
    { rule: rule.name, arn: lambda.arn, retryPolicy: RETRY_WITHIN_INTERVAL },
    { ...opts, dependsOn: [permission] },
  );
}

/** A failed check is not repeated: the next check is the retry. */
export function createInvocationLimits(
  name: string,
  lambda: aws.lambda.Function,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.lambda.FunctionEventInvokeConfig(
    `${name}-invocation-limits`,
    {
      functionName: lambda.name,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: INTERVAL_SECONDS,
    },
    opts,
  );
}
