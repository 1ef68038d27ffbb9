/** The stack's KMS key: its state, what is wrong with it, and when a deployment may refresh. */
import { createEncryptionKey, KEY_ENABLED, KEY_NOT_FOUND } from "../lambda/encryption-key.ts";
import { explainReading } from "./aws-explanation.ts";
import { type Fault, notDetermined } from "./fault.ts";
import { awsCommand, deployCommand, opsCommand, type StackAdvice } from "./stack-commands.ts";
import type { StackSession } from "./stack-session.ts";

/** As in the document of `status --json`. */
export interface KeyView {
  readonly arn: string;
  /** KMS's name for it, or `NotFound`. */
  readonly state: string;
}

/** The key, or why its state is unknown. */
export async function readKey(
  { stack, clients, outputs: { keyArn } }: StackSession,
  signal: AbortSignal,
): Promise<KeyView | Fault> {
  if (keyArn === undefined) {
    return notDetermined(
      `The state of the KMS key was not checked. The previous version deployed stack ${stack}, so its outputs have no keyArn. Run: ${deployCommand({ stack })}`,
    );
  }
  try {
    return { arn: keyArn, state: await createEncryptionKey(clients.kms, keyArn).state(signal) };
  } catch (error) {
    const doing = `Reading the state of the KMS key ${keyArn}`;
    return notDetermined(
      await explainReading(error, { doing, permission: `kms:DescribeKey on the key ${keyArn}` }),
    );
  }
}

/** Urgent, because services fail at once. Source: KMS developer guide, "Key states". */
export function keyFaults({ arn, state }: KeyView, advice: StackAdvice): Fault[] {
  if (state === KEY_ENABLED) return [];
  const kms = (command: string) => awsCommand(`kms ${command} --key-id ${arn}`, advice);
  const enable = kms("enable-key");
  const [what, remedy] = {
    Disabled: ["is disabled", `Run: ${enable}`],
    PendingDeletion: [
      "is scheduled for deletion",
      `Run: ${kms("cancel-key-deletion")}\nThen run: ${enable}`,
    ],
    [KEY_NOT_FOUND]: [
      "no longer exists",
      `Tokens and credentials are lost with it. To create a new key, run: ${refresh(advice)}\nThen, for each account, run: ${opsCommand("credentials", advice, "ACCOUNT")}`,
    ],
  }[state] ?? [`is in the state ${state}`, `See why: ${kms("describe-key")}`];
  return [
    {
      code: "key-not-enabled",
      urgency: "urgent",
      message: `The KMS key ${arn} ${what}, so services cannot read any token. ${remedy}`,
    },
  ];
}

/**
 * How to create a manually deleted resource again. Never while the key is off: Pulumi would treat a key that
 * is scheduled for deletion as deleted, and create another one.
 * @param then - further commands, in their order.
 */
export function refreshAdvice(advice: StackAdvice, ...then: readonly string[]): string {
  const { keyState } = advice;
  if (keyState === undefined) {
    return `Do not deploy with --refresh before you know the state of the KMS key. Run: ${opsCommand("status", advice)}`;
  }
  const commands = [refresh(advice), ...then];
  const remedy = commands
    .map((it, index) => `${index === 0 ? "Run" : "Then run"}: ${it}`)
    .join("\n");
  return keyState === KEY_NOT_FOUND ? remedy : withKeyOn(advice, remedy);
}

/** The remedy, unless it needs the key and the key is off. */
export function withKeyOn(advice: StackAdvice, remedy: string): string {
  return isKeyOff(advice)
    ? `Fix the KMS key first (see the entry about it). Then run: ${opsCommand("status", advice)}`
    : remedy;
}

export function isKeyOff({ keyState }: StackAdvice): boolean {
  return keyState !== undefined && keyState !== KEY_ENABLED;
}

function refresh(advice: StackAdvice): string {
  return `${deployCommand(advice)} --refresh`;
}
