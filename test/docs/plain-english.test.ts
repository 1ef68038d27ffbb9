/** The worst words, which a reader has to read twice: not in messages, and not in documents. */
import { globSync } from "node:fs";
import { expect, test } from "@jest/globals";
import ts from "typescript";
import { DOCUMENTS, ROOT, readDocument } from "./documents.ts";

/** Patterns, each with what to write instead. A blank is also a line's end. */
const INSTEAD: readonly (readonly [pattern: string, write: string])[] = [
  ["(is|are|be|was|were|been) told(?! apart)", "is reported, is notified"],
  ["tells? (people|nobody|somebody|everybody|everyone)", "notify, alert, report to"],
  ["shall", "must, will"],
  ["whoever", "the person who, the service that"],
  ["wherefore|whereof|thereof|therein|hereof", "a plain form"],
  ["mend(s|ed|ing)?", "fix, repair"],
  ["wakes?|woken?|woke", "invoke, trigger"],
  ["(hand|hands|handed|handing) out", "issue, return, pass"],
  ["lives? for|(its|their|a|the|token's|other) (life|lives)", "lifetime, is valid for"],
  ["alarms? (goes|go|went|is|are|was|were) (on|off)", "fires, is in ALARM, clears"],
  ["(comes?|brings?)( \\w+){0,2} along", "is included, installs"],
  ["leaves? away|left away|leave it away", "omit"],
  ["anew", "again"],
  ["dear", "expensive"],
  ["at the earliest|no sooner", "the number, and when it is less"],
  ["made good|makes? good|puts? right", "fix, restore, correct"],
  ["by plan", "planned work"],
  ["as it should be|as they should be", "as expected, and what was expected"],
  ["(?<=, )since(?! then)", "because"],
  ["where (there|it|they|nobody) (is|are|has|have|does) (no|none|not)", "if, when"],
];

const MESSAGES = globSync(["{lambda,infra,ops,scripts}/*.ts", "scripts/*.cjs"], { cwd: ROOT });

test.each([
  ["Messages", MESSAGES, messagesIn],
  ["Documents", [...DOCUMENTS, "CONTRIBUTING.md", "CHANGELOG.md"], withoutBlocks],
])("%s say it in the usual words", (_, paths, textOf) => {
  expect(paths.flatMap((path) => hits(path, textOf(readDocument(path))))).toEqual([]);
});

test.each([
  ["in a document", withoutBlocks("A page.\nNobody is\ntold.\n")],
  ["in a string", messagesIn('// It is told.\nconst text = "Nobody is told.";\n')],
  [
    "in a template",
    messagesIn("// It is told.\nconst text = `Now @{who} is told.`;\n".replace("@", "$")),
  ],
])("A hit %s is reported with its place and what to write", (_, text) => {
  expect(hits("page", text)).toEqual(['page:2: instead of "is told": is reported, is notified']);
});

function hits(path: string, text: string): string[] {
  return INSTEAD.flatMap(([pattern, write]) => {
    const words = new RegExp(`\\b(?:${pattern.replaceAll(" ", "\\s+")})\\b`, "gi");
    return [...text.matchAll(words)].map(({ 0: found, index }) => {
      const line = text.slice(0, index).split("\n").length;
      return `${path}:${line}: instead of "${found.replace(/\s+/g, " ")}": ${write}`;
    });
  });
}

/** Without fenced blocks, which are code and the output of commands. The lines keep their numbers. */
function withoutBlocks(document: string): string {
  return document.replace(/^ *```.*\n[\s\S]*?^ *```$/gm, blank);
}

/** Only the string literals of a source. The lines keep their numbers. */
function messagesIn(source: string): string {
  const literals: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) literals.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true));
  let text = blank(source);
  for (const node of literals) {
    text = text.slice(0, node.getStart()) + node.getText() + text.slice(node.getEnd());
  }
  return text;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
