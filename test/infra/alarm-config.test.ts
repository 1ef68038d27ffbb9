import { describe, expect, test } from "@jest/globals";
import { type AlarmConfig, alarmConfigFaults } from "../../infra/alarm-config.ts";
import { expectPart } from "../support/expect-message.ts";

const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";
const PAGER = "arn:aws:sns:eu-north-1:123456789012:pager";
const RUNBOOK = "https://git.example.com/payments/tokens/blob/main/docs/operating.md";

function faultsOf(differences: Partial<AlarmConfig>, region: string | undefined = "eu-north-1") {
  return alarmConfigFaults({ alarmEmails: ["on-call@example.com"], ...differences }, region);
}

function expectFault(
  differences: Partial<AlarmConfig>,
  names: readonly string[],
  command: string,
): void {
  const faults = faultsOf(differences);
  expect(faults.map(({ fix }) => fix)).toEqual([command]);
  expectPart(faults[0]?.fault ?? "", { names });
}

describe("The urgent topic", () => {
  const set = "pulumi config set urgentAlarmTopicArn arn:aws:sns:eu-north-1:ACCOUNT:TOPIC";

  test.each<[string, Partial<AlarmConfig>]>([
    ["beside the stack's own topic", { urgentAlarmTopicArn: PAGER }],
    ["beside a topic of the user's", { alarmTopicArn: TOPIC, urgentAlarmTopicArn: PAGER }],
    [
      "in another AWS account",
      { urgentAlarmTopicArn: "arn:aws:sns:eu-north-1:999999999999:pager" },
    ],
  ])("is accepted %s", (_, differences) => {
    expect(faultsOf(differences)).toEqual([]);
  });

  test("does not replace the topic or the address for the other alarms", () => {
    expectFault(
      { alarmEmails: [], urgentAlarmTopicArn: PAGER },
      ["alarmEmails", "alarmTopicArn"],
      "pulumi config set --path 'alarmEmails[0]' on-call@example.com",
    );
  });

  test("is refused if it is the topic of all alarms, with the command that removes it", () => {
    expectFault(
      { alarmTopicArn: TOPIC, urgentAlarmTopicArn: TOPIC },
      ["urgentAlarmTopicArn", "alarmTopicArn"],
      "pulumi config rm urgentAlarmTopicArn",
    );
  });

  test("is refused in another Region than the stack's", () => {
    expectFault(
      { urgentAlarmTopicArn: PAGER.replace("eu-north-1", "eu-west-1") },
      ["urgentAlarmTopicArn", "eu-west-1", "eu-north-1"],
      set,
    );
  });

  test("is accepted in any Region if the stack's Region is unknown", () => {
    const faults = alarmConfigFaults(
      { alarmEmails: ["a@b.no"], urgentAlarmTopicArn: PAGER },
      undefined,
    );
    expect(faults).toEqual([]);
  });

  test.each([
    `${PAGER}.fifo`,
    "pager",
    "https://sns.eu-north-1.amazonaws.com/pager",
    "arn:aws:sqs:eu-north-1:123456789012:pager",
    `${PAGER}:0f5c5c2e-0000-4000-8000-000000000000`,
    "arn:aws:sns:eu-north-1:123456789012:a pager",
  ])("is refused as %s, which is not the ARN of a standard topic", (urgentAlarmTopicArn) => {
    expectFault({ urgentAlarmTopicArn }, ["urgentAlarmTopicArn", "standard topic"], set);
  });
});

describe("The runbook's address", () => {
  const set =
    "pulumi config set runbookUrl https://git.example.com/tokens/blob/main/docs/operating.md";

  test.each([
    RUNBOOK,
    "https://git.example.com/a?b=c&d=%20",
    "https://git.example.com:8443/~team/operating.html",
    `https://git.example.com/${"a".repeat(96)}`,
  ])("is accepted as %s", (runbookUrl) => {
    expect(faultsOf({ runbookUrl })).toEqual([]);
  });

  test.each([
    ["http instead of https", RUNBOOK.replace("https", "http"), ["https"]],
    ["no address", "docs/operating.md", ["https"]],
    ["a blank", `${RUNBOOK} `, ["blank"]],
    ["a line's end", `${RUNBOOK}\n`, ["blank"]],
    ["characters outside ASCII", `${RUNBOOK}/å`, ["blank"]],
    ["one of them in the middle", `${RUNBOOK}/å/a`, ["blank"]],
    ["a password alone", RUNBOOK.replace("git.", ":hunter2hunter2@git."), ["password"]],
    ["a fragment", `${RUNBOOK}#token-at-risk`, ["fragment"]],
    ["an empty fragment", `${RUNBOOK}#`, ["fragment"]],
    ["a password", RUNBOOK.replace("git.", "me:hunter2hunter2@git."), ["password"]],
    ["a user name", RUNBOOK.replace("git.", "me@git."), ["user name"]],
    ["121 characters", `https://git.example.com/${"a".repeat(97)}`, ["121", "120"]],
  ])("is refused with %s, without repeating it", (_, runbookUrl, names) => {
    expectFault({ runbookUrl }, ["runbookUrl", ...names], set);
    expect(faultsOf({ runbookUrl })[0]?.fault).not.toContain("hunter2");
  });
});

test("All faults are reported at once", () => {
  const faults = faultsOf({
    alarmEmails: ["nobody"],
    alarmTopicArn: "topic",
    urgentAlarmTopicArn: "pager",
    runbookUrl: "page",
  });
  expect(faults).toHaveLength(4);
});
