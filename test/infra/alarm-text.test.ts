/** What the on-call person reads: that it fits, and that its numbers follow from the rules. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { MAX_RUNBOOK_URL_LENGTH } from "../../infra/alarm-config.ts";
import { ALARMS } from "../../infra/alarm-definitions.ts";
import { alarmText, duration, timeLeft } from "../../infra/alarm-text.ts";
import { expectMessage, expectWordsPerCause } from "../support/expect-message.ts";

type Kind = (typeof ALARMS)[number]["kind"];

const ACCOUNT = "P12345678";
const PLACE = { partition: "aws", region: "eu-north-1", awsAccountId: "123456789012" };
const RUNBOOK = "https://git.example.com/docs/operating.md";

/** As its alarm has it: an account's alarm names the account. */
function textOf(kind: Kind, differences: Partial<Parameters<typeof alarmText>[1]> = {}): string {
  const isPerAccount = ALARMS.find((alarm) => alarm.kind === kind)?.isPerAccount;
  return alarmText(kind, {
    account: isPerAccount ? ACCOUNT : undefined,
    stack: "prod",
    place: PLACE,
    functionName: "tokens-check-1a2b3c4",
    runbookUrl: RUNBOOK,
    ...differences,
  });
}

const command = (event: string) =>
  `AWS_MAX_ATTEMPTS=1 aws lambda invoke --region eu-north-1 --function-name tokens-check-1a2b3c4 --cli-read-timeout 160 --payload '${event}' --cli-binary-format raw-in-base64-out /dev/stdout`;

/** In the words of the texts; worked out by hand from the thirds. */
const TIMES: [kind: Kind, for4Hours: string, for24Hours: string][] = [
  ["token-at-risk", "1 h 5 min to 1 h 20 min", "7 h 45 min to 8 h"],
  [
    "rotation-silent",
    "2 h or more (40 min if renewals failed before)",
    "15 h 20 min or more (7 h 20 min if renewals failed before)",
  ],
  ["check-broken", "2 h 20 min or more", "15 h 40 min or more"],
  ["renewals-failing", "2 h 20 min or more", "15 h 40 min or more"],
  ["credentials-rejected", "2 h 20 min or more", "15 h 40 min or more"],
];

test.each(TIMES)("%s says how long services have, for 4 h and for 24 h", (kind, short, long) => {
  const lines = textOf(kind).split("\n");
  expect(lines).toContain(`- 4 h tokens: ${short}`);
  expect(lines).toContain(`- 24 h tokens: ${long}`);
});

describe.each(ALARMS)("$kind", ({ kind, isUrgent, isPerAccount }) => {
  const lines = (text = textOf(kind)) => text.split("\n");

  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  test("has at most 1,024 characters at the longest names", () => {
    const longest = {
      stack: "s".repeat(100),
      place: { ...PLACE, region: "us-isof-south-1" },
      functionName: "f".repeat(64),
    };
    for (const runbookUrl of ["h".repeat(MAX_RUNBOOK_URL_LENGTH), undefined]) {
      expect(textOf(kind, { ...longest, runbookUrl }).length).toBeLessThanOrEqual(1024);
    }
  });

  test("says first how urgent it is when in ALARM, because the mail about OK has the same text", () => {
    const prefix = isUrgent ? /^URGENT when in ALARM: \w/ : /^Not urgent when in ALARM: \w/;
    expect(lines()[0]).toMatch(prefix);
    expect(lines()[0]).toMatch(/\.$/);
  });

  test("names the stack, the AWS account and the Dintero account, if it is about one", () => {
    expectMessage(lines()[1] ?? "", { names: ["prod", "123456789012"] });
    expect(lines()[0]?.includes(ACCOUNT)).toBe(isPerAccount);
  });

  test("says what ALARM and what OK mean", () => {
    for (const state of ["ALARM", "OK"]) {
      const [meaning, ...others] = lines().filter((line) => line.startsWith(`${state}: `));
      expectMessage(meaning?.slice(state.length + 2).replace(/^./, (it) => it.toUpperCase()) ?? "");
      expect(others).toEqual([]);
    }
  });

  test("gives one command, on a line of its own, for its account or for all", () => {
    const event = isPerAccount ? `{"accounts":["${ACCOUNT}"]}` : "{}";
    expect(lines().filter((line) => line.includes("aws "))).toEqual([command(event)]);
  });

  test("ends with its section of the runbook, which is there", () => {
    expect(lines().at(-1)).toBe(`What to do: ${RUNBOOK}#${kind}`);
    const operating = join(import.meta.dirname, "..", "..", "docs", "operating.md");
    expect(readFileSync(operating, "utf8").split("\n")).toContain(`## ${kind}`);
  });

  test("names the document and the section if there is no address", () => {
    const last = lines(textOf(kind, { runbookUrl: undefined })).at(-1) ?? "";
    expectMessage(last, { names: ["docs/operating.md", kind, "dintero-token-rotation"] });
    expect(last).not.toMatch(/https?:|#/);
  });
});

test("Each alarm has words of its own", () => {
  expectWordsPerCause(
    ALARMS.flatMap(({ kind }): [string, string][] =>
      textOf(kind)
        .split("\n")
        .filter((line) => /^(ALARM|OK): /.test(line))
        .map((line): [string, string] => [`${kind} ${line.slice(0, 2)}`, line]),
    ),
  );
});

test("rotation-silent names each cause that no other urgent alarm has", () => {
  const [meaning = ""] = /^ALARM: .*$/m.exec(textOf("rotation-silent")) ?? [];
  expectMessage(meaning, { names: ["schedule", "function", "parameters", "key"] });
});

test.each<[Kind, urgent: Kind]>([
  ["check-broken", "rotation-silent"],
  ["renewals-failing", "token-at-risk"],
  ["credentials-rejected", "token-at-risk"],
])("%s names in its first line the urgent alarm that follows, %s", (kind, urgent) => {
  expectMessage(textOf(kind).split("\n")[0] ?? "", { names: [urgent] });
});

test.each<Kind>(["token-at-risk", "rotation-silent", "renewals-failing"])(
  "%s says when services fail now",
  (kind) => {
    expect(textOf(kind)).toMatch(/\bfail now\b/);
  },
);

test.each<Kind>(["renewals-failing", "credentials-rejected"])(
  "OK of %s does not say that every account is well",
  (kind) => {
    expect(textOf(kind)).toMatch(/^OK: .*\bat risk\b.*\bown alarm\b/m);
  },
);

test("A longer lifetime leaves more time, and a token at risk leaves less time than silent checks", () => {
  for (const { kind } of ALARMS) {
    expect(timeLeft(kind, 24).leastMinutes).toBeGreaterThan(timeLeft(kind, 4).leastMinutes);
  }
  const [atRisk, silent] = [timeLeft("token-at-risk", 24), timeLeft("rotation-silent", 24)];
  expect(atRisk.leastMinutes).toBeLessThan(silent.leastMinutes);
  expect(silent.leastMinutesAfterFailures).toBeLessThan(atRisk.leastMinutes);
});

test.each([
  [40, "40 min"],
  [60, "1 h"],
  [480, "8 h"],
  [920, "15 h 20 min"],
])("%d minutes are written as %s", (minutes, text) => {
  expect(duration(minutes)).toBe(text);
});
