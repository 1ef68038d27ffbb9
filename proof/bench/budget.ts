/** What must not grow unnoticed, pure. All of it is the same on every machine. */

export interface Budget {
  readonly bundleBytes: number;
  /** Of Node's own modules, such as `node:https`. */
  readonly modulesAtStart: readonly string[];
  /** What the first check loads in addition. */
  readonly modulesByFirstCheck: readonly string[];
  /** Calls by service and operation, by the kind of check. */
  readonly callsPerCheck: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A library adds more. A change of a few lines does not have to be recorded. */
export const BYTES_TOLERANCE = 1024;

/** What has grown since it was recorded, one sentence each. */
export function growthOf(recorded: Budget, now: Budget): string[] {
  const growth: string[] = [];
  if (now.bundleBytes > recorded.bundleBytes + BYTES_TOLERANCE) {
    growth.push(`the bundle grew from ${recorded.bundleBytes} to ${now.bundleBytes} bytes`);
  }
  for (const kind of ["modulesAtStart", "modulesByFirstCheck"] as const) {
    const added = now[kind].filter((module) => !recorded[kind].includes(module));
    growth.push(...added.map((module) => `${kind} has a new module: ${module}`));
  }
  for (const [check, calls] of Object.entries(now.callsPerCheck)) {
    for (const [operation, count] of Object.entries(calls)) {
      const before = recorded.callsPerCheck[check]?.[operation] ?? 0;
      if (count > before) growth.push(`${check}: ${operation} grew from ${before} to ${count}`);
    }
  }
  return growth;
}
