/** The promise, for whatever may happen to any number of accounts. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { playEpisode } from "../../proof/simulation/episode.ts";
import { anyTrouble } from "./any-trouble.ts";

test.each([
  ["of three hours", [3], 20],
  ["of hours", [4, 6, 12, 24], 40],
  ["of a week", [168], 2],
])(
  "With lifetimes %s and any faults in any accounts, somebody is notified about each account before a quarter of its lifetime is left",
  (_, lifetimesHours, numRuns) =>
    fc.assert(
      fc.asyncProperty(anyTrouble(lifetimesHours), async (trouble) => {
        const { violations } = (await playEpisode(trouble)).promise;
        // An alarm from before that hides it is a limit of its own, which `masked.test.ts` holds.
        expect(violations.filter(({ what }) => what === "nobody was notified")).toEqual([]);
      }),
      // A failure would take minutes to shrink, and its story is short enough as it is.
      { seed: 20_261_126, numRuns, endOnFailure: true },
    ),
  120_000,
);
