/** Puts tables into a document, pure. */

/**
 * @param page - with a pair of comments for each table: `<!-- figures -->` and `<!-- /figures -->`.
 * @param tables - by name; an empty one was not measured, and leaves the page's as it is.
 * @throws if a pair is missing.
 */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    if (table === "") return text;
    const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
    const [before, rest] = cut(text, begin);
    const [, after] = cut(rest, end);
    return `${before}${begin}${table}${end}${after}`;
  }, page);
}

function cut(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at === -1) throw new Error(`The page has no "${mark.trim()}" where it is looked for.`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
