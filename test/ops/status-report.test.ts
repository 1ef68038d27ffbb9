/** What `status` says to a person. */
import { describe, expect, test } from "@jest/globals";
import type { AccountStatus } from "../../ops/account-status.ts";
import { lifeBar } from "../../ops/lifetime-text.ts";
import { type Paint, renderStatus, type StatusReport } from "../../ops/status-report.ts";
import { expectMessage } from "../support/expect-message.ts";

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

const render = (differences: Partial<StatusReport>, paint: Paint = (_, text) => text) =>
  renderStatus({ ...GOOD, ...differences }, paint);

/** The lines below the table, which are sentences, lists and commands. */
const below = (differences: Partial<StatusReport>) => render(differences).split("\n\n").slice(1);

describe("A row", () => {
  test("shows state, life left, expiry and credentials", () => {
    const [, row = ""] = render({ accounts: [ACCOUNT] }).split("\n");
    expect(row.split(/ {2,}/)).toEqual([
      ...["T12345678", "at risk", "█████░░░░░░░░░░░░░░░", "1 h 01 min", "2026-01-02 08:00:00"],
      expect.stringMatching(/^0a1b2c3d, \S/),
    ]);
  });

  test("differs by whether the credentials are current, if that is known", () => {
    const [yes, no, unknown] = [true, false, null].map((credentialsAreCurrent) => {
      const [, row = ""] = render({ accounts: [{ ...ACCOUNT, credentialsAreCurrent }] }).split(
        "\n",
      );
      return row.split(/ {2,}/).at(-1) ?? "";
    });
    expect(unknown).toBe("0a1b2c3d");
    expect(yes).toMatch(/^0a1b2c3d, \S/);
    expect(no).toMatch(/^0a1b2c3d, \S/);
    expect(yes).not.toBe(no);
  });

  test("of an account with newer credentials than its token's is followed by where to look", () => {
    const command = "npm run ops -- reconcile T12345678 --stack test";
    const [lines = ""] = below({ accounts: [ACCOUNT] });
    expectMessage(lines, { names: ["T12345678"], commands: [command] });
    const accounts = [{ ...ACCOUNT, credentialsAreCurrent: true }];
    expect(render({ accounts })).not.toContain(command);
  });

  test("of an account that awaits credentials is followed by the command that enters them", () => {
    const accounts = [{ ...ACCOUNT, state: "awaiting-credentials" } as const];
    const [lines = ""] = below({ accounts });
    const command = "npm run ops -- credentials T12345678 --stack test";
    expectMessage(lines, { names: ["T12345678"], commands: [command] });
  });
});

describe("Below the rows", () => {
  const alarm = { name: "tokens-silent", reason: "no data", tellsTopic: true };
  test("come the alarms that are on, with since when and why", () => {
    const since = "2026-01-02T06:30:00.000Z";
    const alarms = [
      { ...alarm, state: "ALARM", since } as const,
      { ...alarm, name: "quiet", state: "OK", since } as const,
    ];
    const text = render({ alarms });
    expect(text).toMatch(/^ {2}tokens-silent .*2026-01-02 06:30:00 UTC: no data$/m);
    expect(text).not.toContain("quiet");
    // Otherwise one sentence says that there are none.
    const [none = ""] = below({});
    expectMessage(none);
  });

  test("come those who are told, apart from those who have not confirmed", () => {
    const subscriptions = [
      { protocol: "email", endpoint: "a@example.com", isConfirmed: true },
      { protocol: "email", endpoint: "b@example.com", isConfirmed: false },
    ];
    const lines = render({ subscriptions }).split("\n");
    const [told, notTold, ...others] = lines.filter((line) => line.includes("@"));
    expect(told).toMatch(/^[A-Z][^:@]+: a@example\.com \(email\)$/);
    expect(notTold).toMatch(/^[A-Z][^:@]+: b@example\.com \(email\)$/);
    expect(told?.split(":")[0]).not.toBe(notTold?.split(":")[0]);
    expect(others).toEqual([]);
  });

  test("comes last whether all is well, or what is not", () => {
    const good = below({}).at(-1) ?? "";
    expectMessage(good);
    const [head, ...faults] = (
      below({ isGood: false, faults: ["This.", "That."] }).at(-1) ?? ""
    ).split("\n");
    expect(head).toMatch(/^[A-Z].*:$/);
    expect(faults).toEqual(["  This.", "  That."]);
    expect(render({ isGood: false, faults: ["This."] })).not.toContain(good);
  });

  test("comes nothing of what could not be read", () => {
    expect(below({ alarms: null, subscriptions: null })).toHaveLength(1);
  });
});

describe("Colours", () => {
  const paint: Paint = (colour, text) => `<${colour}>${text}</>`;
  test.each([
    ["fresh", "green"],
    ["renewing", "green"],
    ["awaiting-credentials", "yellow"],
    ["unknown", "yellow"],
    ["at-risk", "red"],
    ["expired", "red"],
    ["missing", "red"],
  ] as const)("of the state %s: %s", (state, colour) => {
    const text = render({ accounts: [{ ...ACCOUNT, state }] }, paint);
    expect(text).toContain(`<${colour}>${state.replaceAll("-", " ")}</>`);
    expect(text).toContain(`<${colour}>${lifeBar(25)}</>`);
  });

  test("are green for good news and red for faults and for alarms", () => {
    expect(render({}, paint)).toMatch(/<green>[A-Z].*<\/>$/);
    const since = "2026-01-02T06:30:00.000Z";
    const alarm = { name: "a", reason: "x", tellsTopic: true, state: "ALARM", since } as const;
    const text = render({ alarms: [alarm], isGood: false, faults: ["This."] }, paint);
    expect(text.match(/<red>/g)).toHaveLength(2);
    expect(text).not.toContain("<green>");
  });
});
