/** Fire drills on virtual time, one for each way it can break. Each drill says what is right. */
import { describe, expect, test } from "@jest/globals";
import { playDrill } from "./drill.ts";
import { drillsFor } from "./drill-list.ts";
import { playHealthyMonth } from "./healthy-month.ts";

describe.each([
  [24, 2],
  [4, 10],
])(
  "With tokens of %d hours, and CloudWatch looking at %d further periods",
  (lifetimeHours, furtherPeriods) => {
    test.each(Object.entries(drillsFor(lifetimeHours)))(
      "when %s, the right alarms fire in time, and everything works after the fix",
      async (_, drill) => {
        expect(await playDrill(drill, lifetimeHours, { furtherPeriods })).toEqual([]);
      },
      30_000,
    );

    test.each([1, 2])(
      "a healthy month of 20 accounts fires no alarm, whatever its passing faults (%d)",
      async (seed) => {
        expect(await playHealthyMonth({ seed, lifetimeHours, accounts: 20 })).toEqual([]);
      },
      60_000,
    );
  },
);
