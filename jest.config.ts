/** Jest runs TypeScript as Node does: types stripped, nothing compiled. Called by `npm test`. */
import type { Config } from "jest";

const config: Config = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "node",
  // Jest leaves one processor to itself, which is half of a machine with two.
  maxWorkers: "100%",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/test/support/strip-types.ts" },
  coverageProvider: "v8",
  collectCoverageFrom: ["lambda/**/*.ts", "infra/**/*.ts", "ops/**/*.ts", "proof/**/*.ts"],
};

export default config;
