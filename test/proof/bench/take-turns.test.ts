import { expect, test } from "@jest/globals";
import { figureOf } from "../../../proof/bench/figure.ts";
import { takeTurns } from "../../../proof/bench/take-turns.ts";

/** Sides that note when it is their turn, and give the number of it. */
function notedSides() {
  const turns: string[] = [];
  const side = (name: string) => async () => ({ ms: turns.push(name) });
  return { turns, sides: { own: side("own"), other: side("other"), third: side("third") } };
}

test("each side has one turn a round, and the first of a round is another each time", async () => {
  const { turns, sides } = notedSides();
  await takeTurns(sides, 2);
  expect(turns).toEqual([
    ...["own", "other", "third"],
    ...["other", "third", "own"],
    ...["third", "own", "other"],
  ]);
});

test("the first round does not count", async () => {
  const { sides } = notedSides();
  await expect(takeTurns(sides, 2)).resolves.toEqual({
    own: [{ ms: 6 }, { ms: 8 }],
    other: [{ ms: 4 }, { ms: 9 }],
    third: [{ ms: 5 }, { ms: 7 }],
  });
});

test("a figure compares this program with the named sides only, with the aim of each", () => {
  const rounds = {
    own: [
      { ms: 2, kib: 9 },
      { ms: 4, kib: 9 },
    ],
    other: [
      { ms: 1, kib: 3 },
      { ms: 2, kib: 3 },
    ],
    third: [
      { ms: 1, kib: 1 },
      { ms: 1, kib: 1 },
    ],
  };
  const figure = { what: "a check", unit: "ms", quantity: "ms" } as const;
  expect(figureOf(figure, rounds, "own", { other: { what: "bare", aim: 1.3 } })).toEqual({
    what: "a check",
    unit: "ms",
    measured: { lower: 2.5, median: 3, upper: 3.5 },
    against: [
      {
        what: "bare",
        aim: 1.3,
        measured: { lower: 1.25, median: 1.5, upper: 1.75 },
        ratio: { lower: 2, median: 2, upper: 2 },
      },
    ],
  });
});
