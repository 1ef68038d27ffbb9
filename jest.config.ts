/**
 * Jest for the product, its documents, the drills and the hostile replies. It runs TypeScript as Node
 * does: types stripped, nothing compiled.
 */
import { availableParallelism } from "node:os";
import type { Config } from "jest";

// Jest sets FORCE_COLOR=1 for its workers in a colour terminal. A verdict must not depend on the
// terminal, so what a test starts or prints has no colours unless the test asks for them.
process.env["FORCE_COLOR"] = "0";

const config: Config = {
  testMatch: ["<rootDir>/test/*.test.ts", "<rootDir>/test/!(proof|engine)/**/*.test.ts"],
  testEnvironment: "node",
  // Many tests wait for a real server or a real process: two workers a processor keep it busy. In
  // Jest's own notation, "200%" would be 200 workers.
  maxWorkers: 2 * availableParallelism(),
  // What hangs fails all the same, and a busy machine is no failure.
  testTimeout: 60_000,
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/test/support/strip-types.ts" },
  coverageProvider: "v8",
  collectCoverageFrom: ["lambda/**/*.ts", "infra/**/*.ts", "ops/**/*.ts", "proof/**/*.ts"],
};

export default config;
