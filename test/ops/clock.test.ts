/** The commands on a machine whose clock is wrong, as of a laptop after its sleep. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { clockNotice } from "../../ops/stack-session.ts";
import { MINUTE_MS } from "../../proof/durations.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  acceptCanary,
  CANARY_CLIENT,
  type OpsRun,
  runOps,
  withStandingStack,
} from "./ops-process.ts";

const ACCOUNT = "T10000001";
const stack = withStandingStack(ACCOUNT);
const MOVED_CLOCK = join(import.meta.dirname, "..", "support", "moved-clock.ts");

function runWithClock(aheadMinutes: number, args: readonly string[]): Promise<OpsRun> {
  acceptCanary(stack.current, ACCOUNT);
  return runOps(stack.current, [...args, "--stack", "test"], {
    env: {
      NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import ${pathToFileURL(MOVED_CLOCK)}`,
      TEST_CLOCK_AHEAD_MS: String(aheadMinutes * MINUTE_MS),
    },
    stdin: JSON.stringify(CANARY_CLIENT),
  });
}

describe.each([-600, -6, 6, 600])("With a clock that is %i minutes ahead", (aheadMinutes) => {
  test.each([["credentials", ACCOUNT], ["reconcile"], ["status", "--json"]])(
    "%s works, and says so in a line",
    async (...args) => {
      const { status, stdout, stderr } = await runWithClock(aheadMinutes, args);
      expect({ status, stdout }).toMatchObject({ status: 0 });
      expect(stderr).toMatch(aheadMinutes > 0 ? /ahead of/ : /behind/);
      if (args[0] === "status") {
        expect(JSON.parse(stdout)).toMatchObject({ ok: true, accounts: [{ state: "fresh" }] });
      }
    },
  );
});

test("With a correct clock, no line mentions it", async () => {
  const { stderr } = await runWithClock(0, ["reconcile"]);
  expect(stderr).not.toContain("clock");
});

test("The line says how wrong the clock is, and in which direction", () => {
  expectMessage(clockNotice(605), { names: ["10 h 05 min", "behind", "AWS's"] });
  expectMessage(clockNotice(-6), { names: ["6 min", "ahead", "AWS's"] });
});
