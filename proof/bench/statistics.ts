/** Medians, quartiles and ratios of what was measured in turn. Pure; called by `figure`. */

export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** @throws RangeError when there is nothing. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part));
  if (lower === undefined || median === undefined || upper === undefined) {
    throw new RangeError("There is nothing to take the median of.");
  }
  return { lower, median, upper };
}

/**
 * How many times as much one is as the other: the ratio of the medians, with the quartiles of the
 * ratios round by round, since what slows the machine down for a moment slows down both.
 * @param values - one a round, in the order of the rounds.
 * @param others - of the same rounds.
 */
export function ratioOf(values: readonly number[], others: readonly number[]): Quartiles {
  const byRound = values.map((value, round) => value / (others[round] ?? Number.NaN));
  const { lower, upper } = quartiles(byRound);
  return { lower, median: quartiles(values).median / quartiles(others).median, upper };
}

/** Between two values, in proportion. Source: Hyndman and Fan (1996), type 7. */
function quantile(sorted: readonly number[], part: number): number | undefined {
  const position = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  if (below === undefined || above === undefined) return undefined;
  return below + (above - below) * (position - Math.floor(position));
}
