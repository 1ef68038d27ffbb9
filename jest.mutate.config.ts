/**
 * Jest as `npm run mutate` runs it: without the tests that work on the built bundle or in processes
 * of their own, where no mutant is.
 */
import config from "./jest.config.ts";

export default {
  ...config,
  testMatch: [
    "<rootDir>/test/lambda/**/*.test.ts",
    "<rootDir>/test/infra/{config,config-commands,read-config}.test.ts",
  ],
  testPathIgnorePatterns: ["/handler"],
};
