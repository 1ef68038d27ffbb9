/**
 * The settings of the stack, read once by the program and checked before any resource is made.
 * Defaults are in `Pulumi.yaml`, where the CLI shows them. Types are not: the CLI would stop at a wrong one
 * first, with less than is said here.
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
  unknownFaults,
} from "./settings-form.ts";

/** With where the stack is deployed, and nowhere else. */
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
    // Empty by default, because the CLI would stop at one that is missing.
    alarmTopicArn: config.get("alarmTopicArn") || undefined,
    urgentAlarmTopicArn: config.get("urgentAlarmTopicArn") || undefined,
    runbookUrl: config.get("runbookUrl") || undefined,
    logRetentionDays: Number(config.get("logRetentionDays")),
    awsAccountId: config.get("awsAccountId") || undefined,
    permissionsBoundaryArn: config.get("permissionsBoundaryArn") || undefined,
    tags: objectEntries(tags),
  };
  // The provider would take the Region of whoever deploys.
  const region = new pulumi.Config("aws").get("region");
  const faults = [
    ...unknownFaults(settingNames(), Object.keys(raw)),
    ...regionFaults(region),
    ...configFaults(raw, region),
    ...(/^(\d{12})?$/.test(raw.awsAccountId ?? "") ? [] : [AWS_ACCOUNT_FAULT]),
    ...objectFaults("tags", tags),
  ];
  for (const name of ["accounts", "alarmEmails"]) {
    // Of a value that is wrong in itself too, that is said alone.
    if (faults.some(({ fault }) => fault.startsWith(`${name}[0]`))) continue;
    faults.push(...listFaults(name, config.get(name)));
  }
  const environment = ENVIRONMENTS.find((name) => name === raw.environment);
  if (environment && region && faults.length === 0) return { ...raw, environment, region };

  const stack = pulumi.getStack();
  const lines = faults.map(({ fault, fix }) => `  - ${fault}\n    ${fix} --stack ${stack}`);
  throw new pulumi.RunError(`The configuration of stack ${stack} is wrong:\n${lines.join("\n")}`);
}

/** What is set of this project's settings, with the defaults. */
function settingNames(): string[] {
  const prefix = `${pulumi.getProject()}:`;
  return Object.keys(pulumi.runtime.allConfig()).flatMap((key) =>
    key.startsWith(prefix) ? [key.slice(prefix.length)] : [],
  );
}

const AWS_ACCOUNT_FAULT: ConfigFault = {
  fault:
    "awsAccountId must have 12 digits. In the stack's file it needs quotes: without them, YAML drops a leading zero.",
  fix: "pulumi config set awsAccountId 123456789012",
};
