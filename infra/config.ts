/** The configuration of a stack, and what is invalid in it. Pure. */
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

/** As in `Pulumi.yaml`. */
export const DEFAULT_LOG_RETENTION_DAYS = 90;

export interface StackConfig extends AlarmConfig, CompanyConfig {
  readonly environment: Environment;
  /** Dintero account ids. */
  readonly accounts: readonly string[];
  readonly logRetentionDays: number;
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
    ...companyConfigFaults(config),
  ];
}

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
  fix: `pulumi config set logRetentionDays ${DEFAULT_LOG_RETENTION_DAYS}`,
};

function accountsFaults(
  accounts: readonly string[],
  environment: Environment | undefined,
): ConfigFault[] {
  const prefix = environment ? ACCOUNT_PREFIX[environment] : ACCOUNT_PREFIX.test;
  // Another example for each, because equal ones would be the next fault.
  const set = (index: number) =>
    `pulumi config set --path 'accounts[${index}]' ${prefix}${12345678 + index}`;
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
