/**
 * What a message has to hold, whatever its words are: what it names, what it offers, what it must not
 * hold, and the form of complete sentences. A better sentence breaks no test; an empty one does.
 */
import { expect } from "@jest/globals";

export interface MessageContent {
  /** Resources, settings, codes, numbers: each as a whole word. */
  readonly names?: readonly string[];
  /** What the reader can run, copy or paste. */
  readonly commands?: readonly string[];
  /** What must not be in it. */
  readonly without?: readonly string[];
}

/** A whole message. Its lines may be indented; each paragraph is made of complete sentences. */
export function expectMessage(message: string, content: MessageContent = {}): void {
  expectPart(message, content);
  const faults = [
    ...(beginsWell(message, content) ? [] : ["it does not begin with a capital or a name"]),
    ...(endsWell(message, content) ? [] : ["it ends neither with a full stop nor a command"]),
  ];
  expect({ message, faults }).toEqual({ message, faults: [] });
}

/** A part of a message, such as an entry of a list of faults: it may begin and end in a sentence. */
export function expectPart(part: string, content: MessageContent = {}): void {
  const { names = [], commands = [], without = [] } = content;
  expect({
    part,
    isMissing: [
      ...names.filter((name) => part.search(wholeWord(name)) < 0),
      ...commands.filter((command) => !part.includes(command)),
    ],
    isInIt: without.filter((text) => part.includes(text)),
    faults: Object.entries(FAULTS).flatMap(([fault, pattern]) =>
      pattern.test(proseOf(part, content)) ? [fault] : [],
    ),
  }).toEqual({ part, isMissing: [], isInIt: [], faults: [] });
}

/**
 * The same cause gives the same words, and another cause other words: so a reader can tell them apart.
 * @param said - each cause, with a message of it. What differs by itself must be the same in all.
 */
export function expectWordsPerCause(said: readonly (readonly [cause: string, words: string])[]) {
  const causes = Map.groupBy(said, ([cause]) => cause);
  const words = new Set(said.map(([, text]) => text));
  expect(causes.size).toBeGreaterThan(1);
  // More words than causes: one cause has two. Fewer: two causes share theirs.
  expect({ said, count: words.size }).toEqual({ said, count: causes.size });
  for (const [cause, rows] of causes) {
    expect([cause, new Set(rows.map(([, text]) => text)).size]).toEqual([cause, 1]);
  }
}

/** What an emptied or forgotten part leaves behind. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  "it is empty": /^\s*$/,
  "it has a blank or a line too many at an end": /^\s|[ \t]$|\n$/,
  "it shows what a program has for nothing": /\b(?:undefined|NaN)\b|\[object /,
  "two blanks follow each other": /\S {2}/,
  "a blank is before a sign": / [.,;:!?)](?:\s|$)/,
  "nothing is between two signs": /[:;,(]\s+[.,;:)]|[;,(][.,;:)]|:[.,;)]|[.!?][.,;:!?]/,
  "nothing is between two quotes": /""|''|``/,
  "a line ends in the middle": /[,;(]\n/,
  "a sentence begins without a blank": /[a-z)\]][.;!?][A-Z]/,
  "a sentence begins with a small letter": /[.!?] +[a-z]/,
};

/** The part without what has rules of its own: commands, names, and an ellipsis. */
function proseOf(part: string, { names = [], commands = [] }: MessageContent): string {
  const bare = commands.reduce((text, command) => text.replaceAll(command, "CODE"), part);
  return names
    .reduce((text, name) => text.replaceAll(wholeWord(name), "CODE"), bare)
    .replaceAll("...", "…");
}

/** With a capital, or with what is no plain word, such as a URL or `accounts[0]`. */
function beginsWell(message: string, { names = [] }: MessageContent): boolean {
  return !/^[a-z]+(?:[\s.,;]|:\s)/.test(message) || names.some((name) => message.startsWith(name));
}

/** With a full stop, or with a command, which one would spoil. */
function endsWell(message: string, { commands = [] }: MessageContent): boolean {
  return (
    /[.!?]$/.test(message) ||
    /(?:: |\n *)(?:aws|eval|export|npm|npx|pulumi) [^\n]+$/.test(message) ||
    commands.some((command) => message.endsWith(command))
  );
}

function wholeWord(name: string): RegExp {
  const escaped = name.replace(/[^\w\s]/g, "\\$&");
  return new RegExp(`(?<![\\w/-])${escaped}(?![\\w/-])`, "g");
}
