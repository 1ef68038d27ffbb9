/**
 * The component: everything that one environment has in AWS. Its constructor is a list of what exists,
 * with the reason for each.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  CLIENT_CREDENTIALS_FORM,
  credentialsSecretName,
  PROJECT_NAME,
  statusParameterName,
  tokenParameterName,
} from "../lambda/contract.ts";
import { consumerPolicy, keyPolicy, type Place } from "./access.ts";
import { createAlarmTopic } from "./alarm-topic.ts";
import { createAlarms } from "./alarms.ts";
import { createCheckFunction } from "./check-function.ts";
import type { StackConfig } from "./config.ts";
import { createDashboard, dashboardUrl } from "./dashboard.ts";
import { createInvocationLimits, createSchedule, createSecretRule } from "./triggers.ts";

/** Plain values except for the code, because names and policies are computed from them. */
export interface TokenRotationArgs extends StackConfig {
  readonly place: Place;
  /** The function's bundle, `index.mjs`. */
  readonly code: pulumi.asset.Archive;
}

/** Keeps a fresh token for each account in Parameter Store, and notifies people when it cannot. */
export class TokenRotation extends pulumi.ComponentResource {
  /** The stack's outputs, defined only here. The constructor gives their type. */
  readonly outputs;

  constructor(name: string, args: TokenRotationArgs, opts?: pulumi.ComponentResourceOptions) {
    super(`${PROJECT_NAME}:index:TokenRotation`, name, {}, opts);
    const { environment, accounts, place } = args;
    const tags = { ...args.tags, ManagedBy: PROJECT_NAME, DinteroEnvironment: environment };
    const child = { parent: this };
    // In production, deleting these would lose credentials and tokens.
    const precious = { parent: this, protect: environment === "production" };

    // Encrypts credentials and tokens, and nothing else.
    const key = createKey(name, args, tags, precious);

    // For each account's credentials. Empty: a person stores them, so that no secret passes through
    // Pulumi. The token parameters are not here: the function creates them.
    const secrets = accounts.map((account): [string, aws.secretsmanager.Secret] => [
      account,
      createSecret(name, { account, environment, key, tags }, precious),
    ]);

    // For the roles of services. They may read the tokens of all accounts or of one, and nothing else.
    const consumers = new aws.iam.Policy(
      `${name}-consumer`,
      {
        description: `Read the Dintero API tokens, ${environment}`,
        policy: consumerPolicy(place, accounts, key.arn),
        tags,
      },
      child,
    );
    const consumerPolicyArns = byAccount(
      accounts,
      (account) =>
        new aws.iam.Policy(
          `${name}-consumer-${account}`,
          {
            description: `Read the Dintero API token of ${account}`,
            policy: consumerPolicy(place, [account], key.arn),
            tags: { ...tags, DinteroAccount: account },
          },
          child,
        ).arn,
    );

    // The check itself, with its role and log. A failed check is not repeated: the next one comes soon.
    const secretArns = secrets.map(([, { arn }]) => arn);
    const check = createCheckFunction(
      name,
      { ...args, keyArn: key.arn, secretArns, tags, parameterTags: args.tags },
      child,
    );
    createInvocationLimits(name, check.lambda, child);

    // What invokes it: every few minutes, and as soon as a secret changes.
    createSchedule(name, { ...args, lambda: check.lambda, tags }, child);
    createSecretRule(name, { accounts, lambda: check.lambda, tags }, child);

    // Who is notified, and when.
    const topicArn = createAlarmTopic(name, { ...args, tags }, child);
    const { urgentAlarmTopicArn: urgentTopicArn } = args;
    const functionName = check.lambda.name;
    const alarmArgs = { ...args, functionName, topicArn, urgentTopicArn, tags };
    const alarms = createAlarms(name, alarmArgs, child);

    // What the on-call person looks at then.
    const dashboard = createDashboard(name, { region: place.region, accounts, ...check }, child);

    this.outputs = {
      tokenParameterNames: byAccount(accounts, tokenParameterName),
      statusParameterNames: byAccount(accounts, statusParameterName),
      credentialsSecretArns: Object.fromEntries(
        secrets.map(([account, { arn }]) => [account, arn]),
      ),
      consumerPolicyArn: consumers.arn,
      consumerPolicyArns,
      functionName,
      alarmTopicArn: topicArn,
      // Empty if there is none, because Pulumi prints a warning about an undefined output.
      urgentAlarmTopicArn: urgentTopicArn ?? "",
      alarmEmails: args.alarmEmails,
      keyArn: key.arn,
      alarmNames: alarms.map((alarm) => alarm.name),
      dashboardUrl: dashboard.dashboardName.apply((it) => dashboardUrl(place, it)),
      logGroupName: check.logGroup.name,
    };
    this.registerOutputs(this.outputs);
  }
}

type Tags = Readonly<Record<string, string>>;

function createKey(
  name: string,
  { environment, place }: TokenRotationArgs,
  tags: Tags,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      description: `Dintero API credentials and tokens, ${environment}`,
      policy: JSON.stringify(keyPolicy(place)),
      enableKeyRotation: true,
      deletionWindowInDays: environment === "production" ? 30 : 7,
      tags,
    },
    opts,
  );
  new aws.kms.Alias(
    `${name}-key-alias`,
    { namePrefix: `alias/${PROJECT_NAME}-`, targetKeyId: key.id },
    { ...opts, protect: false },
  );
  return key;
}

function createSecret(
  name: string,
  {
    account,
    environment,
    key,
    tags,
  }: Pick<TokenRotationArgs, "environment"> & {
    readonly account: string;
    readonly key: aws.kms.Key;
    readonly tags: Tags;
  },
  opts: pulumi.CustomResourceOptions,
): aws.secretsmanager.Secret {
  return new aws.secretsmanager.Secret(
    `${name}-${account}-credentials`,
    {
      name: credentialsSecretName(account),
      description: `API client of Dintero account ${account}. Value: ${CLIENT_CREDENTIALS_FORM}`,
      kmsKeyId: key.arn,
      // With 0, a test stack can be destroyed and created again at once, although the name is fixed.
      recoveryWindowInDays: environment === "production" ? 30 : 0,
      tags: { ...tags, DinteroAccount: account },
    },
    // The name is fixed, so the old secret must be gone before a new one is created.
    { ...opts, deleteBeforeReplace: true },
  );
}

function byAccount<Value>(
  accounts: readonly string[],
  toValue: (account: string) => Value,
): Record<string, Value> {
  return Object.fromEntries(accounts.map((account) => [account, toValue(account)]));
}
