/** What the alarms report, whether that is true any more, and whether they would notify somebody. */
import { describe, expect, test } from "@jest/globals";
import type { AccountReading } from "../../ops/account-status.ts";
import { type AlarmStatus, alarmFaults, alarmStatus } from "../../ops/alarm-faults.ts";
import type { AlarmKind } from "../../ops/alarm-watch.ts";
import type { Fault } from "../../ops/fault.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  ACCOUNT_ID,
  ADVICE,
  accountAt,
  alarmView,
  COMMANDS,
  KEY_ARN,
  MINUTE_MS,
  minutesAgo,
  NOW_MS,
  storedToken,
  THIRD_MS,
} from "./status-parts.ts";

const EARLY: readonly AlarmKind[] = ["renewals-failing", "credentials-rejected"];
const OF_THE_STACK: readonly AlarmKind[] = ["rotation-silent", "check-broken", ...EARLY];
const ofStack = (kind: AlarmKind, differences: Partial<AlarmStatus> = {}) =>
  alarmView({ name: `alarm-${kind}`, kind, accountId: null, ...differences });
const ALL = [alarmView(), ...OF_THE_STACK.map((kind) => ofStack(kind))];

/** Of a stack whose other alarms are as they should be. */
function faultsOf(
  alarm: AlarmStatus,
  { accounts = [accountAt()], advice = ADVICE, causes = [] as readonly Fault[] } = {},
) {
  const others = ALL.filter(({ kind }) => kind !== alarm.kind);
  return alarmFaults([alarm, ...others], accounts, advice, NOW_MS, causes);
}

/** A token that was issued so many minutes ago. */
const issued = (minutes: number): AccountReading => ({
  stored: storedToken(3 * THIRD_MS - minutes * MINUTE_MS),
});

describe("An alarm in ALARM is clearing", () => {
  const clearingSince = (
    alarm: AlarmStatus,
    accounts = [accountAt()],
    keyState: string | undefined = "Enabled",
  ) => alarmStatus(alarm, accounts, { ...ADVICE, keyState }, NOW_MS).clearingSince;
  const own = (since: string) => alarmView({ state: "ALARM", since });

  test("if its account has a fresh token, whatever else is wrong with it", () => {
    expect(clearingSince(own(minutesAgo(30)), [accountAt(issued(10))])).toBe(minutesAgo(10));
    // The other account has an alarm of its own.
    const other = accountAt({ stored: storedToken(1) }, "T10000009");
    expect(clearingSince(own(minutesAgo(30)), [accountAt(issued(10)), other])).not.toBeNull();
    const rejected = accountAt({ ...issued(10), secret: { state: "stored", versionId: "other" } });
    expect(clearingSince(own(minutesAgo(30)), [rejected])).toBe(minutesAgo(10));
  });

  test.each<[string, AccountReading]>([
    ["is at risk", { stored: storedToken(1) }],
    ["is due", { stored: storedToken(2 * THIRD_MS) }],
    ["has no token", { stored: {} }],
  ])("but not if its account %s", (_, reading) => {
    expect(clearingSince(own(minutesAgo(30)), [accountAt(reading)])).toBeNull();
  });

  test.each<[string, AccountReading]>([
    ["is at risk", { stored: storedToken(1) }],
    ["has newer credentials than its token", { secret: { state: "stored", versionId: "other" } }],
    ["has lost its secret", { secret: { state: "deleted" } }],
    ["has a token under another key", { keyArn: `${KEY_ARN}2` }],
    ["has too short a lifetime", { stored: storedToken(175 * MINUTE_MS, 179 * MINUTE_MS) }],
  ])("but not if it is the stack's and an account %s", (_, reading) => {
    const ofTheStack = ofStack("renewals-failing", { state: "ALARM", since: minutesAgo(1) });
    expect(clearingSince(ofTheStack, [accountAt(), accountAt(reading, "T10000009")])).toBeNull();
  });

  test.each(["Disabled", undefined])("but not with a key that is %s", (keyState) => {
    const alarm = alarmStatus(own(minutesAgo(30)), [accountAt()], { ...ADVICE, keyState }, NOW_MS);
    expect(alarm.clearingSince).toBeNull();
  });

  test("but not for longer than its kind needs to clear", () => {
    expect(clearingSince(own(minutesAgo(90)), [accountAt(issued(25))])).not.toBeNull();
    expect(clearingSince(own(minutesAgo(90)), [accountAt(issued(26))])).toBeNull();
    const ofTheStack = ofStack("renewals-failing", { state: "ALARM", since: minutesAgo(80) });
    expect(clearingSince(ofTheStack, [accountAt(issued(75))])).not.toBeNull();
    expect(clearingSince(ofTheStack, [accountAt(issued(76))])).toBeNull();
    // It fired a moment ago, as in a drill.
    expect(clearingSince(own(minutesAgo(1)), [accountAt(issued(76))])).toBe(minutesAgo(1));
  });

  test.each(EARLY)("if it is %s and a token was renewed since it fired", (kind) => {
    const alarm = ofStack(kind, { state: "ALARM", since: minutesAgo(20) });
    const awaiting = accountAt({ stored: {}, secret: { state: "empty" } }, "T10000009");
    expect(clearingSince(alarm, [accountAt(issued(10)), awaiting])).toBe(minutesAgo(10));
    // The metric of the last failure, and so the alarm, may be later than the check that renewed.
    expect(clearingSince(alarm, [accountAt(issued(30))])).toBe(minutesAgo(20));
    // Otherwise nothing shows that the cause is gone.
    expect(clearingSince(alarm, [accountAt(issued(31))])).toBeNull();
    expect(clearingSince(alarm, [awaiting])).toBeNull();
  });

  test.each(["rotation-silent", "check-broken", null] as const)("never if it is %s", (kind) => {
    const alarm = alarmView({ kind, accountId: null, state: "ALARM", since: minutesAgo(20) });
    expect(clearingSince(alarm, [accountAt(issued(10))])).toBeNull();
  });

  test.each(["OK", "INSUFFICIENT_DATA", "MISSING"] as const)("never if it is %s", (state) => {
    expect(clearingSince(alarmView({ state }))).toBeNull();
  });
});

describe("An alarm in ALARM is a fault", () => {
  test("of its account, with the command that shows why", () => {
    const [fault, ...others] = faultsOf(alarmView({ state: "ALARM" }));
    expect(fault).toMatchObject({
      ...{ code: "alarm-in-alarm", accountId: ACCOUNT_ID, urgency: "urgent" },
    });
    expectMessage(fault?.message ?? "", {
      names: ["alarm-1", "2026-01-01 23:59 UTC"],
      commands: [COMMANDS.reconcile],
    });
    expect(others).toEqual([]);
  });

  test.each([
    ["rotation-silent", "urgent"],
    ["check-broken", "not-urgent"],
    ["renewals-failing", "not-urgent"],
    ["credentials-rejected", "not-urgent"],
  ] as const)("of the stack, which is %s: %s", (kind, urgency) => {
    const [fault] = faultsOf(ofStack(kind, { state: "ALARM" }));
    expect(fault).toMatchObject({ code: "alarm-in-alarm", urgency });
    expect(fault).not.toHaveProperty("accountId");
    expectMessage(fault?.message ?? "", { commands: ["npm run ops -- reconcile --stack test"] });
  });

  test("unless it is clearing", () => {
    expect(faultsOf(alarmView({ state: "ALARM", clearingSince: minutesAgo(1) }))).toEqual([]);
  });

  test("without a command if a fault of the account or of the stack has the cause", () => {
    const cause = { code: "token-at-risk", urgency: "urgent", message: "" } as const;
    const hasCommand = (alarm: AlarmStatus, causes: readonly Fault[]) =>
      faultsOf(alarm, { causes })[0]?.message.includes("npm run") ?? "no fault";
    const own = alarmView({ state: "ALARM" });
    expect(hasCommand(own, [cause])).toBe(false);
    expect(hasCommand(own, [{ ...cause, accountId: ACCOUNT_ID }])).toBe(false);
    expect(hasCommand(own, [{ ...cause, accountId: "T10000009" }])).toBe(true);
    const ofTheStack = ofStack("renewals-failing", { state: "ALARM" });
    expect(hasCommand(ofTheStack, [{ ...cause, accountId: "T10000009" }])).toBe(false);
  });
});

describe("An alarm that would notify nobody is a fault", () => {
  test.each<[string, Partial<AlarmStatus>, string]>([
    [
      "its actions are disabled",
      { actionsEnabled: false, notifiesTopic: false },
      "aws cloudwatch enable-alarm-actions --alarm-names alarm-1 --region eu-north-1",
    ],
    ["its actions lack the topic", { notifiesTopic: false }, COMMANDS.refresh],
    ["its actions lack the urgent topic", { notifiesUrgentTopic: false }, COMMANDS.refresh],
  ])("if %s", (_, differences, command) => {
    const [fault, ...others] = faultsOf(alarmView(differences));
    expect(fault).toMatchObject({ code: "alarm-not-notifying", urgency: "urgent" });
    expectMessage(fault?.message ?? "", { names: ["alarm-1"], commands: [command] });
    expect(others).toEqual([]);
    const [early] = faultsOf(ofStack("check-broken", differences));
    expect(early?.urgency).toBe("not-urgent");
  });

  test("if it does not exist, and then only a deployment with --refresh creates it again", () => {
    const gone = { state: "MISSING", kind: null, accountId: null, notifiesTopic: false } as const;
    const [fault, ...others] = faultsOf(alarmView(gone));
    expect(fault).toMatchObject({ code: "alarm-missing", urgency: "urgent" });
    expectMessage(fault?.message ?? "", { names: ["alarm-1"], commands: [COMMANDS.refresh] });
    expect(others).toEqual([]);
    const advice = { ...ADVICE, keyState: "Disabled" };
    const [whileKeyIsOff] = faultsOf(alarmView(gone), { advice });
    expectMessage(whileKeyIsOff?.message ?? "", { without: ["--refresh"] });
  });

  test("if the stack lacks one for an account or of a kind: an upgrade was not deployed", () => {
    const { deploy } = COMMANDS;
    const accounts = [accountAt(), accountAt({}, "T10000009")];
    const [ofAccount, ...others] = alarmFaults(ALL, accounts, ADVICE, NOW_MS, []);
    expect(ofAccount).toMatchObject({ code: "alarm-missing", accountId: "T10000009" });
    expectMessage(ofAccount?.message ?? "", { names: ["T10000009"], commands: [deploy] });
    expect(others).toEqual([]);
    const withoutSilent = ALL.filter(({ kind }) => kind !== "rotation-silent");
    const [ofKind] = alarmFaults(withoutSilent, [accountAt()], ADVICE, NOW_MS, []);
    expect(ofKind).toMatchObject({ code: "alarm-missing", urgency: "urgent" });
    expectMessage(ofKind?.message ?? "", { names: ["rotation-silent"], commands: [deploy] });
  });
});

describe("An alarm without data", () => {
  const noData = (minutes: number) =>
    alarmView({ state: "INSUFFICIENT_DATA", since: minutesAgo(minutes) });

  test("for more than an hour is a fault: no check reports to it", () => {
    expect(faultsOf(noData(60))).toEqual([]);
    const [fault] = faultsOf(noData(61));
    expect(fault).toMatchObject({ code: "alarm-without-data", urgency: "urgent" });
    expectMessage(fault?.message ?? "", {
      names: ["alarm-1", "2026-01-01 22:59 UTC"],
      commands: ["npm run ops -- reconcile --stack test"],
    });
  });

  test("is normal for an account without its first credentials", () => {
    const accounts = [accountAt({ stored: {}, secret: { state: "empty" } })];
    expect(faultsOf(noData(61), { accounts })).toEqual([]);
  });
});
