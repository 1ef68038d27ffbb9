/** What `status` says to a person. */
import { describe, expect, test } from "@jest/globals";
import type { AccountState, AccountStatus } from "../../ops/account-status.ts";
import type { Fault } from "../../ops/fault.ts";
import { lifeBar } from "../../ops/lifetime-text.ts";
import { type Paint, renderStatus, type StatusReport } from "../../ops/status-report.ts";
import { expectMessage } from "../support/expect-message.ts";
import { accountAt, alarmView, COMMANDS, minutesAgo, NOW_MS } from "./status-parts.ts";

const ACCOUNT: AccountStatus = {
  ...accountAt(),
  state: "at-risk",
  expiresAt: "2026-01-02T08:00:00.000Z",
  lifeRemainingSeconds: 3_660,
  lifeRemainingPercent: 25,
};

const GOOD: StatusReport = {
  stack: "test",
  awsAccountId: "123456789012",
  region: "eu-north-1",
  checkedAt: new Date(NOW_MS).toISOString(),
  ok: true,
  faults: [],
  accounts: [],
  key: null,
  alarms: [],
  muteRules: [],
  subscriptions: [],
  hiddenTopics: [],
};

const render = (differences: Partial<StatusReport>, paint: Paint = (_, text) => text) =>
  renderStatus({ ...GOOD, ...differences }, paint);

/** The parts below the table. */
const below = (differences: Partial<StatusReport>) => render(differences).split("\n\n").slice(1);

const rowOf = (account: Partial<AccountStatus>) =>
  render({ accounts: [{ ...ACCOUNT, ...account }] }).split("\n")[1] ?? "";

const STATES: readonly AccountState[] = [
  ...(["fresh", "renewing", "overdue", "at-risk", "expired"] as const),
  ...(["replaced", "missing", "awaiting-credentials", "unknown"] as const),
];
const SECRETS: readonly AccountStatus["secret"][] = [
  ...(["stored", "empty", "scheduled-for-deletion", "deleted", "unknown"] as const),
];

describe("A row", () => {
  test("has state, lifetime left, expiry and secret", () => {
    expect(rowOf({}).split(/ {2,}/)).toEqual([
      ...["T12345678", "at risk", "███░░░░░░░", "1 h 01 min", "2026-01-02 08:00", "in use"],
    ]);
  });

  test("fits 80 columns with every state and every secret, and each state has its own text", () => {
    const longest = { lifeRemainingSeconds: 7 * 86_400, lifeRemainingPercent: 100 };
    for (const secret of SECRETS) {
      for (const credentialsAreCurrent of [true, false, null]) {
        const rest = { ...ACCOUNT, ...longest, secret, credentialsAreCurrent };
        // One table, whose columns are as wide as the widest of them.
        const accounts = STATES.map((state) => ({ ...rest, state }));
        const [table = ""] = render({ accounts }).split("\n\n");
        const [, ...rows] = table.split("\n");
        for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
        expect(new Set(rows.map((row) => row.split(/ {2,}/)[1])).size).toBe(STATES.length);
      }
    }
  });

  test("has different texts for a secret in use, unused, empty, deleted, and unknown", () => {
    const texts = [
      rowOf({ secret: "stored", credentialsAreCurrent: true }),
      rowOf({ secret: "stored", credentialsAreCurrent: false }),
      rowOf({ secret: "stored", credentialsAreCurrent: null }),
      ...(["empty", "deleted", "unknown"] as const).map((secret) => rowOf({ secret })),
    ];
    expect(new Set(texts.map((row) => row.split(/ {2,}/).at(-1))).size).toBe(texts.length);
  });

  test("of an account that awaits credentials is followed by the command that stores them", () => {
    const [lines = ""] = below({ accounts: [{ ...ACCOUNT, state: "awaiting-credentials" }] });
    expectMessage(lines, { names: ["T12345678"], commands: [COMMANDS.credentials] });
  });

  test("of an account with new credentials is followed by a line about them, until it is a fault", () => {
    const credentialsChangedAt = minutesAgo(1);
    const accounts = [{ ...ACCOUNT, credentialsAreCurrent: false, credentialsChangedAt }];
    const [lines = ""] = below({ accounts });
    expectMessage(lines.replaceAll(/\s*\n\s*/g, " "), {
      names: ["T12345678", "2026-01-01 23:59 UTC"],
      commands: [COMMANDS.reconcile],
    });
    const { accountId } = ACCOUNT;
    const message = "It does not work.";
    const fault = { code: "credentials-not-used", accountId, urgency: "not-urgent", message };
    expect(render({ accounts, faults: [fault as Fault] })).not.toContain(lines);
    const current = [{ ...ACCOUNT, credentialsAreCurrent: true, credentialsChangedAt }];
    expect(render({ accounts: current })).not.toContain("23:59");
  });
});

const RULE = {
  name: "planned",
  alarmNames: ["alarm-1"],
  schedule: "at(2026-01-02T00:00)",
  duration: "PT4H",
  timeZone: "UTC",
  endsAt: "2026-01-02T04:00:00.000Z",
};
const fault = (message: string, urgency: Fault["urgency"] = "urgent"): Fault => ({
  ...{ code: "key-not-enabled", urgency, message },
});

describe("Below the rows", () => {
  test("come the alarms that are clearing, with the time", () => {
    const clearing = alarmView({ state: "ALARM", clearingSince: minutesAgo(9) });
    const others = [alarmView({ name: "quiet" }), alarmView({ name: "loud", state: "ALARM" })];
    const [lines = "", ...rest] = below({ alarms: [clearing, ...others] });
    expectMessage(lines.replaceAll("\n", " "), { names: ["alarm-1", "2026-01-01 23:51 UTC"] });
    expect(rest.join()).not.toMatch(/quiet|loud/);
  });

  test("the last line says how many accounts have no credentials, and so no token", () => {
    const awaiting: AccountStatus = { ...ACCOUNT, state: "awaiting-credentials" };
    const last =
      render({ accounts: [awaiting, ACCOUNT, awaiting] })
        .split("\n\n")
        .at(-1) ?? "";
    expectMessage(last.replaceAll("\n", " "), { names: ["2", "3"] });
  });

  test("come the rules that mute for a while, and then the last line says that alarms are muted", () => {
    const [lines = "", last = ""] = below({ muteRules: [RULE] });
    expectMessage(lines.replaceAll("\n", " "), { names: ["planned", "2026-01-02 04:00 UTC"] });
    expectMessage(last);
    expect(last).not.toBe(below({})[0]);
    // One that is a fault is listed there alone.
    expect(render({ muteRules: [{ ...RULE, endsAt: null }] })).not.toContain("planned");
  });

  test("come the notified addresses, each once, and separately the unconfirmed ones", () => {
    const [a, b] = ["a@example.com", "b@example.com"].map((endpoint) => ({
      ...{ topicArn: "arn:1", protocol: "email", endpoint, isConfirmed: endpoint.startsWith("a") },
    }));
    if (!a || !b) throw new Error("Two addresses make two subscriptions.");
    const lines = render({ subscriptions: [a, b, { ...a, topicArn: "arn:2" }] }).split("\n");
    const [notified, notNotified, ...others] = lines.filter((line) => line.includes("@"));
    expect(notified).toMatch(/^[A-Z][^:@]+: a@example\.com \(email\)$/);
    expect(notNotified).toMatch(/^[A-Z][^:@]+: b@example\.com \(email\)$/);
    expect(notified?.split(":")[0]).not.toBe(notNotified?.split(":")[0]);
    expect(others).toEqual([]);
  });

  test("comes the verdict: good, what to fix, or what could not be determined", () => {
    const [good = ""] = below({});
    expectMessage(good);
    const faults = [fault("This."), fault("Not known.", "unknown"), fault("That.")];
    const lines = (below({ faults }).at(-1) ?? "").split("\n");
    const [toFix, undetermined] = [lines[0], lines[3]];
    expect(toFix).toMatch(/^[A-Z].*:$/);
    expect(undetermined).toMatch(/^[A-Z].*:$/);
    expect(lines).toEqual([toFix, "- This.", "- That.", undetermined, "- Not known."]);
    expect(render({ faults: [fault("Not known.", "unknown")] })).not.toContain(good);
  });

  test("every command has its own line, and no other line has more than 80 columns", () => {
    const message = `${"The cause is here. ".repeat(9)}Run: ${COMMANDS.refresh}\nThen run: ${COMMANDS.reconcile} ${"x".repeat(60)}`;
    const lines = (below({ faults: [fault(message)] })[0] ?? "").split("\n");
    const commands = lines.filter((line) => line.startsWith("    "));
    expect(commands.map((line) => line.trim())).toEqual([
      COMMANDS.refresh,
      `${COMMANDS.reconcile} ${"x".repeat(60)}`,
    ]);
    for (const line of lines.filter((it) => !commands.includes(it))) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test("comes nothing about what could not be read", () => {
    expect(below({ alarms: null, muteRules: null })).toHaveLength(1);
  });
});

describe("Colours", () => {
  const paint: Paint = (colour, text) => `<${colour}>${text}</>`;
  test.each([
    ["fresh", "green", "fresh"],
    ["renewing", "green", "renewing"],
    ["awaiting-credentials", "yellow", "no credentials"],
    ["unknown", "yellow", "unknown"],
    ["overdue", "red", "overdue"],
    ["at-risk", "red", "at risk"],
    ["expired", "red", "expired"],
    ["replaced", "red", "replaced"],
    ["missing", "red", "missing"],
  ] as const)("of the state %s: %s", (state, colour, shown) => {
    const text = render({ accounts: [{ ...ACCOUNT, state }] }, paint);
    expect(text).toContain(`<${colour}>${shown}</>`);
    expect(text).toContain(`<${colour}>${lifeBar(25, 10)}</>`);
  });

  test("are green for good states, yellow for temporary or unknown ones, red for faults", () => {
    const coloursOf = (differences: Partial<StatusReport>) =>
      new Set(render(differences, paint).match(/(?<=<)\w+(?=>)/g));
    expect(coloursOf({})).toEqual(new Set(["green"]));
    expect(coloursOf({ faults: [fault("This.")] })).toEqual(new Set(["red"]));
    expect(coloursOf({ faults: [fault("This.", "unknown")] })).toEqual(new Set(["yellow"]));
    expect(coloursOf({ muteRules: [RULE] })).toEqual(new Set(["yellow"]));
    const alarms = [alarmView({ state: "ALARM", clearingSince: minutesAgo(1) })];
    expect(coloursOf({ alarms })).toEqual(new Set(["yellow", "green"]));
  });
});
