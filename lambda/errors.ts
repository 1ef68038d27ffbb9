/**
 * The one error class. An account's error becomes its result; any other fails the invocation.
 */
import { ACCOUNT_ERROR_CODES, type AccountErrorCode } from "./contract.ts";

/**
 * Why a whole check could not be made: the function's environment variables, the event, AWS not
 * answering at all, or a defect in this program.
 */
export type CheckErrorCode = "settings-invalid" | "event-invalid" | "aws-unreachable" | "defect";

/**
 * A failure that is expected somewhere. The message says what failed, on which resource, and what to do.
 * It never contains a token, a secret, a reply body or a header.
 */
export class RotationError<
  Code extends AccountErrorCode | CheckErrorCode = AccountErrorCode | CheckErrorCode,
> extends Error {
  // Both as literals, because minification changes the name of the class. Lambda logs one of them and
  // answers with the other.
  static override readonly name = "RotationError";
  override readonly name = "RotationError";
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An account's failure: the only errors that `credentials`, `dintero` and `token-store` throw. */
export type AccountError = RotationError<AccountErrorCode>;

/** Whether this is an account's failure, and neither a failure of the whole check nor a defect. */
export function isAccountError(error: unknown): error is AccountError {
  const codes: readonly string[] = ACCOUNT_ERROR_CODES;
  return error instanceof RotationError && codes.includes(error.code);
}
