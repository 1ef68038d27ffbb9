import { expect, test } from "@jest/globals";
import { figureOf } from "../../../proof/bench/figure.ts";
import { takeTurns } from "../../../proof/bench/take-turns.ts";

test("Each side has one turn in a round, the order changes, and the first round does not count", async () => {
  const turns: string[] = [];
  const side = (name: string) => async () => ({ ms: turns.push(name) });
  const sides = { own: side("own"), other: side("other"), third: side("third") };
  await expect(takeTurns(sides, 2)).resolves.toEqual({
    own: [{ ms: 6 }, { ms: 8 }],
    other: [{ ms: 4 }, { ms: 9 }],
    third: [{ ms: 5 }, { ms: 7 }],
  });
  expect(turns).toEqual([
    ...["own", "other", "third"],
    ...["other", "third", "own"],
    ...["third", "own", "other"],
  ]);
});

test("A figure compares this program with the named sides only, by the medians and round by round", () => {
  const rounds = {
    // The medians are 4 and 2. Round by round the ratios are 3, 2 and 1.
    function: [
      { ms: 3, kib: 9 },
      { ms: 4, kib: 9 },
      { ms: 5, kib: 9 },
    ],
    other: [
      { ms: 1, kib: 3 },
      { ms: 2, kib: 3 },
      { ms: 5, kib: 3 },
    ],
    third: [{ ms: 1, kib: 1 }],
  };
  const figure = { what: "a check", unit: "ms", quantity: "ms" } as const;
  expect(figureOf(figure, rounds, { other: { what: "bare", aim: 1.3 } })).toEqual({
    what: "a check",
    unit: "ms",
    median: 4,
    against: [{ what: "bare", aim: 1.3, median: 2, ratio: { lower: 1.5, median: 2, upper: 2.5 } }],
  });
});
