/**
 * Opens a stack for a command: checks that the person's credentials and Region are those of the stack,
 * before the command does anything.
 */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Clock, systemClock } from "../lambda/clock.ts";
import { explained, NOT_AWS } from "./aws-explanation.ts";
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
  /** The person's identity in AWS. */
  readonly callerArn: string;
  readonly clients: OperatorClients;
  /** AWS's clock, because this machine's clock may be wrong. */
  readonly clock: Clock;
  readonly proxyEnv: ProxyEnvironment;
}

/** @throws {@link OpsError} when the stack, the credentials or the Region do not fit. */
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
  if (caller.Account === undefined) {
    throw new OpsError(`Asking AWS who you are failed: ${NOT_AWS}`);
  }
  if (caller.Account !== outputs.awsAccountId) {
    throw new OpsError(
      `Stack ${stack} is in AWS account ${outputs.awsAccountId}, but your AWS credentials (${caller.Arn}) belong to account ${caller.Account}. Set AWS_PROFILE to a profile for account ${outputs.awsAccountId}.`,
    );
  }
  // From the date of this answer. Otherwise AWS would refuse the first call of another client, and some
  // calls are not repeated.
  const { systemClockOffset } = clients.sts.config;
  for (const { config } of Object.values(clients)) config.systemClockOffset = systemClockOffset;
  const offsetMinutes = Math.round((systemClockOffset + DATE_STEP_MS / 2) / 60_000);
  // A smaller difference changes nothing that a command shows.
  if (offsetMinutes !== 0) operation.tell(wrapped(clockNotice(offsetMinutes)));
  return {
    ...{ stack, outputs, callerArn: caller.Arn ?? "unknown", clients, proxyEnv },
    clock: { ...systemClock, now: () => systemClock.now() + systemClockOffset + DATE_STEP_MS },
  };
}

/** That date has whole seconds. With a clock behind AWS, a new token would be in the future. */
const DATE_STEP_MS = 1_000;

/** @param offsetMinutes - how far AWS's clock is ahead of this machine's. */
export function clockNotice(offsetMinutes: number): string {
  const behindOrAhead = offsetMinutes > 0 ? "behind" : "ahead of";
  const minutes = Math.abs(offsetMinutes);
  const difference = minutes < 60 ? `${minutes} min` : hoursAndMinutes(minutes * 60);
  return `The clock of this machine is ${difference} ${behindOrAhead} AWS's clock. This command uses AWS's clock, but other tools may fail. Set this machine's clock.`;
}

/**
 * The message if the person has set another Region than the stack's. The person may mean another stack, so
 * it is an error. The AWS CLI reads the variables in the same order.
 */
export function findRegionFault(
  stack: string,
  region: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const name = env["AWS_REGION"] ? "AWS_REGION" : "AWS_DEFAULT_REGION";
  const set = env[name];
  if (!set || set === region) return undefined;
  return `Stack ${stack} is in ${region}, but ${name} is ${set}. Name the stack in ${set}, or run: export ${name}=${region}`;
}

/** One line: what the command will do, in which AWS account and Region, as whom. */
export function announcement(session: StackSession, intention: string): string {
  const { stack, outputs, callerArn } = session;
  return `Stack ${stack}: AWS account ${outputs.awsAccountId}, ${outputs.region}, as ${callerArn}. ${intention}`;
}

/** Also one with a digit too few, or in small letters. */
const LIKE_AN_ACCOUNT_ID = /^[TP]\d{1,12}$/i;

/** @throws {@link OpsError} naming the stack's accounts, when a given account is not one of them. */
export function requireAccounts(session: StackSession, accountIds: readonly string[]): void {
  const { accountIds: known } = session.outputs;
  const unknown = accountIds.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  // Other text is not shown, because it may be a secret that was typed in the wrong place.
  const what = LIKE_AN_ACCOUNT_ID.test(unknown) ? `account ${unknown}` : "such account";
  throw new OpsError(`Stack ${session.stack} has no ${what}. It has: ${known.join(", ")}.`, {
    isUndetermined: true,
  });
}
