/** The commands that messages recommend, for a stack, pure. */
import { DEPLOY, OPS } from "./program-names.ts";

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
  return [OPS, command, ...args, "--stack", stack].join(" ");
}

/** The function knows neither the stack's name nor how the person runs the commands. */
export function withStack(message: string, { stack }: Pick<StackAdvice, "stack">): string {
  return message.replace(
    /npm run ops -- ([a-z]+(?: [TP]\d+)?)/,
    (_, command) => `${OPS} ${command} --stack ${stack}`,
  );
}

export function deployCommand({ stack }: Pick<StackAdvice, "stack">): string {
  return `${DEPLOY} --stack ${stack}`;
}

/** An AWS CLI command. Without a Region it would use the one in the person's own settings. */
export function awsCommand(command: string, { region }: Pick<StackAdvice, "region">): string {
  return `aws ${command} --region ${region}`;
}
