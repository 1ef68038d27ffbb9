/**
 * The stack's configuration, checked before any resource is created. Defaults are in `Pulumi.yaml`, where
 * the CLI shows them. Types are not: the CLI would stop at the first wrong one, and explain less.
 */
import * as pulumi from "@pulumi/pulumi";
import {
  ACCOUNT_ID_FORM,
  ACCOUNT_ID_PATTERN,
  ACCOUNT_PREFIX,
  ENVIRONMENTS,
  type Environment,
  MAX_ACCOUNTS,
} from "../lambda/contract.ts";
import { type AlarmConfig, alarmConfigFaults } from "./alarm-config.ts";
import { type CompanyConfig, companyConfigFaults } from "./company-config.ts";
import type { ConfigFault } from "./config-fault.ts";
import {
  listEntries,
  listFaults,
  objectEntries,
  objectFaults,
  regionFaults,
  unknownFaults,
} from "./settings-form.ts";

export interface StackConfig extends AlarmConfig, CompanyConfig {
  readonly environment: Environment;
  /** Dintero account ids. */
  readonly accounts: readonly string[];
  readonly logRetentionDays: number;
  /** The only AWS account that the stack may be deployed to. */
  readonly awsAccountId?: string | undefined;
}

/**
 * @throws `pulumi.RunError`, which the CLI prints without a stack trace: every fault in one
 * message, each with the command that fixes it.
 */
export function readConfig(): StackConfig {
  const config = new pulumi.Config();
  const tags = config.get("tags");
  const raw = {
    environment: config.get("environment") ?? "",
    accounts: listEntries(config.get("accounts")),
    alarmEmails: listEntries(config.get("alarmEmails")),
    // Empty by default, because the CLI would stop at a missing one.
    alarmTopicArn: config.get("alarmTopicArn") || undefined,
    urgentAlarmTopicArn: config.get("urgentAlarmTopicArn") || undefined,
    runbookUrl: config.get("runbookUrl") || undefined,
    logRetentionDays: Number(config.get("logRetentionDays")),
    awsAccountId: config.get("awsAccountId") || undefined,
    permissionsBoundaryArn: config.get("permissionsBoundaryArn") || undefined,
    tags: objectEntries(tags),
  };
  // Otherwise the provider would use the Region of the person who deploys.
  const region = new pulumi.Config("aws").get("region");
  const faults = [
    ...unknownFaults(settingNames(), Object.keys(raw)),
    ...regionFaults(region),
    ...configFaults(raw, region),
    ...objectFaults("tags", tags),
  ];
  for (const name of ["accounts", "alarmEmails"]) {
    // If the value itself is wrong, only that is reported.
    if (faults.some(({ fault }) => fault.startsWith(`${name}[0]`))) continue;
    faults.push(...listFaults(name, config.get(name)));
  }
  const environment = ENVIRONMENTS.find((name) => name === raw.environment);
  if (environment && faults.length === 0) return { ...raw, environment };

  const stack = pulumi.getStack();
  const lines = faults.map(({ fault, fix }) => `  - ${fault}\n    ${fix} --stack ${stack}`);
  throw new pulumi.RunError(`The configuration of stack ${stack} is invalid:\n${lines.join("\n")}`);
}

/** The settings of this project that have a value, defaults included. */
function settingNames(): string[] {
  const prefix = `${pulumi.getProject()}:`;
  return Object.keys(pulumi.runtime.allConfig()).flatMap((key) =>
    key.startsWith(prefix) ? [key.slice(prefix.length)] : [],
  );
}

/**
 * Everything that is wrong with a configuration, as far as it can be checked without AWS.
 * @param region - the stack's, if it is known.
 */
export function configFaults(
  config: Omit<StackConfig, "environment"> & { readonly environment: string },
  region: string | undefined,
): ConfigFault[] {
  const environment = ENVIRONMENTS.find((name) => name === config.environment);
  return [
    ...(environment ? [] : [environmentFault(config.accounts)]),
    ...accountsFaults(config.accounts, environment),
    ...alarmConfigFaults(config, region),
    ...(LOG_RETENTION_DAYS.includes(config.logRetentionDays) ? [] : [RETENTION_FAULT]),
    ...(/^(\d{12})?$/.test(config.awsAccountId ?? "") ? [] : [AWS_ACCOUNT_FAULT]),
    ...companyConfigFaults(config),
  ];
}

/**
 * Checks that the credentials belong to the AWS account that the stack is configured for. In another
 * account, a refresh would find no resource, and create everything there again.
 * @throws `pulumi.RunError`
 */
export function requireAwsAccount({ awsAccountId }: StackConfig, actual: string): void {
  if (awsAccountId === undefined || awsAccountId === actual) return;
  const stack = pulumi.getStack();
  throw new pulumi.RunError(
    `Stack ${stack} is for AWS account ${awsAccountId} (awsAccountId), but your AWS credentials belong to ${actual}. Nothing was changed. Set AWS_PROFILE to a profile for ${awsAccountId}.`,
  );
}

const AWS_ACCOUNT_FAULT: ConfigFault = {
  fault:
    "awsAccountId must have 12 digits. In the stack's file it needs quotes: without them, YAML drops a leading zero.",
  fix: "pulumi config set awsAccountId 123456789012",
};

/** The fix sets the environment that the accounts belong to, because another one would make them invalid. */
function environmentFault(accounts: readonly string[]): ConfigFault {
  const meant = accounts[0]?.startsWith(ACCOUNT_PREFIX.production) ? "production" : "test";
  return {
    fault: `environment must be one of: ${ENVIRONMENTS.join(", ")}.`,
    fix: `pulumi config set environment ${meant}`,
  };
}

/** Source: CloudWatch Logs, `PutRetentionPolicy`. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

const RETENTION_FAULT: ConfigFault = {
  fault: `logRetentionDays must be one of: ${LOG_RETENTION_DAYS.join(", ")}.`,
  fix: "pulumi config set logRetentionDays 90",
};

function accountsFaults(
  accounts: readonly string[],
  environment: Environment | undefined,
): ConfigFault[] {
  const example = `${environment ? ACCOUNT_PREFIX[environment] : "T"}12345678`;
  const set = (index: number) => `pulumi config set --path 'accounts[${index}]' ${example}`;
  const remove = (index: number) => `pulumi config rm --path 'accounts[${index}]'`;
  if (accounts.length === 0) {
    return [{ fault: "accounts is missing: add the ids of your Dintero accounts.", fix: set(0) }];
  }
  const wrong = accounts.flatMap((account, index): ConfigFault[] => {
    if (!ACCOUNT_ID_PATTERN.test(account)) {
      const fault = `accounts[${index}]: ${account} is not a valid account id (${ACCOUNT_ID_FORM}).`;
      return [{ fault, fix: set(index) }];
    }
    if (environment && !account.startsWith(ACCOUNT_PREFIX[environment])) {
      const fault = `accounts[${index}]: ${account} is not a ${environment} account: those begin with ${ACCOUNT_PREFIX[environment]}.`;
      return [{ fault, fix: set(index) }];
    }
    return [];
  });
  const excess = accounts.flatMap((account, index): ConfigFault[] => {
    if (accounts.indexOf(account) < index) {
      return [{ fault: `accounts[${index}] is a duplicate: ${account}.`, fix: remove(index) }];
    }
    if (new Set(accounts.slice(0, index)).size >= MAX_ACCOUNTS) {
      const fault = `accounts[${index}] exceeds the limit of ${MAX_ACCOUNTS} accounts in a stack. Move it to another stack.`;
      return [{ fault, fix: remove(index) }];
    }
    return [];
  });
  // From the last to the first, because removing an entry moves the later ones.
  return [...wrong, ...excess.toReversed()];
}
