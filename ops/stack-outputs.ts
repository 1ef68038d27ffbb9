/**
 * The outputs of the stack: `pulumi stack output`, checked against the contract.
 */
import { execFile } from "node:child_process";
import * as v from "valibot";
import { ACCOUNT_ID_PATTERN, ACCOUNT_PREFIX } from "../lambda/contract.ts";
import { OpsError } from "./ops-error.ts";
import { IS_PACKAGE, PROGRAM_FOLDER } from "./program-names.ts";
import { deployCommand } from "./stack-commands.ts";

export interface StackOutputs {
  /** In the order of the stack's configuration. */
  readonly accountIds: readonly string[];
  readonly isProduction: boolean;
  readonly awsAccountId: string;
  readonly region: string;
  readonly functionName: string;
  readonly alarmTopicArn: string;
  /** Also receives urgent alarms, if the stack's configuration has it. */
  readonly urgentAlarmTopicArn?: string;
  /** The addresses that the stack subscribes. Absent if the previous version deployed the stack. */
  readonly alarmEmails?: readonly string[];
  /** Absent if the previous version deployed the stack. */
  readonly keyArn?: string;
  readonly alarmNames: readonly string[];
}

/** @throws {@link OpsError} when the Pulumi CLI fails, or the stack is not deployed. */
export async function readStackOutputs(stack: string, signal: AbortSignal): Promise<StackOutputs> {
  return parseStackOutputs(stack, await askPulumi(stack, signal));
}

/**
 * @param json - what `pulumi stack output --json` printed.
 * @throws {@link OpsError} naming the outputs that are missing or malformed.
 */
export function parseStackOutputs(stack: string, json: string): StackOutputs {
  const remedy = `${EXPORT}Deploy it: ${deployCommand({ stack })}`;
  const outputs = v.safeParse(
    v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
    json,
  );
  if (!outputs.success) {
    throw new OpsError(
      `The outputs of stack ${stack} are not a JSON object. To see them, run: pulumi stack output --json --stack ${stack}`,
    );
  }
  if (Object.keys(outputs.output).length === 0) {
    throw new OpsError(
      `Stack ${stack} has no outputs: it was never deployed, its deployment did not finish, or it was destroyed. ${remedy}`,
    );
  }
  const checked = v.safeParse(OUTPUTS, outputs.output);
  if (!checked.success) {
    const names = new Set(checked.issues.map(({ path }) => String(path?.[0]?.key)));
    throw new OpsError(
      `Outputs of stack ${stack} are missing or malformed: ${[...names].join(", ")}. Another version deployed it, or the deployment did not finish. ${remedy}`,
    );
  }
  const { credentialsSecretArns, functionName, alarmTopicArn, alarmNames } = checked.output;
  const { urgentAlarmTopicArn, alarmEmails, keyArn } = checked.output;
  const accountIds = Object.keys(credentialsSecretArns);
  // Not from the alarm topic, which may be the user's own topic in another AWS account.
  const [, , , region = "", awsAccountId = ""] = (
    Object.values(credentialsSecretArns)[0] ?? ""
  ).split(":");
  return {
    accountIds,
    isProduction: accountIds.some((id) => id.startsWith(ACCOUNT_PREFIX.production)),
    awsAccountId,
    region,
    functionName,
    alarmTopicArn,
    ...(urgentAlarmTopicArn && { urgentAlarmTopicArn }),
    ...(alarmEmails && { alarmEmails }),
    ...(keyArn !== undefined && { keyArn }),
    alarmNames,
  };
}

const arn = (service: string) =>
  v.pipe(v.string(), v.regex(new RegExp(`^arn:[\\w-]+:${service}:[\\w-]+:\\d{12}:.+$`)));
const text = v.pipe(v.string(), v.nonEmpty());

/** The outputs that the commands use. The contract has more. */
const OUTPUTS = v.object({
  credentialsSecretArns: v.pipe(
    v.record(v.pipe(v.string(), v.regex(ACCOUNT_ID_PATTERN)), arn("secretsmanager")),
    v.check((arns) => Object.keys(arns).length > 0),
  ),
  functionName: text,
  alarmTopicArn: arn("sns"),
  // Empty if the stack has none.
  urgentAlarmTopicArn: v.optional(v.union([v.literal(""), arn("sns")])),
  alarmEmails: v.optional(v.array(text)),
  keyArn: v.optional(arn("kms")),
  alarmNames: v.pipe(v.array(text), v.nonEmpty()),
});

/** What somebody's own program may lack. */
const EXPORT = IS_PACKAGE
  ? [
      "Or its program does not export each under its own name. With the component in the variable rotation:",
      "  export const {",
      ...Object.keys(OUTPUTS.entries).map((name) => `    ${name},`),
      "  } = rotation.outputs;",
      "",
    ].join("\n")
  : "";

function askPulumi(stack: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "pulumi",
      ["stack", "output", "--json", "--stack", stack],
      { cwd: PROGRAM_FOLDER, signal, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error) reject(pulumiFailure(stack, error, stderr));
        else resolve(stdout);
      },
    ).stdin?.end();
  });
}

/** What to do about a failure of the Pulumi CLI. Its own message is shown. */
export function pulumiFailure(stack: string, error: unknown, stderr: string): OpsError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "EACCES") {
    return new OpsError(
      "The Pulumi CLI was not found. Install it: https://www.pulumi.com/docs/install/",
    );
  }
  const remedy = /no Pulumi.yaml/.test(stderr)
    ? "Run the command in the folder of your Pulumi program, where Pulumi.yaml is."
    : /no stack named/.test(stderr)
      ? "List the stacks: pulumi stack ls"
      : /PULUMI_ACCESS_TOKEN|pulumi login/.test(stderr)
        ? "Log in where the stack's state is kept: pulumi login"
        : `Run it directly: pulumi stack output --stack ${stack}`;
  return new OpsError(
    `Pulumi could not read the outputs of stack ${stack}:\n${stderr.trim()}\n${remedy}`,
  );
}
