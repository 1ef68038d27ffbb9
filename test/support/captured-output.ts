/**
 * What code under test writes to the streams of this process. For tests of what reaches Lambda's
 * log, which Powertools writes through a console of its own.
 */

export interface CapturedOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `action`, which must write before it returns; nothing of it reaches the terminal. */
export function captureOutput(action: () => void): CapturedOutput {
  const output = { stdout: "", stderr: "" };
  const restores = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = (chunk: string | Uint8Array) => {
      output[name] += Buffer.from(chunk).toString("utf8");
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  try {
    action();
  } finally {
    for (const restore of restores) restore();
  }
  return output;
}

/** Each line of the text as the JSON object that it must be. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
