/**
 * The settings of the stack, checked before any resource is created. Defaults are in `Pulumi.yaml`, where
 * the CLI shows them. Types are not: the CLI would stop at the first wrong one, and explain less.
 */
import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENTS } from "../lambda/contract.ts";
import { configFaults, type StackConfig } from "./config.ts";
import type { ConfigFault } from "./config-fault.ts";
import {
  listEntries,
  listFaults,
  objectEntries,
  objectFaults,
  regionFaults,
  textFaults,
  unknownFaults,
  valueFaults,
} from "./settings-form.ts";

/** With the only place that the stack may be deployed to. */
export interface ProgramConfig extends StackConfig {
  readonly region: string;
  readonly awsAccountId?: string | undefined;
}

/**
 * @throws `pulumi.RunError`, which the CLI prints without a stack trace: every fault in one
 * message, each with the command that fixes it.
 */
export function readConfig(): ProgramConfig {
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
  const texts = Object.keys(raw).filter((name) => !LISTS.includes(name) && name !== "tags");
  const formFaults = [
    ...texts.flatMap((name) => textFaults(name, config.get(name))),
    ...objectFaults("tags", tags),
  ];
  const values = [
    ...configFaults(raw, region),
    ...(/^(\d{12})?$/.test(raw.awsAccountId ?? "") ? [] : [AWS_ACCOUNT_FAULT]),
    ...boundaryAccountFaults(raw),
  ];
  const faults = [
    ...unknownFaults(settingNames(), Object.keys(raw)),
    ...regionFaults(region),
    ...valueFaults(values, formFaults),
    ...formFaults,
  ];
  for (const name of LISTS) {
    // If the value itself is wrong, only that is reported.
    if (faults.some(({ fault }) => fault.startsWith(`${name}[0]`))) continue;
    faults.push(...listFaults(name, config.get(name)));
  }
  const environment = ENVIRONMENTS.find((name) => name === raw.environment);
  if (environment && region && faults.length === 0) return { ...raw, environment, region };

  const stack = pulumi.getStack();
  const lines = faults.map(({ fault, fix }) => `  - ${fault}\n    ${fix} --stack ${stack}`);
  throw new pulumi.RunError(`The configuration of stack ${stack} is invalid:\n${lines.join("\n")}`);
}

const LISTS = ["accounts", "alarmEmails"];

/** The settings of this project that have a value, defaults included. */
function settingNames(): string[] {
  const prefix = `${pulumi.getProject()}:`;
  return Object.keys(pulumi.runtime.allConfig()).flatMap((key) =>
    key.startsWith(prefix) ? [key.slice(prefix.length)] : [],
  );
}

/** Source: IAM, "Permissions boundaries": a managed policy of AWS or of the same AWS account. */
function boundaryAccountFaults({
  permissionsBoundaryArn = "",
  awsAccountId,
}: Pick<ProgramConfig, "permissionsBoundaryArn" | "awsAccountId">): ConfigFault[] {
  const [, owner] = /^arn:[\w-]+:iam::(\d{12}):policy\//.exec(permissionsBoundaryArn) ?? [];
  if (!owner || !awsAccountId || owner === awsAccountId) return [];
  return [
    {
      fault: `permissionsBoundaryArn is a policy of AWS account ${owner}, but must be one of ${awsAccountId}.`,
      fix: `pulumi config set permissionsBoundaryArn ${permissionsBoundaryArn.replace(owner, awsAccountId)}`,
    },
  ];
}

const AWS_ACCOUNT_FAULT: ConfigFault = {
  fault:
    "awsAccountId must have 12 digits. In the stack's file it needs quotes: without them, YAML drops a leading zero.",
  fix: "pulumi config set awsAccountId 123456789012",
};
