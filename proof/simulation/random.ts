/** Chance for the simulation: the same seed gives the same numbers. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** From `least` up to `most`. */
  between(least: number, most: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const next = () => uniformFloat64(generator);
  // Seeds next to each other begin alike, and no two runs should.
  for (let discarded = 0; discarded < 32; discarded += 1) next();
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
  };
}
