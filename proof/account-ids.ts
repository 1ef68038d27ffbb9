/** Ids of made-up accounts: T10000001, or P10000001 in production, and those that follow. */
export function accountIdsOf(count: number, prefix: "T" | "P" = "T"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${10_000_001 + index}`);
}

/** The same, and before them those of the documents. */
export function documentedAccountIds(count: number): string[] {
  return ["T12345678", "T87654321", ...accountIdsOf(count)].slice(0, count);
}
