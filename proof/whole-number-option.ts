import { InvalidArgumentError } from "commander";

/** A parser of an option's value for commander. It accepts whole numbers from `least` to `most`. */
export function wholeNumberOption(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Allowed are whole numbers from ${least} to ${most}.`);
  };
}
