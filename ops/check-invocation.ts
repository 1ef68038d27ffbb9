/** Invokes the function and waits for its result. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import type { AccountErrorCode, CheckResult, DueReason, Outcome } from "../lambda/contract.ts";
import { explained } from "./aws-explanation.ts";
import { OpsError } from "./ops-error.ts";
import { deployCommand, opsCommand } from "./stack-commands.ts";
import type { StackSession } from "./stack-session.ts";

/** The event for the function; see the contract. */
export interface CheckEvent {
  readonly accounts?: readonly string[];
  readonly force?: true;
}

export type CheckInvocation = { readonly requestId: string } & (
  | { readonly result: CheckResult; readonly failure?: never }
  /** Why the check could not be made, by Lambda or by the function. */
  | { readonly result?: never; readonly failure: string }
);

/** @throws {@link OpsError} when the function cannot be invoked, or its answer is not a check's result. */
export async function invokeCheck(
  { stack, clients, outputs: { functionName } }: StackSession,
  event: CheckEvent,
  signal: AbortSignal,
): Promise<CheckInvocation> {
  const reply = await explained(
    {
      doing: `Invoking the function ${functionName}`,
      permission: `lambda:InvokeFunction on the function ${functionName}`,
      remedies: {
        TooManyRequestsException:
          "Other checks are running. Try again in a minute. If it lasts, somebody set the function's concurrency to 0: see rotation-silent in docs/operating.md.",
        ResourceNotFoundException: `The function was deleted. Check first that the KMS key is enabled: ${opsCommand("status", { stack })}\nThen run: ${deployCommand({ stack })} --refresh`,
      },
    },
    () =>
      clients.lambda.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
        { abortSignal: signal },
      ),
  );
  const payload = Buffer.from(reply.Payload ?? []).toString("utf8");
  // Lambda uses one id for the call and for the invocation in the log.
  const requestId = reply.$metadata.requestId ?? "";
  return reply.FunctionError === undefined
    ? { requestId, result: parseResult(payload) }
    : { requestId, failure: parseFailure(payload) };
}

function parseResult(payload: string): CheckResult {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), RESULT), payload);
  if (parsed.success) return parsed.output;
  throw new OpsError(
    "The function returned an unexpected result: the deployed function is probably another version. Deploy the stack again.",
  );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function parseFailure(payload: string): string {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), FAILURE), payload);
  if (!parsed.success) return "The function failed without an explanation.";
  const { errorType, errorMessage } = parsed.output;
  return errorType === undefined ? errorMessage : `${errorType}: ${errorMessage}`;
}

const FAILURE = v.object({ errorType: v.optional(v.string()), errorMessage: v.string() });

const optionalText = v.exactOptional(v.string());

// A later version of the function may add names, so they are not listed here.
const ERROR = v.object({
  code: v.custom<AccountErrorCode>((value) => typeof value === "string"),
  message: v.string(),
});

const RESULT = v.object({
  accounts: v.array(
    v.object({
      accountId: v.string(),
      outcome: v.custom<Outcome>((value) => typeof value === "string"),
      reason: v.exactOptional(v.custom<DueReason>((value) => typeof value === "string")),
      expiresAt: optionalText,
      error: v.exactOptional(ERROR),
    }),
  ),
  error: v.exactOptional(ERROR),
});
