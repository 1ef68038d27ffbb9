/**
 * The component: everything that one environment has in AWS. Its constructor is a list of what exists,
 * with the reason for each.
 */
import { relative } from "node:path";
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
import { BUNDLE_PATH } from "./bundle-path.ts";
import { createCheckFunction } from "./check-function.ts";
import { type CheckedArgs, checkedArgs } from "./checked-args.ts";
import { createDashboard, dashboardUrl } from "./dashboard.ts";
import type { ByAccount, TokenRotationArgs, TokenRotationOutputs } from "./token-rotation-args.ts";
import { createInvocationLimits, createSchedule, createSecretRule } from "./triggers.ts";

/**
 * Keeps a fresh Dintero API token for each account in SSM Parameter Store, and notifies the on-call person when it
 * cannot.
 */
export class TokenRotation<Account extends string = string> extends pulumi.ComponentResource {
  /** If your program exports them under these names, the commands can use it. */
  readonly outputs: TokenRotationOutputs<Account>;

  /**
   * Creates everything that one environment has in AWS.
   *
   * @param name - the names of all resources begin with it. At most 34 letters, digits, - and _.
   * @throws `pulumi.RunError` that lists what is wrong with the arguments.
   */
  constructor(
    name: string,
    args: TokenRotationArgs<Account>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(`${PROJECT_NAME}:index:TokenRotation`, name, {}, opts);
    const config = checkedArgs(name, args, () => lookUpPlace(this));
    const { environment, accounts, place } = config;
    const tags = { ...config.tags, ManagedBy: PROJECT_NAME, DinteroEnvironment: environment };
    const child = { parent: this };
    // In production, deleting these would lose credentials and tokens. Otherwise as the component's options say.
    const precious = { parent: this, ...(environment === "production" && { protect: true }) };

    // Encrypts credentials and tokens, and nothing else.
    const key = createKey(name, { environment, place }, tags, precious);

    // For each account's credentials. Empty: a person stores them, so that no secret passes through
    // Pulumi. The token parameters are not here: the function creates them.
    const secrets = byAccount(accounts, (account) =>
      createSecret(name, { account, environment, key, tags }, precious),
    );

    // For the roles of services. They may read the tokens of all accounts or of one, and nothing else.
    const consumers = new aws.iam.Policy(
      `${name}-consumer`,
      {
        description: `Read the Dintero API tokens, ${environment}`,
        policy: place.apply((it) => consumerPolicy(it, accounts, key.arn)),
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
            policy: place.apply((it) => consumerPolicy(it, [account], key.arn)),
            tags: { ...tags, DinteroAccount: account },
          },
          child,
        ).arn,
    );

    // The check itself, with its role and log. A failed check is not repeated: the next one comes soon. Its
    // code is a file, so that the state holds a hash and not the text, at a relative path, because the
    // state is shared.
    const code = new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.FileAsset(relative(process.cwd(), BUNDLE_PATH)),
    });
    const secretArns = accounts.map((account) => secrets[account].arn);
    const check = createCheckFunction(
      name,
      { ...config, place, keyArn: key.arn, secretArns, tags, parameterTags: config.tags, code },
      child,
    );
    createInvocationLimits(name, check.lambda, child);

    // What invokes it: every few minutes, and as soon as a secret changes.
    createSchedule(name, { ...config, place, lambda: check.lambda, tags }, child);
    createSecretRule(name, { accounts, lambda: check.lambda, tags }, child);

    // Who is notified, and when.
    const topicArn = createAlarmTopic(name, { ...config, place, tags }, child);
    const { urgentAlarmTopicArn: urgentTopicArn } = config;
    const functionName = check.lambda.name;
    const alarmArgs = { ...config, place, functionName, topicArn, urgentTopicArn, tags };
    const alarms = createAlarms(name, alarmArgs, child);

    // What the on-call person looks at then.
    const dashboard = createDashboard(name, { place, accounts, ...check }, child);

    this.outputs = {
      tokenParameterNames: byAccount(accounts, tokenParameterName),
      statusParameterNames: byAccount(accounts, statusParameterName),
      credentialsSecretArns: byAccount(accounts, (account) => secrets[account].arn),
      consumerPolicyArn: consumers.arn,
      consumerPolicyArns,
      functionName,
      // Not secret, although the argument may come from a secret setting: the commands read them.
      alarmTopicArn: pulumi.unsecret(topicArn),
      urgentAlarmTopicArn: pulumi.unsecret(urgentTopicArn ?? pulumi.output("")),
      alarmEmails: config.alarmEmails,
      keyArn: key.arn,
      alarmNames: alarms.map((alarm) => alarm.name),
      dashboardUrl: pulumi
        .all([place, dashboard.dashboardName])
        .apply(([it, dashboardName]) => dashboardUrl(it, dashboardName)),
      logGroupName: check.logGroup.name,
    };
    this.registerOutputs(this.outputs);
  }
}

/** With the same provider as the component's resources. */
function lookUpPlace(parent: pulumi.Resource): pulumi.Output<Place> {
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const { partition } = aws.getPartitionOutput({}, { parent });
  const { region } = aws.getRegionOutput({}, { parent });
  return pulumi.output({ partition, region, awsAccountId: accountId });
}

type Tags = Readonly<Record<string, string>>;

function createKey(
  name: string,
  {
    environment,
    place,
  }: Pick<CheckedArgs, "environment"> & { readonly place: pulumi.Output<Place> },
  tags: Tags,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      description: `Dintero API credentials and tokens, ${environment}`,
      policy: place.apply((it) => JSON.stringify(keyPolicy(it))),
      enableKeyRotation: true,
      deletionWindowInDays: environment === "production" ? 30 : 7,
      tags,
    },
    opts,
  );
  // Without it, nothing is lost.
  const { protect: _, ...unprotected } = opts;
  new aws.kms.Alias(
    `${name}-key-alias`,
    { namePrefix: `alias/${PROJECT_NAME}-`, targetKeyId: key.id },
    unprotected,
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
  }: Pick<CheckedArgs, "environment"> & {
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

function byAccount<Account extends string, Value>(
  accounts: readonly Account[],
  toValue: (account: Account) => Value,
): ByAccount<Account, Value> {
  const entries = accounts.map((account) => [account, toValue(account)]);
  // `fromEntries` forgets which keys there are.
  return Object.fromEntries(entries) as ByAccount<Account, Value>;
}
