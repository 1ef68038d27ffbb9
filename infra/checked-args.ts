/** The component's arguments, checked like the settings of a stack. */
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./access.ts";
import { configFaults, DEFAULT_LOG_RETENTION_DAYS, type StackConfig } from "./config.ts";
import type { ConfigFault } from "./config-fault.ts";
import { unknownFaults } from "./settings-form.ts";
import type { TokenRotationArgs } from "./token-rotation-args.ts";

/** A value that another resource may provide is an output. */
export interface CheckedArgs
  extends Omit<StackConfig, "alarmTopicArn" | "urgentAlarmTopicArn" | "permissionsBoundaryArn"> {
  readonly alarmTopicArn: pulumi.Output<string> | undefined;
  readonly urgentAlarmTopicArn: pulumi.Output<string> | undefined;
  readonly permissionsBoundaryArn: pulumi.Output<string> | undefined;
}

/**
 * @param name - the component's.
 * @param place - where the component is. A value that depends on it or on another resource is checked when
 * that is known. If the value is invalid, its output fails.
 * @throws `pulumi.RunError` with all other faults, before anything is created.
 */
export function checkedArgs(
  name: string,
  args: TokenRotationArgs,
  place: pulumi.Output<Place>,
): CheckedArgs {
  const { environment, accounts, runbookUrl, tags, ...others } = args;
  const { alarmEmails = [], logRetentionDays = DEFAULT_LOG_RETENTION_DAYS, ...more } = others;
  const { alarmTopicArn, urgentAlarmTopicArn, permissionsBoundaryArn, ...unknown } = more;
  const plain = { environment, accounts, alarmEmails, logRetentionDays, runbookUrl, tags };
  const known = {
    ...plain,
    alarmTopicArn: knownOr(LATER_TOPIC_ARNS[0], alarmTopicArn),
    urgentAlarmTopicArn: knownOr(LATER_TOPIC_ARNS[1], urgentAlarmTopicArn),
    permissionsBoundaryArn: knownOr(undefined, permissionsBoundaryArn),
  };
  const listFaults = [...listFault("accounts", accounts), ...listFault("alarmEmails", alarmEmails)];
  requireNone(name, [
    ...unknownFaults(Object.keys(unknown), Object.keys(known)),
    ...(listFaults.length > 0 ? listFaults : configFaults(known, undefined)),
  ]);

  const topics = pulumi
    .all([alarmTopicArn, urgentAlarmTopicArn, place])
    .apply(([alarm, urgent, { region }]) => {
      const late = { alarmTopicArn: alarm, urgentAlarmTopicArn: urgent };
      requireNone(name, configFaults({ ...known, ...late }, region));
      return { alarm: alarm ?? "", urgent: urgent ?? "" };
    });
  const boundary = pulumi.output(permissionsBoundaryArn).apply((arn) => {
    requireNone(name, configFaults({ ...known, permissionsBoundaryArn: arn }, undefined));
    return arn ?? "";
  });
  return {
    ...plain,
    alarmTopicArn: alarmTopicArn === undefined ? undefined : topics.alarm,
    urgentAlarmTopicArn: urgentAlarmTopicArn === undefined ? undefined : topics.urgent,
    permissionsBoundaryArn: permissionsBoundaryArn === undefined ? undefined : boundary,
  };
}

/** Placeholders for topics that are not known yet. */
const LATER_TOPIC_ARNS = [1, 2].map((it) => `arn:aws:sns:eu-north-1:000000000000:later-${it}`);

function knownOr(
  later: string | undefined,
  value: pulumi.Input<string> | undefined,
): string | undefined {
  return value === undefined || typeof value === "string" ? value : later;
}

/** The types forbid it, but a program in JavaScript may do it. */
function listFault(name: string, list: unknown): ConfigFault[] {
  if (Array.isArray(list) && list.every((it) => typeof it === "string")) return [];
  return [
    { fault: `${name} must be a list of strings that are known when the program runs.`, fix: "" },
  ];
}

/** Without commands for a stack's settings, because these are arguments in the user's program. */
function requireNone(name: string, faults: readonly ConfigFault[]): void {
  if (faults.length === 0) return;
  const lines = faults.map(({ fault }) => `  - ${fault}`);
  throw new pulumi.RunError(
    `The arguments of TokenRotation ${name} are invalid:\n${lines.join("\n")}`,
  );
}
