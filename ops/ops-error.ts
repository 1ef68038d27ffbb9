/** The one error that the commands expect: its message is shown, without a stack trace. */

import { EXIT } from "./fault.ts";

export interface OpsErrorOptions extends ErrorOptions {
  /** Whether nothing is known to be wrong: an argument, a permission, the network. */
  readonly isUndetermined?: boolean;
}

/** What failed, on what, and what to do. Never a secret, a token or a reply from Dintero. */
export class OpsError extends Error {
  override readonly name = "OpsError";
  readonly exitStatus: number;

  constructor(message: string, { isUndetermined = false, ...options }: OpsErrorOptions = {}) {
    super(message, options);
    this.exitStatus = isUndetermined ? EXIT.notDetermined : EXIT.somethingToFix;
  }
}
