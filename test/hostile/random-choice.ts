/** Choices made by chance, for what makes hostile replies. */
import type { Random } from "../../proof/simulation/random.ts";

export const BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** One of the list, each as likely as the other. */
export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[wholeNumber(random, 0, list.length - 1)] ?? list[0];
}

/** From `least` to `most`, both included. */
export function wholeNumber(random: Random, least: number, most: number): number {
  return Math.floor(random.between(least, most + 1));
}

/** Characters of the alphabet, which has one UTF-16 unit for each. */
export function characters(random: Random, length: number, alphabet = BASE62): string {
  return Array.from({ length }, () =>
    alphabet.charAt(wholeNumber(random, 0, alphabet.length - 1)),
  ).join("");
}
