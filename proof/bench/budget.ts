/**
 * What must not grow unnoticed: bytes, modules, calls. Pure; the figures are measured by
 * `measure-budget` and kept in `recorded.json`.
 */

/** All of it is the same on every machine. */
export interface Budget {
  readonly bundleBytes: number;
  readonly modulesAtStart: readonly string[];
  /** Loaded on top by the first check. */
  readonly modulesByFirstCheck: readonly string[];
  /** Calls by service and operation, by the kind of check. */
  readonly callsPerCheck: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A library adds more; a change of a few lines does not have to be recorded. */
export const BYTES_TOLERANCE = 1024;

/** What has grown since it was recorded, in words; nothing where something has only shrunk. */
export function growthOf(recorded: Budget, now: Budget): string[] {
  return [
    ...bytesGrowth(recorded.bundleBytes, now.bundleBytes),
    ...added(recorded.modulesAtStart, now.modulesAtStart).map(
      (module) => `the function loads one more module when it starts: ${module}`,
    ),
    ...added(recorded.modulesByFirstCheck, now.modulesByFirstCheck).map(
      (module) => `the first check loads one more module: ${module}`,
    ),
    ...Object.entries(now.callsPerCheck).flatMap(([check, calls]) =>
      callsGrowth(check, recorded.callsPerCheck[check] ?? {}, calls),
    ),
  ];
}

function bytesGrowth(recorded: number, now: number): string[] {
  if (now <= recorded + BYTES_TOLERANCE) return [];
  return [`the bundle has ${now} bytes, ${now - recorded} more than the ${recorded} recorded`];
}

function added(recorded: readonly string[], now: readonly string[]): string[] {
  const known = new Set(recorded);
  return now.filter((module) => !known.has(module));
}

function callsGrowth(
  check: string,
  recorded: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(now)
    .filter(([operation, count]) => count > (recorded[operation] ?? 0))
    .map(
      ([operation, count]) =>
        `${check}: ${count} calls of ${operation}, recorded are ${recorded[operation] ?? 0}`,
    );
}
