/**
 * The way into a stack: whose it is, and whether the person's credentials are of its AWS account
 * and Region. Opened for every command, before it does anything.
 */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Clock, systemClock } from "../lambda/clock.ts";
import { ACCOUNT_ID_PATTERN } from "../lambda/contract.ts";
import { explained } from "./aws-explanation.ts";
import { hoursAndMinutes } from "./lifetime-text.ts";
import type { Operation } from "./operation.ts";
import { createOperatorClients, type OperatorClients } from "./operator-clients.ts";
import { OpsError } from "./ops-error.ts";
import { type ProxyEnvironment, proxyEnvironment } from "./proxy-environment.ts";
import { readStackOutputs, type StackOutputs } from "./stack-outputs.ts";
import { wrapped } from "./wrapped-text.ts";

export interface StackSession {
  readonly stack: string;
  readonly outputs: StackOutputs;
  /** As whom AWS knows the person. */
  readonly callerArn: string;
  readonly clients: OperatorClients;
  /** The clock of AWS, which this machine's may differ from. */
  readonly clock: Clock;
  readonly proxyEnv: ProxyEnvironment;
}

/** @throws {@link OpsError} when the stack, the credentials or the Region are not what they should be. */
export async function openStack(stack: string, operation: Operation): Promise<StackSession> {
  const { signal } = operation;
  const proxyEnv = proxyEnvironment(process.env);
  const outputs = await operation.during(`Reading the outputs of stack ${stack}`, () =>
    readStackOutputs(stack, signal),
  );
  const regionFault = findRegionFault(stack, outputs.region, process.env);
  if (regionFault) throw new OpsError(regionFault);

  const clients = createOperatorClients(outputs.region, proxyEnv);
  const caller = await operation.during("Asking AWS who you are", () =>
    explained({ doing: "Asking AWS who you are", permission: "sts:GetCallerIdentity" }, () =>
      clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
    ),
  );
  if (caller.Account !== outputs.awsAccountId) {
    throw new OpsError(
      `Stack ${stack} is in AWS account ${outputs.awsAccountId}, but your AWS credentials (${caller.Arn}) belong to account ${caller.Account}. Set AWS_PROFILE to a profile for account ${outputs.awsAccountId}.`,
    );
  }
  // From the date of its answer. A call of another client would be refused first, and that may be one
  // which is not repeated.
  const { systemClockOffset } = clients.sts.config;
  for (const { config } of Object.values(clients)) config.systemClockOffset = systemClockOffset;
  if (Math.abs(systemClockOffset) >= TOLD_CLOCK_OFFSET_MS) {
    operation.tell(wrapped(clockNotice(systemClockOffset)));
  }
  return {
    ...{ stack, outputs, callerArn: caller.Arn ?? "unknown", clients, proxyEnv },
    clock: { ...systemClock, now: () => systemClock.now() + systemClockOffset + DATE_STEP_MS },
  };
}

/** That date has whole seconds. Behind AWS, a token of this moment would be one of the future. */
const DATE_STEP_MS = 1_000;

/** Less changes nothing that a command shows. */
const TOLD_CLOCK_OFFSET_MS = 60_000;

/** @param offsetMs - how far AWS's clock is ahead of this machine's. */
export function clockNotice(offsetMs: number): string {
  const behindOrAhead = offsetMs > 0 ? "behind" : "ahead of";
  return `The clock of this machine is ${hoursAndMinutes(Math.abs(offsetMs) / 1_000)} ${behindOrAhead} AWS's, which is used here. Set it: other tools will fail.`;
}

/**
 * Whether the person set another Region than the stack's. Such a person thinks of another stack, so
 * it is not passed over. The variables' order is the AWS CLI's.
 */
export function findRegionFault(
  stack: string,
  region: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const name = env["AWS_REGION"] ? "AWS_REGION" : "AWS_DEFAULT_REGION";
  const set = env[name];
  if (!set || set === region) return undefined;
  return `Stack ${stack} is in ${region}, but ${name} is ${set}. Pass the stack deployed in ${set}, or run: export ${name}=${region}`;
}

/** One line: what is about to be done, to which AWS account and Region, as whom. */
export function announcement(session: StackSession, intention: string): string {
  const { stack, outputs, callerArn } = session;
  return `Stack ${stack}: AWS account ${outputs.awsAccountId}, ${outputs.region}, as ${callerArn}. ${intention}`;
}

/** @throws {@link OpsError} naming the stack's accounts, when one of those given is not among them. */
export function requireAccounts(session: StackSession, accountIds: readonly string[]): void {
  const { accountIds: known } = session.outputs;
  const unknown = accountIds.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  // Anything else may be a secret that was typed in the wrong place.
  const what = ACCOUNT_ID_PATTERN.test(unknown) ? `account ${unknown}` : "such account";
  throw new OpsError(`Stack ${session.stack} has no ${what}. It has: ${known.join(", ")}.`, {
    isUndetermined: true,
  });
}
