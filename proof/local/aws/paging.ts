/** Pages of a list, with tokens that lead from one to the next. Used by the services that list. */

/**
 * @param size - items a page.
 * @param token - of an earlier answer; absent for the first page.
 * @param onInvalidToken - throws the service's own error.
 * @returns the items, and the next page's token unless this is the last.
 */
export function page<Item>(
  all: readonly Item[],
  size: number,
  token: string | undefined,
  onInvalidToken: () => never,
): { items: Item[]; nextToken: string | undefined } {
  const start = token === undefined ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) onInvalidToken();
  const end = start + size;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? `page-${end}` : undefined,
  };
}
