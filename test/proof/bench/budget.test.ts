/**
 * The guard against growth: bytes, modules and calls of the function, against the last recorded
 * ones. What is meant to grow is recorded with `npm run bench -- --record`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type Budget, BYTES_TOLERANCE, growthOf } from "../../../proof/bench/budget.ts";
import { measureBudget } from "../../../proof/bench/measure-budget.ts";

const RECORD = join(import.meta.dirname, "..", "..", "..", "proof", "bench", "recorded.json");

test("the function has not grown since it was recorded (npm run bench -- --record)", async () => {
  const recorded: Budget = JSON.parse(await readFile(RECORD, "utf8"));
  expect(growthOf(recorded, await measureBudget())).toEqual([]);
}, 60_000);

describe("growthOf", () => {
  const RECORDED: Budget = {
    bundleBytes: 400_000,
    modulesAtStart: ["lambda/handler.ts", "node:https"],
    modulesByFirstCheck: ["node:http2"],
    callsPerCheck: { "1 account, nothing due": { "ssm:GetParameters": 1 } },
  };

  test("finds none where all is as recorded", () => {
    expect(growthOf(RECORDED, RECORDED)).toEqual([]);
  });

  test.each([
    { more: BYTES_TOLERANCE, told: [] },
    {
      more: BYTES_TOLERANCE + 1,
      told: ["the bundle has 401025 bytes, 1025 more than the 400000 recorded"],
    },
  ])("lets the bundle grow by a kibibyte, and $more bytes tell $told", ({ more, told }) => {
    expect(growthOf(RECORDED, { ...RECORDED, bundleBytes: 400_000 + more })).toEqual(told);
  });

  test.each<{ now: Partial<Budget>; told: string }>([
    {
      now: { modulesAtStart: ["jose/index.js", "lambda/handler.ts", "node:https"] },
      told: "the function loads one more module when it starts: jose/index.js",
    },
    {
      now: { modulesByFirstCheck: ["node:http2", "node:undici"] },
      told: "the first check loads one more module: node:undici",
    },
    {
      now: { callsPerCheck: { "1 account, nothing due": { "ssm:GetParameters": 2 } } },
      told: "1 account, nothing due: 2 calls of ssm:GetParameters, recorded are 1",
    },
    {
      now: { callsPerCheck: { "1 account, nothing due": { "ssm:DescribeParameters": 1 } } },
      told: "1 account, nothing due: 1 calls of ssm:DescribeParameters, recorded are 0",
    },
  ])("names what is new: $told", ({ now, told }) => {
    expect(growthOf(RECORDED, { ...RECORDED, ...now })).toEqual([told]);
  });

  test("says nothing of what has shrunk", () => {
    const now: Budget = {
      bundleBytes: 1,
      modulesAtStart: [],
      modulesByFirstCheck: [],
      callsPerCheck: { "1 account, nothing due": {} },
    };
    expect(growthOf(RECORDED, now)).toEqual([]);
  });
});
