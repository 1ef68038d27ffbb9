/** Asks before production is changed. */
import { confirm } from "@inquirer/prompts";
import type { Operation } from "./operation.ts";
import { OpsError } from "./ops-error.ts";
import { prompted } from "./prompted.ts";
import type { StackSession } from "./stack-session.ts";

/** @throws {@link OpsError} when the person says no, or cannot be asked. */
export async function requireConsent(
  operation: Operation,
  { stack, outputs }: StackSession,
  isGiven: boolean,
): Promise<void> {
  if (!outputs.isProduction || isGiven) return;
  if (!process.stdin.isTTY) {
    throw new OpsError(
      `Stack ${stack} is production, and there is no terminal to ask for your consent. Nothing was changed. To continue, add --yes.`,
    );
  }
  const isMeant = await prompted(operation, (context) =>
    confirm({ message: `Stack ${stack} is production. Continue?`, default: false }, context),
  );
  if (!isMeant) throw new OpsError("Nothing was changed.");
}
