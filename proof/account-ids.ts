/** Ids of made-up test accounts: T10000001 and those that follow it. */
export function accountIdsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `T${10_000_001 + index}`);
}
