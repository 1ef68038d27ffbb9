/** The commands that messages recommend, for a stack, pure. */

/** What the messages about a stack need to know about it. */
export interface StackAdvice {
  readonly stack: string;
  readonly region: string;
  /** KMS's name for the state of the stack's key; `undefined` if it is unknown. */
  readonly keyState: string | undefined;
}

export type OpsCommand = "status" | "reconcile" | "credentials" | "drill";

/** @param args - accounts and options. */
export function opsCommand(
  command: OpsCommand,
  { stack }: Pick<StackAdvice, "stack">,
  ...args: string[]
) {
  return ["npm run ops --", command, ...args, "--stack", stack].join(" ");
}

export function deployCommand({ stack }: Pick<StackAdvice, "stack">): string {
  return `npm run deploy -- --stack ${stack}`;
}

/** An AWS CLI command. Without a Region it would use the one in the person's own settings. */
export function awsCommand(command: string, { region }: Pick<StackAdvice, "region">): string {
  return `aws ${command} --region ${region}`;
}
