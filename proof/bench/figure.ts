/** One figure of the report: what was measured, and against what. Pure. */
import { type Quartiles, quartiles } from "../quartiles.ts";
import type { Rounds } from "./take-turns.ts";

export type Unit = "ms" | "MiB" | "KiB";

/** What a side is called in the report. The ratio should be no more than the aim. */
export interface Against {
  readonly what: string;
  readonly aim?: number;
}

export interface Comparison extends Against {
  readonly median: number;
  /** How many times as much this program takes. */
  readonly ratio: Quartiles;
}

export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly median: number;
  readonly against: readonly Comparison[];
}

/**
 * @param quantity - of the samples.
 * @param rounds - of the side `function`, which is this program, and of the others.
 * @param against - the others, by the name of their side.
 * @throws RangeError if a side was not measured.
 */
export function figureOf(
  { what, unit, quantity }: { what: string; unit: Unit; quantity: string },
  rounds: Rounds,
  against: Readonly<Record<string, Against>>,
): Figure {
  const valuesOf = (name: string) =>
    (rounds[name] ?? []).map((sample) => sample[quantity] ?? Number.NaN);
  const own = valuesOf("function");
  return {
    what,
    unit,
    median: quartiles(own).median,
    against: Object.entries(against).map(([name, other]) => ({
      ...other,
      median: quartiles(valuesOf(name)).median,
      ratio: ratioOf(own, valuesOf(name)),
    })),
  };
}

/**
 * The ratio of the medians, with the quartiles of the ratios round by round, because what slows the
 * machine down for a moment slows down both sides.
 */
function ratioOf(values: readonly number[], others: readonly number[]): Quartiles {
  const { lower, upper } = quartiles(
    values.map((value, round) => value / (others[round] ?? Number.NaN)),
  );
  return { lower, median: quartiles(values).median / quartiles(others).median, upper };
}
