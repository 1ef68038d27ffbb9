/** The one error that the commands expect: its message is shown to the person, and the status is 1. */

/** What failed, on what, and what to do; never a secret, a token or a reply of Dintero's. */
export class OpsError extends Error {
  override readonly name = "OpsError";
}
