/** Jest for the tests with Pulumi's real engine, which need the Pulumi CLI. */
import { spawnSync } from "node:child_process";
import config from "../../jest.config.ts";

if (spawnSync("pulumi", ["version"]).status !== 0) {
  console.error(
    "The Pulumi CLI was not found, which these tests run. Install it (https://www.pulumi.com/docs/install/), or have .ci/run build it with Go.",
  );
  process.exit(1);
}

export default { ...config, rootDir: "../..", testMatch: ["<rootDir>/test/engine/**/*.test.ts"] };
