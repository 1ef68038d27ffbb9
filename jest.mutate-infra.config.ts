/**
 * Jest as `npm run mutate` runs it for what the stack renders once for many tests, so that no single
 * test can be said to cover it.
 */
import config from "./jest.config.ts";

export default {
  ...config,
  testMatch: ["<rootDir>/test/infra/{access,alarm}*.test.ts"],
};
