/** Which accounts an event asks to check. */
import * as v from "valibot";
import { credentialsSecretName } from "./contract.ts";
import { RotationError } from "./errors.ts";

export interface CheckRequest {
  readonly accountIds: readonly string[];
  readonly force: boolean;
  /** Whether it is a check of all accounts, as the schedule makes it. */
  readonly isFull: boolean;
}

/**
 * A native `Secret Label Updated` event asks for the account that it names, and `{"accounts": [...]}` for
 * those. Every other object (a schedule's, `{}`) asks for all: no event carries state, so an event of an
 * unknown form is a good reason to check too.
 * @param accountIds - the stack's accounts.
 * @throws {@link RotationError} `event-invalid`. The message shows no value but accounts of the stack.
 */
export function readEvent(event: unknown, accountIds: readonly string[]): CheckRequest {
  const secretEvent = v.safeParse(SECRET_EVENT, event);
  if (secretEvent.success) {
    const { name } = secretEvent.output.detail;
    const accountId = accountIds.find((id) => credentialsSecretName(id) === name);
    if (!accountId) {
      throw invalid("it names a secret of another stack: check the event rule's pattern");
    }
    return { accountIds: [accountId], force: false, isFull: false };
  }

  const request = v.safeParse(REQUEST, event);
  // Each fault once, however many entries have it.
  const faults = new Set(request.issues?.map(({ message }) => message));
  if (!request.success) throw invalid([...faults].join("; "));
  const { accounts, force = false } = request.output;
  if (!accounts) return { accountIds, force, isFull: true };
  const unknown = accounts.findIndex((id) => !accountIds.includes(id));
  if (unknown >= 0) {
    throw invalid(
      `accounts[${unknown}] is not an account of this stack (${accountIds.join(", ")})`,
    );
  }
  return { accountIds: [...new Set(accounts)], force, isFull: false };
}

// Source: Secrets Manager user guide, "Secret Label Updated event".
const SECRET_EVENT = v.object({
  source: v.literal("aws.secretsmanager"),
  "detail-type": v.literal("Secret Label Updated"),
  detail: v.object({ name: v.string() }),
});

const REQUEST = v.pipe(
  v.unknown(),
  v.check(
    (event) => typeof event === "object" && event !== null && !Array.isArray(event),
    "it is not a JSON object",
  ),
  v.object({
    accounts: v.optional(
      v.pipe(
        v.array(v.string("accounts has an entry that is not a string"), "accounts is not a list"),
        v.nonEmpty("accounts is empty: omit it to check all accounts"),
      ),
    ),
    force: v.optional(v.boolean("force is not true or false")),
  }),
  v.check(
    ({ accounts, force }) => force === undefined || accounts !== undefined,
    "force requires accounts: name the accounts to renew",
  ),
);

function invalid(fault: string): RotationError<"event-invalid"> {
  return new RotationError(
    "event-invalid",
    `The event is invalid: ${fault}. To check all accounts, send {}. To renew some now, send {"accounts": ["T12345678"], "force": true}.`,
  );
}
