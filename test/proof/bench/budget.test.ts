/**
 * The guard against growth: bytes, modules and calls of the function, against the last recorded
 * ones. Record what is meant to grow with `npm run bench -- --record`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type Budget, BYTES_TOLERANCE, growthOf } from "../../../proof/bench/budget.ts";
import { measureBudget } from "../../../proof/bench/measure-budget.ts";

const RECORD = join(import.meta.dirname, "..", "..", "..", "proof", "bench", "recorded.json");

test("The function has not grown since it was recorded (npm run bench -- --record)", async () => {
  const recorded: Budget = JSON.parse(await readFile(RECORD, "utf8"));
  expect(growthOf(recorded, await measureBudget())).toEqual([]);
}, 60_000);

const RECORDED: Budget = {
  bundleBytes: 400_000,
  modulesAtStart: ["node:https"],
  modulesByFirstCheck: ["node:http2"],
  callsPerCheck: { "nothing due": { "ssm:GetParameters": 1 } },
};

test.each<[what: string, now: Partial<Budget>, named: RegExp]>([
  ["bytes over the tolerance", { bundleBytes: 400_001 + BYTES_TOLERANCE }, /401025 bytes/],
  ["modules at the start", { modulesAtStart: ["node:dns", "node:https"] }, /AtStart.*: node:dns$/],
  [
    "modules of the first check",
    { modulesByFirstCheck: ["node:http2", "node:undici"] },
    /ByFirstCheck.*: node:undici$/,
  ],
  [
    "more calls",
    { callsPerCheck: { "nothing due": { "ssm:GetParameters": 2 } } },
    /^nothing due: ssm:GetParameters .* 1 to 2$/,
  ],
  [
    "other calls",
    { callsPerCheck: { "nothing due": { "ssm:DescribeParameters": 1 } } },
    /^nothing due: ssm:DescribeParameters .* 0 to 1$/,
  ],
])("New %s count as growth", (_, now, named) => {
  const growth = growthOf(RECORDED, { ...RECORDED, ...now });
  expect(growth).toEqual([expect.stringMatching(named)]);
});

test.each<[string, Budget]>([
  ["the same", RECORDED],
  ["a few bytes", { ...RECORDED, bundleBytes: 400_000 + BYTES_TOLERANCE }],
  ["less", { bundleBytes: 1, modulesAtStart: [], modulesByFirstCheck: [], callsPerCheck: {} }],
])("%s does not count as growth", (_, now) => {
  expect(growthOf(RECORDED, now)).toEqual([]);
});
