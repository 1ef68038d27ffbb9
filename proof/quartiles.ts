export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/**
 * Between two values, in proportion. Source: Hyndman and Fan (1996), type 7.
 * @throws RangeError if there are no values.
 */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part));
  if (lower === undefined || median === undefined || upper === undefined) {
    throw new RangeError("There are no values.");
  }
  return { lower, median, upper };
}

function quantile(sorted: readonly number[], part: number): number | undefined {
  const position = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (position - Math.floor(position));
}
