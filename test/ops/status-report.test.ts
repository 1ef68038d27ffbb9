/** What `status` says to a person. */
import { describe, expect, test } from "@jest/globals";
import type { AccountStatus } from "../../ops/account-status.ts";
import {
  hoursAndMinutes,
  lifeBar,
  renderStatus,
  type StatusReport,
} from "../../ops/status-report.ts";

const ACCOUNT: AccountStatus = {
  accountId: "T12345678",
  state: "at-risk",
  expiresAt: "2026-01-02T08:00:00.000Z",
  lifeRemainingSeconds: 3_660,
  lifeRemainingPercent: 25,
  credentialsVersionId: "0a1b2c3d-ffff",
  credentialsAreCurrent: false,
};

const GOOD: StatusReport = {
  stack: "test",
  awsAccountId: "123456789012",
  region: "eu-north-1",
  checkedAt: "2026-01-02T07:00:00.000Z",
  isGood: true,
  faults: [],
  accounts: [],
  alarms: [],
  subscriptions: [],
};

describe("A row", () => {
  test("shows state, life left, expiry and credentials", () => {
    const [, row] = renderStatus({ ...GOOD, accounts: [ACCOUNT] }).split("\n");
    expect(row).toBe(
      "T12345678  at risk  █████░░░░░░░░░░░░░░░  1 h 01 min  2026-01-02 08:00:00  0a1b2c3d, no longer current",
    );
  });

  test.each([
    [true, "0a1b2c3d, current"],
    [null, "0a1b2c3d"],
  ])("with credentials that are current: %s ends with %s", (credentialsAreCurrent, end) => {
    const accounts = [{ ...ACCOUNT, credentialsAreCurrent }];
    expect(
      renderStatus({ ...GOOD, accounts })
        .split("\n")[1]
        ?.endsWith(`  ${end}`),
    ).toBe(true);
  });

  test("of an account with newer credentials than its token's is followed by where to look", () => {
    const lead = "T12345678 has newer credentials than its token comes from.";
    expect(renderStatus({ ...GOOD, accounts: [ACCOUNT] })).toContain(lead);
    const accounts = [{ ...ACCOUNT, credentialsAreCurrent: true }];
    expect(renderStatus({ ...GOOD, accounts })).not.toContain(lead);
  });

  test("of an account that awaits credentials is followed by the command that enters them", () => {
    const accounts = [{ ...ACCOUNT, state: "awaiting-credentials" } as const];
    expect(renderStatus({ ...GOOD, accounts })).toContain(
      "npm run ops -- credentials T12345678 --stack test",
    );
  });
});

describe("Below the rows", () => {
  const alarm = { name: "tokens-silent", reason: "no data", tellsTopic: true };
  test("stand the alarms that are on, with since when and why", () => {
    const since = "2026-01-02T06:30:00.000Z";
    const alarms = [
      { ...alarm, state: "ALARM", since } as const,
      { ...alarm, name: "quiet", state: "OK", since } as const,
    ];
    const text = renderStatus({ ...GOOD, alarms });
    expect(text).toContain("tokens-silent since 2026-01-02 06:30:00 UTC: no data");
    expect(text).not.toContain("quiet");
    expect(renderStatus(GOOD)).toContain("No alarm is on.");
  });

  test("stands who is told, and who has not confirmed", () => {
    const subscriptions = [
      { protocol: "email", endpoint: "a@example.com", isConfirmed: true },
      { protocol: "email", endpoint: "b@example.com", isConfirmed: false },
    ];
    const text = renderStatus({ ...GOOD, subscriptions });
    expect(text).toContain("Told of alarms: a@example.com (email)");
    expect(text).toContain("Not confirmed, so not told: b@example.com (email)");
  });

  test("stands whether all is well, or what is not", () => {
    expect(renderStatus(GOOD)).toContain("No token is at risk, and people would be told.");
    const text = renderStatus({ ...GOOD, isGood: false, faults: ["This.", "That."] });
    expect(text).toContain("Not as it should be:\n  This.\n  That.");
    expect(text).not.toContain("No token is at risk, and people would be told.");
  });

  test("stands nothing of what could not be read", () => {
    const text = renderStatus({ ...GOOD, alarms: null, subscriptions: null });
    expect(text).not.toContain("alarm");
  });
});

test.each([
  [100, 20],
  [96, 20],
  [95, 19],
  [1, 1],
  [0, 0],
])("A life of %i percent fills %i of 20 cells", (percent, filled) => {
  expect(lifeBar(percent)).toBe("█".repeat(filled).padEnd(20, "░"));
});

test.each([
  [86_400, "24 h 00 min"],
  [86_399, "23 h 59 min"],
  [59, "0 h 00 min"],
  [3_660, "1 h 01 min"],
])("%i s are %s", (seconds, text) => {
  expect(hoursAndMinutes(seconds)).toBe(text);
});
