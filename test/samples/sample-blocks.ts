/**
 * The samples of `docs/consuming.md`: every fenced block that a comment above it names, such as
 * `<!-- sample: sdk.ts -->`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const CONSUMING_PATH = join(import.meta.dirname, "..", "..", "docs", "consuming.md");

/** The blocks by file name, to the letter as they stand in the document. */
export function sampleBlocks(): ReadonlyMap<string, string> {
  const document = readFileSync(CONSUMING_PATH, "utf8");
  const blocks = document.matchAll(/^<!-- sample: (\S+) -->\n```\w+\n(.*?)^```$/gms);
  return new Map(Array.from(blocks, ([, name = "", text = ""]) => [name, text]));
}
