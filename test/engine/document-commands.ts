/** The commands of Pulumi that a document tells people to run. */
import { blocks, readDocument, sections } from "../docs/documents.ts";

/** Of one section of level 2, in its order, each in one line. Logging in is the test's own business. */
export function pulumiCommands(document: string, section: string): string[] {
  const text = sections(readDocument(document)).get(section);
  if (text === undefined) throw new Error(`${document} has no section ${section}`);
  return blocks(text.replaceAll(/^ {3}/gm, ""), "sh")
    .join("")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => /^(pulumi (?!login)|npm run (preview|deploy) )/.test(line));
}
