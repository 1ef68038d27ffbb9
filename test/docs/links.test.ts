/** Every link inside the repository leads somewhere, anchors included. */
import { existsSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ALARMS } from "../../infra/alarm-definitions.ts";
import { anchors, DOCUMENTS, prose, ROOT, readDocument, sections } from "./documents.ts";

describe.each(DOCUMENTS)("%s", (document) => {
  const links = [...prose(readDocument(document)).matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(
    ([, link = ""]) => link,
  );

  test("links only to files and headings that are there", () => {
    expect(links.filter((link) => !leadsSomewhere(document, link))).toEqual([]);
  });
});

test("The pages are linked to each other, so that the check above has something to check", () => {
  const all = DOCUMENTS.map((document) => prose(readDocument(document))).join("");
  expect(all.match(/\]\([^)]*\.md#/g)?.length).toBeGreaterThan(3);
});

describe.each(ALARMS.map(({ kind }) => kind))("The page of %s", (name) => {
  const page = sections(readDocument("docs/operating.md")).get(name) ?? "";

  test("says in this order: what ALARM means, what OK means, how much time is left, where to look, what to do, when it is fixed", () => {
    const parts = [...page.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, part]) => part);
    expect(parts).toEqual(["ALARM", "OK", "Time", "Look", "Do", "Fixed"]);
  });

  test("gives a complete command to find the cause", () => {
    const [, look = ""] = /^\*\*Look\*\*([\s\S]*?)^\*\*Do\*\*/m.exec(page) ?? [];
    expect(look).toMatch(/^npm run ops -- (status|reconcile)( P12345678)? --stack prod$/m);
  });
});

test("A heading's anchor is GitHub's: small letters, dashes for blanks, no signs, numbered if doubled", () => {
  expect(anchors("# A `b-c`: d, e?\n## A\n```sh\n# no heading\n```\n## A\n")).toEqual([
    "a-b-c-d-e",
    "a",
    "a-1",
  ]);
});

/** A link without a path is to the page itself; one without an anchor to the file alone. */
function leadsSomewhere(document: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : normalize(join(document, "..", path));
  if (target.startsWith("..") || !existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchors(readDocument(target)).includes(anchor);
}
