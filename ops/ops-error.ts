/** The one error that the commands expect: its message is shown, without a stack trace. */

/** What failed, on what, and what to do; never a secret, a token or a reply of Dintero's. */
export class OpsError extends Error {
  override readonly name = "OpsError";
}
