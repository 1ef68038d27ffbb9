/** The function that makes the checks, with its role and its log. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DINTERO_API_ORIGIN, FUNCTION_TIMEOUT_SECONDS } from "../lambda/contract.ts";
import { credentialsReaderPolicy, functionTrust, type Place, tokenWriterPolicy } from "./access.ts";
import type { CheckedArgs } from "./checked-args.ts";

export interface CheckFunctionArgs
  extends Pick<
    CheckedArgs,
    "environment" | "accounts" | "logRetentionDays" | "permissionsBoundaryArn"
  > {
  readonly place: pulumi.Output<Place>;
  /** The bundle, `index.mjs`. */
  readonly code: pulumi.asset.Archive;
  readonly keyArn: pulumi.Input<string>;
  readonly secretArns: readonly pulumi.Input<string>[];
  readonly tags: Readonly<Record<string, string>>;
  /** For the parameters that the function creates, in addition to its own tags. */
  readonly parameterTags: CheckedArgs["tags"];
}

export interface CheckFunction {
  readonly lambda: aws.lambda.Function;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

export function createCheckFunction(
  name: string,
  args: CheckFunctionArgs,
  opts: pulumi.CustomResourceOptions,
): CheckFunction {
  const { environment, accounts, tags } = args;
  // Created first: Lambda would create a log group that keeps everything for ever.
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-log`,
    { retentionInDays: args.logRetentionDays, tags },
    opts,
  );
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      description: "Role of the function that keeps Dintero tokens fresh.",
      assumeRolePolicy: functionTrust(),
      permissionsBoundary: args.permissionsBoundaryArn,
      tags,
    },
    opts,
  );
  const lambda = new aws.lambda.Function(
    `${name}-check`,
    {
      description: `Keeps the API tokens of Dintero accounts fresh, ${environment}`,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: args.code,
      memorySize: MEMORY_MIB,
      timeout: FUNCTION_TIMEOUT_SECONDS,
      role: role.arn,
      environment: {
        variables: {
          DINTERO_ENVIRONMENT: environment,
          DINTERO_ACCOUNT_IDS: accounts.join(","),
          DINTERO_API_ORIGIN,
          KMS_KEY_ID: args.keyArn,
          ...(args.parameterTags && { PARAMETER_TAGS: JSON.stringify(args.parameterTags) }),
        },
      },
      loggingConfig: {
        logGroup: logGroup.name,
        logFormat: "JSON",
        // Metrics are log lines at level INFO: a higher level would drop them.
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
      },
      tags,
    },
    // The function is invoked as soon as it exists.
    { ...opts, dependsOn: permit(name, role, logGroup, args, opts) },
  );
  return { lambda, logGroup };
}

/** See docs/design.md, "Memory". */
const MEMORY_MIB = 512;

function permit(
  name: string,
  role: aws.iam.Role,
  logGroup: aws.cloudwatch.LogGroup,
  { place, environment, accounts, keyArn, secretArns, tags }: CheckFunctionArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  // Lambda names the streams, one per instance of the function.
  const logStreamArns = pulumi.interpolate`${logGroup.arn}:*`;
  const tokens = new aws.iam.RolePolicy(
    `${name}-tokens`,
    {
      role: role.id,
      policy: place.apply((it) => tokenWriterPolicy(it, accounts, keyArn, logStreamArns)),
    },
    opts,
  );
  // A managed policy, because all inline policies of a role together have at most 10,240 characters.
  const credentials = new aws.iam.Policy(
    `${name}-credentials`,
    {
      description: `Read the credentials of Dintero API clients, ${environment}`,
      policy: place.apply((it) => credentialsReaderPolicy(it, [...secretArns], keyArn)),
      tags,
    },
    opts,
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    `${name}-credentials-attachment`,
    { role: role.name, policyArn: credentials.arn },
    opts,
  );
  return [tokens, attachment];
}
