/** One figure of the report: what was measured, and against what. Pure; made by measurements. */
import { type Quartiles, quartiles, ratioOf } from "./statistics.ts";
import type { Rounds } from "./take-turns.ts";

export type Unit = "ms" | "MiB" | "KiB";

export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly measured: Quartiles;
  readonly against: readonly Comparison[];
}

export interface Comparison {
  readonly what: string;
  readonly measured: Quartiles;
  /** How many times as much this program takes. */
  readonly ratio: Quartiles;
  /** The ratio is to be no more than this. */
  readonly aim?: number;
}

/** What a side is called in the report, and the aim. */
export interface Against {
  readonly what: string;
  readonly aim?: number;
}

/**
 * @param quantity - of the samples.
 * @param own - the side that is this program.
 * @param against - the others, by the name of their side.
 * @throws RangeError when a side was not measured.
 */
export function figureOf(
  { what, unit, quantity }: { what: string; unit: Unit; quantity: string },
  rounds: Rounds,
  own: string,
  against: Readonly<Record<string, Against>>,
): Figure {
  const valuesOf = (name: string) =>
    (rounds[name] ?? []).map((sample) => sample[quantity] ?? Number.NaN);
  const values = valuesOf(own);
  return {
    what,
    unit,
    measured: quartiles(values),
    against: Object.entries(against).map(([name, other]) => ({
      ...other,
      measured: quartiles(valuesOf(name)),
      ratio: ratioOf(values, valuesOf(name)),
    })),
  };
}
