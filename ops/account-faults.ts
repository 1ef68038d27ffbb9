/** What has to be fixed for an account, and the command that fixes it, pure. */
import { credentialsSecretName } from "../lambda/contract.ts";
import { MIN_LIFE_MS } from "../lambda/renewal-policy.ts";
import type { AccountStatus } from "./account-status.ts";
import { isKeyOff, refreshAdvice, withKeyOn } from "./encryption-key.ts";
import type { Fault } from "./fault.ts";
import { readableTime } from "./lifetime-text.ts";
import { awsCommand, opsCommand, type StackAdvice } from "./stack-commands.ts";

/** The function has two checks to use new credentials. */
const CREDENTIALS_GRACE_MS = 10 * 60_000;

/**
 * The faults of an account. An account that awaits its first credentials has none, and no alarm fires for
 * it: nothing is lost yet. A pipeline that has just deployed a stack must not fail because of a step that
 * only a person can do.
 */
export function accountFaults(account: AccountStatus, advice: StackAdvice, nowMs: number): Fault[] {
  const causes = [...secretFaults(account, advice), ...unusedCredentials(account, advice, nowMs)];
  // One command for each cause: if the cause is known, its own fault has the command.
  const isExplained = causes.length > 0 || isKeyOff(advice);
  return [...tokenFaults(account, advice, { isExplained, nowMs }), ...causes];
}

function tokenFaults(
  account: AccountStatus,
  advice: StackAdvice,
  { isExplained, nowMs }: { readonly isExplained: boolean; readonly nowMs: number },
): Fault[] {
  const { accountId, state, expiresAt, renewalDueSince, renewalExpectedBy } = account;
  const fault = (
    code: Fault["code"],
    urgency: Fault["urgency"],
    what: string,
    remedy?: string,
  ) => ({
    ...{ code, accountId, urgency },
    message: `${accountId}: ${what}${remedy && !isExplained ? ` ${remedy}` : ""}`,
  });
  const reconcile = opsCommand("reconcile", advice, accountId);
  const seeWhy = `See why: ${reconcile}`;
  switch (state) {
    case "at-risk": {
      const what = "less than a third of its token's lifetime is left.";
      return [fault("token-at-risk", "urgent", what, seeWhy)];
    }
    case "expired": {
      const what = `its token expired at ${readableTime(expiresAt)}.`;
      return [fault("token-expired", "urgent", what, seeWhy)];
    }
    case "missing": {
      const what =
        "it has no reliable token: the parameter of the token or of its status is missing or unreadable.";
      return [fault("token-missing", "urgent", what, `To renew it now, run: ${reconcile}`)];
    }
    case "overdue": {
      const what = `its token has been due for renewal since ${readableTime(renewalDueSince)}, but no check has renewed it.`;
      return [fault("renewal-overdue", "not-urgent", what, seeWhy)];
    }
    case "replaced": {
      const by = readableTime(renewalExpectedBy);
      const isLate = nowMs > Date.parse(renewalExpectedBy ?? "");
      const what = `somebody else overwrote its token, and services read the new value. ${isLate ? `A check should have renewed it by ${by}.` : `A check renews it by ${by}.`}`;
      const now = `To renew it now, run: ${opsCommand("reconcile", advice, accountId, "--force")}`;
      return [fault("token-replaced", "urgent", what, now)];
    }
    case "fresh":
    case "renewing": {
      const short = `its token is valid for less than ${MIN_LIFE_MS / 3_600_000} h, so an alarm may come too late. Ask Dintero for a longer lifetime.`;
      const key =
        "its token is encrypted with another key than the stack's. Services have no permission to use that key. The next check renews the token.";
      return [
        ...(account.isLifeTooShort ? [fault("lifetime-too-short", "not-urgent", short)] : []),
        ...(account.keyIsCurrent === false
          ? [fault("token-key-changed", "urgent", key, `If it does not, see why: ${reconcile}`)]
          : []),
      ];
    }
    default:
      return [];
  }
}

function secretFaults(account: AccountStatus, advice: StackAdvice): Fault[] {
  const { accountId, state, secret } = account;
  const name = credentialsSecretName(accountId);
  const enter = opsCommand("credentials", advice, accountId);
  const fault = (code: Fault["code"], what: string, remedy: string): Fault[] => [
    {
      ...{ code, accountId },
      urgency: "not-urgent",
      message: `${accountId}: the secret ${name} ${what}, so the token cannot be renewed. ${remedy}`,
    },
  ];
  switch (secret) {
    case "deleted":
      return fault("secret-deleted", "does not exist", refreshAdvice(advice, enter));
    case "scheduled-for-deletion": {
      const restore = awsCommand(`secretsmanager restore-secret --secret-id ${name}`, advice);
      return fault("secret-scheduled-for-deletion", "is scheduled for deletion", `Run: ${restore}`);
    }
    case "empty":
      return state === "awaiting-credentials" || state === "unknown"
        ? []
        : fault("secret-empty", "has no value", withKeyOn(advice, `Run: ${enter}`));
    default:
      return [];
  }
}

/** Credentials that are wrong or malformed, or that no check has used. */
function unusedCredentials(account: AccountStatus, advice: StackAdvice, nowMs: number): Fault[] {
  const { accountId, secret, credentialsAreCurrent, credentialsChangedAt } = account;
  if (secret !== "stored" || credentialsAreCurrent !== false) return [];
  const changedMs = Date.parse(credentialsChangedAt ?? "");
  if (nowMs - changedMs <= CREDENTIALS_GRACE_MS) return [];
  const since = Number.isNaN(changedMs)
    ? ""
    : ` (changed at ${readableTime(credentialsChangedAt)})`;
  const remedy = withKeyOn(
    advice,
    `They may be wrong or malformed. See why: ${opsCommand("reconcile", advice, accountId)}\nTo store new ones, run: ${opsCommand("credentials", advice, accountId)}`,
  );
  return [
    {
      code: "credentials-not-used",
      accountId,
      urgency: "not-urgent",
      message: `${accountId}: no check has got a token with the credentials in its secret${since}. ${remedy}`,
    },
  ];
}
