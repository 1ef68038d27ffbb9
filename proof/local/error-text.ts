/**
 * What an error says, with its code. An error that a later one of cleaning up has wrapped comes first:
 * it is the reason.
 */
export function errorText(error: unknown): string {
  if (error instanceof SuppressedError) {
    return `${errorText(error.suppressed)}\nCleaning up failed, too: ${errorText(error.error)}`;
  }
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? ` (${String(error.code)})` : "";
  return `${error.message || error.name}${code}`;
}
