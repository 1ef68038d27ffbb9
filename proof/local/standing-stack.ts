/**
 * A deployment that stays: the function, AWS and Dintero on this machine, with the outputs and the
 * environment that the operators' commands need to work against it.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { bundleLambda } from "../../infra/bundle.ts";
import {
  ACCOUNT_PREFIX,
  type ClientCredentials,
  credentialsSecretName,
  PROJECT_NAME,
  statusParameterName,
  tokenParameterName,
} from "../../lambda/contract.ts";
import { AwsStandIn } from "./aws/aws-stand-in.ts";
import { DinteroStandIn } from "./dintero/dintero-stand-in.ts";
import type { Invocation } from "./lambda-runtime.ts";
import { newClientCredentials, Sandbox } from "./sandbox.ts";
import { createStandingAlarms, type StandingAlarms } from "./standing-alarms.ts";
import { StandingEvaluation } from "./standing-evaluation.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Where the stand-in of the Pulumi CLI is: it has to come first in `PATH`. */
export const PULUMI_BIN = join(import.meta.dirname, "pulumi", "bin");

/** As `pulumi stack output --json` has them. */
export interface StandingOutputs extends StandingAlarms {
  /** By account. */
  readonly tokenParameterNames: Readonly<Record<string, string>>;
  /** By account. */
  readonly statusParameterNames: Readonly<Record<string, string>>;
  /** By account. */
  readonly credentialsSecretArns: Readonly<Record<string, string>>;
  readonly consumerPolicyArn: string;
  /** By account. */
  readonly consumerPolicyArns: Readonly<Record<string, string>>;
  readonly functionName: string;
  readonly keyArn: string;
  readonly dashboardUrl: string;
  readonly logGroupName: string;
}

export interface StandingStackOptions {
  readonly accountIds: readonly string[];
  /** How long tokens are valid. Default 24. */
  readonly lifetimeHours?: number;
  /** `file:` URL of the built function. Default: it is built. */
  readonly bundleUrl?: string;
  /** Whether urgent alarms have a topic of their own too. Default: no. */
  readonly hasUrgentTopic?: boolean;
  /** AWS account of the alarms' topics. Default: the stack's. */
  readonly topicsAccountId?: string;
}

/** Nothing of it is left once it is closed. */
export class StandingStack {
  /** `prod` for accounts of production, `test` otherwise. */
  readonly stackName: string;
  readonly aws: AwsStandIn;
  readonly dintero: DinteroStandIn;
  readonly sandbox: Sandbox;
  /** Of the alarms, which change only when it is made. */
  readonly evaluation: StandingEvaluation;
  readonly outputs: StandingOutputs;
  /** By account: an API client that Dintero accepts, though the secret is empty yet. */
  readonly apiClients: Readonly<Record<string, ClientCredentials>>;
  /** The variables that a command needs, in place of those of the same name. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder of its own, for what belongs to it. */
  readonly folder: string;
  readonly #resources: AsyncDisposableStack;

  static async start(options: StandingStackOptions): Promise<StandingStack> {
    await using resources = new AsyncDisposableStack();
    const clock = new VirtualClock();
    const { accountIds, lifetimeHours = 24, hasUrgentTopic = false } = options;
    const folder = resources.adopt(await mkdtemp(join(tmpdir(), `${PROJECT_NAME}-`)), (path) =>
      rm(path, { recursive: true }),
    );
    const dintero = resources.adopt(
      await DinteroStandIn.start({ now: clock.now, lifetimeSeconds: lifetimeHours * 3600 }),
      (standIn) => standIn.close(),
    );
    const aws = resources.adopt(await AwsStandIn.start({ now: clock.now }), (standIn) =>
      standIn.close(),
    );
    const functionName = physicalName("check");
    const sandbox = resources.adopt(
      await Sandbox.deploy({
        accountIds,
        bundleUrl: options.bundleUrl ?? (await build(folder)),
        clock,
        aws,
        dintero,
        environment: { AWS_LAMBDA_FUNCTION_NAME: functionName },
      }),
      (deployed) => deployed.close(),
    );
    const stackName = stackNameOf(accountIds);
    const alarms = createStandingAlarms(aws, {
      ...{ stack: stackName, accountIds, functionName, hasUrgentTopic, physicalName },
      topicsAccountId: options.topicsAccountId,
    });
    const { alarmNames } = alarms;
    const evaluation = new StandingEvaluation({ aws, now: clock.now, accountIds, alarmNames });
    const logGroupName = physicalName("log");
    aws.logs.create(logGroupName);
    aws.functions.deploy({
      name: functionName,
      logGroupName,
      invoke: async (event, requestId) => {
        const invocation = await sandbox.check(event, requestId);
        evaluation.record(invocation);
        return invocation;
      },
    });
    const outputs = {
      ...(await outputsOf(sandbox, aws, { functionName, logGroupName })),
      ...alarms,
    };
    const environment = await environmentOf({ folder, stackName, outputs, aws, dintero });
    return new StandingStack({
      ...{ stackName, aws, dintero, sandbox, evaluation, outputs, environment, folder },
      resources: resources.move(),
    });
  }

  private constructor(
    parts: Pick<
      StandingStack,
      | "stackName"
      | "aws"
      | "dintero"
      | "sandbox"
      | "evaluation"
      | "outputs"
      | "environment"
      | "folder"
    > & { readonly resources: AsyncDisposableStack },
  ) {
    this.stackName = parts.stackName;
    this.aws = parts.aws;
    this.dintero = parts.dintero;
    this.sandbox = parts.sandbox;
    this.evaluation = parts.evaluation;
    this.outputs = parts.outputs;
    this.environment = parts.environment;
    this.folder = parts.folder;
    this.#resources = parts.resources;
    this.apiClients = Object.fromEntries(
      parts.sandbox.accountIds.map((accountId) => [accountId, this.#registerApiClient(accountId)]),
    );
  }

  /** Makes a check of all accounts, as the schedule does. */
  check(): Promise<Invocation> {
    return this.aws.functions.run(this.outputs.functionName, {});
  }

  close(): Promise<void> {
    return this.#resources.disposeAsync();
  }

  #registerApiClient(accountId: string): ClientCredentials {
    const client = newClientCredentials();
    this.dintero.setCredentials(accountId, client);
    return client;
  }
}

/** As Pulumi names what the component `tokens` makes: seven hex digits make it unique. */
function physicalName(logicalName: string): string {
  return `tokens-${logicalName}-${randomBytes(4).toString("hex").slice(1)}`;
}

async function build(folder: string): Promise<string> {
  const path = join(folder, "index.mjs");
  await writeFile(path, await bundleLambda());
  return pathToFileURL(path).href;
}

function stackNameOf(accountIds: readonly string[]): string {
  return accountIds.some((id) => id.startsWith(ACCOUNT_PREFIX.production)) ? "prod" : "test";
}

async function outputsOf(
  { accountIds, secretsManager }: Sandbox,
  aws: AwsStandIn,
  names: Pick<StandingOutputs, "functionName" | "logGroupName">,
): Promise<Omit<StandingOutputs, keyof StandingAlarms>> {
  const byAccount = (toName: (accountId: string) => string) =>
    Object.fromEntries(accountIds.map((accountId) => [accountId, toName(accountId)]));
  const secretArns = accountIds.map(async (accountId) => {
    const command = new DescribeSecretCommand({ SecretId: credentialsSecretName(accountId) });
    const { ARN = "" } = await secretsManager.send(command);
    return [accountId, ARN] as const;
  });
  const { region, accountId } = aws;
  const dashboardName = `${PROJECT_NAME}-${stackNameOf(accountIds)}`;
  return {
    tokenParameterNames: byAccount(tokenParameterName),
    statusParameterNames: byAccount(statusParameterName),
    credentialsSecretArns: Object.fromEntries(await Promise.all(secretArns)),
    consumerPolicyArn: `arn:aws:iam::${accountId}:policy/${physicalName("consumer")}`,
    consumerPolicyArns: byAccount(
      (id) => `arn:aws:iam::${accountId}:policy/${physicalName(`consumer-${id}`)}`,
    ),
    ...names,
    keyArn: aws.keyArn,
    dashboardUrl: `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`,
  };
}

async function environmentOf({
  folder,
  stackName,
  outputs,
  aws,
  dintero,
}: Pick<StandingStack, "folder" | "stackName" | "outputs" | "aws" | "dintero">) {
  const outputsPath = join(folder, `${stackName}.json`);
  await writeFile(outputsPath, `${JSON.stringify(outputs, null, 2)}\n`);
  return {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    DINTERO_API_ORIGIN: dintero.origin,
    DINTERO_LOCAL_STACK_OUTPUTS: outputsPath,
    PATH: `${PULUMI_BIN}${delimiter}${process.env["PATH"] ?? ""}`,
  };
}
