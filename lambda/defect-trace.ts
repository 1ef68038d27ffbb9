/** What the log may keep of an unexpected error: enough to find the place, and no text that it quotes. */

export interface DefectTrace {
  /** Class of the error. */
  readonly name: string;
  /** Lines of its stack, innermost first. */
  readonly frames: readonly string[];
}

/** For the error and its causes, and for each error in an `AggregateError`. */
export function defectTraces(error: unknown): DefectTrace[] {
  if (!(error instanceof Error))
    return error === undefined ? [] : [{ name: typeof error, frames: [] }];
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [{ name: error.name, frames: framesOf(error) }, ...inner.flatMap(defectTraces)];
}

function framesOf({ message, stack = "" }: Error): string[] {
  // The message comes first, and may hold lines that look like frames.
  const frames = message === "" ? stack : stack.slice(stack.indexOf(message) + message.length);
  return frames
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
}
