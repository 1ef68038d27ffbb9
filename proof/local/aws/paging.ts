/** Pages of a list, with tokens that lead from one to the next. */

/** A service may choose any number. With few, a command that does not ask for the rest is found out. */
const PAGE_SIZE = 2;

/** The items of the page that `token` leads to, and the next page's token unless this is the last. */
export function page<Item>(all: readonly Item[], token = "0") {
  const end = Number(token) + PAGE_SIZE;
  return {
    items: all.slice(Number(token), end),
    nextToken: end < all.length ? String(end) : undefined,
  };
}
