/** Wraps messages for a terminal, pure. */

/** Wide enough for a table, and narrow enough for every window and a pipeline's log. */
export const TEXT_WIDTH = 80;

/**
 * The message in lines of {@link TEXT_WIDTH}, broken at spaces. A command at the end of a line gets its own
 * line and is not broken, so that it can be copied. A line that begins with a space stays as it is.
 */
export function wrapped(message: string, indent = ""): string {
  return message
    .split("\n")
    .flatMap((line) => {
      if (line.startsWith(" ")) return [indent + line];
      const [, prose = line, command] = COMMAND.exec(line) ?? [];
      return [
        ...words(prose, TEXT_WIDTH - indent.length).map((text) => indent + text),
        ...(command === undefined ? [] : [`${indent}  ${command}`]),
      ];
    })
    .join("\n");
}

const COMMAND = /^(.*:) ((?:aws|eval|export|npm|npx|pulumi) .*)$/;

function words(prose: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of prose.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
