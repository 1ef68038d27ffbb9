/** The accounts of every measurement. */

/** Ids of that many accounts. */
export function accountIdsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `T${10_000_001 + index}`);
}
