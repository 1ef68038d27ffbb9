/** Measures several sides in turn. */

/** What one round of one side gave, by quantity: `{ loadMs: 120, kib: 313 }`. */
export type Sample = Readonly<Record<string, number>>;

/** The rounds of each side, by its name, in their order. */
export type Rounds = Readonly<Record<string, readonly Sample[]>>;

/**
 * Each side once a round, in an order that moves on by one from round to round, so that none always
 * follows the same other one. A first round, which fills caches, does not count.
 */
export async function takeTurns(
  sides: Readonly<Record<string, () => Promise<Sample>>>,
  rounds: number,
): Promise<Rounds> {
  const turns = Object.entries(sides).map(([name, measure]) => ({
    name,
    measure,
    samples: [] as Sample[],
  }));
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % turns.length;
    for (const { measure, samples } of [...turns.slice(first), ...turns.slice(0, first)]) {
      const sample = await measure();
      if (round > 0) samples.push(sample);
    }
  }
  return Object.fromEntries(turns.map(({ name, samples }) => [name, samples]));
}
