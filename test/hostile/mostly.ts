import fc from "fast-check";

/**
 * The plain value, and an odd one once in `rarity` times. Shrinks to the plain value, so that what
 * fast-check reports is odd only in what matters.
 */
export function mostly<T>(plain: T, odd: fc.Arbitrary<T>, rarity = 8): fc.Arbitrary<T> {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(plain), weight: rarity - 1 },
    { arbitrary: odd, weight: 1 },
  );
}
