/** Asks a person at the terminal, and restores the terminal however the prompt ends. */
import type { Operation } from "./operation.ts";

/** What a prompt gets besides its question. */
interface PromptContext {
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** The answer; Ctrl-C and Ctrl-D stop the operation. */
export async function prompted<Answer>(
  operation: Operation,
  ask: (context: PromptContext) => Promise<Answer>,
): Promise<Answer> {
  // During a prompt the terminal sends keys instead of signals. The prompt itself ignores Ctrl-D, and would
  // never end after it.
  const onKey = (_: unknown, key: { readonly name?: string; readonly ctrl?: boolean }) => {
    if (key.ctrl && (key.name === "c" || key.name === "d")) operation.stop("SIGINT");
  };
  process.stdin.on("keypress", onKey);
  try {
    return await ask({ output: process.stderr, signal: operation.signal });
  } finally {
    process.stdin.off("keypress", onKey);
  }
}
