import { describe, expect, test } from "@jest/globals";
import { configFaults } from "../../infra/config.ts";
import { MAX_ACCOUNTS } from "../../lambda/contract.ts";
import { accountIdsOf } from "../../proof/account-ids.ts";
import { expectPart, expectWordsPerCause } from "../support/expect-message.ts";

type RawConfig = Parameters<typeof configFaults>[0];

const GOOD: RawConfig = {
  environment: "test",
  accounts: ["T12345678"],
  alarmEmails: ["on-call@example.com"],
  logRetentionDays: 30,
};
const PRODUCTION = { environment: "production", accounts: ["P12345678"] };
const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

function faultsOf(differences: Partial<RawConfig>, region: string | undefined = "eu-north-1") {
  return configFaults({ ...GOOD, ...differences }, region);
}

/** There is this one fault: what it names, and the command that it gives. Returns its words. */
function expectFault(
  differences: Partial<RawConfig>,
  names: readonly string[],
  command: string,
  region?: string,
): string {
  const [{ fault, fix } = { fault: "", fix: "" }, ...others] = faultsOf(differences, region);
  expect({ fix, others }).toEqual({ fix: command, others: [] });
  expectPart(fault, { names });
  expect(fault).toMatch(/\.$/);
  return fault;
}

/** The words are those of the reference, for another value, which may have any form. */
function expectSameWords(
  differences: Partial<RawConfig>,
  value: string,
  reference: { readonly value: string; readonly fault: string },
): void {
  const [fault, ...others] = faultsOf(differences);
  expect(fault?.fault).toBe(reference.fault.replaceAll(reference.value, value));
  expect(others).toEqual([]);
}

describe("A configuration without fault", () => {
  test.each<[string, Partial<RawConfig>]>([
    ["of one account", {}],
    ["of a partner's account", { accounts: ["T123"] }],
    ["of as many accounts as a stack holds", { accounts: accountIdsOf(MAX_ACCOUNTS) }],
    ["of production", PRODUCTION],
    ["with several addresses", { alarmEmails: ["a@b.no", "first.last+tag@sub.example.com"] }],
    ["with a topic and no address", { alarmEmails: [], alarmTopicArn: TOPIC }],
    ["with a topic and an address", { alarmTopicArn: TOPIC }],
  ])("is one %s", (_, differences) => {
    expect(faultsOf(differences)).toEqual([]);
  });

  test("has a topic of any Region if the stack's Region is unknown", () => {
    expect(configFaults({ ...GOOD, alarmTopicArn: TOPIC }, undefined)).toEqual([]);
  });

  test.each([
    "arn:aws-cn:sns:cn-north-1:123456789012:on-call",
    "arn:aws-us-gov:sns:us-gov-west-1:123456789012:on_call",
  ])("has a topic of another partition: %s", (alarmTopicArn) => {
    expect(faultsOf({ alarmTopicArn }, alarmTopicArn.split(":")[3])).toEqual([]);
  });

  test.each(RETENTION_DAYS)("keeps logs for %i days", (logRetentionDays) => {
    expect(faultsOf({ logRetentionDays })).toEqual([]);
  });
});

describe("The environment is refused", () => {
  const named = ["environment", "test", "production"];
  test.each(["", "prod", "Test", "toString"])(
    "when it is '%s', and both valid values are named",
    (it) => {
      expectFault({ environment: it }, named, "pulumi config set environment test");
    },
  );

  test("with a command for the one that the accounts belong to", () => {
    const differences = { environment: "prod", accounts: ["P12345678"] };
    expectFault(differences, named, "pulumi config set environment production");
  });

  test("together with missing accounts, and the example is then a test account", () => {
    expect(faultsOf({ environment: "", accounts: [] })[1]?.fix).toBe(
      "pulumi config set --path 'accounts[0]' T12345678",
    );
  });

  test("alone, because without it the accounts cannot be judged", () => {
    expect(faultsOf({ environment: "", accounts: ["T12345678", "P12345678"] })).toHaveLength(1);
  });
});

describe("An account is refused", () => {
  const set = (index: number, account = "T12345678") =>
    `pulumi config set --path 'accounts[${index}]' ${account}`;

  test("that is not a valid account id, and the message says what is valid", () => {
    expectFault({ accounts: ["X123"] }, ["accounts[0]", "X123", "T", "P", "8", "3"], set(0));
  });

  test.each([
    ["without prefix", "12345678"],
    ["with a prefix in lower case", "t12345678"],
    ["with another prefix", "X12345678"],
    ["with one digit less", "T1234567"],
    ["with one digit more", "T123456789"],
    ["with a digit less than a partner's", "T12"],
    ["with a digit more than a partner's", "T1234"],
    ["with a blank after it", "T12345678 "],
    ["with a line's end after it", "T12345678\n"],
    ["that is empty", ""],
  ])("%s", (_, account) => {
    const [{ fault = "" } = {}] = faultsOf({ accounts: ["X123"] });
    expectSameWords({ accounts: [account] }, account, { value: "X123", fault });
  });

  const production = (accounts: string[]) => ({ ...PRODUCTION, accounts });
  const cases: Record<string, [Partial<RawConfig>, names: string[], command: string]> = {
    "of production in test": [
      { accounts: ["T12345678", "P12345678"] },
      ["accounts[1]", "P12345678", "test", "T"],
      set(1, "T12345679"),
    ],
    "of test in production": [
      production(["T123"]),
      ["accounts[0]", "T123", "production", "P"],
      set(0, "P12345678"),
    ],
    "that comes again": [
      { accounts: ["T12345678", "T123", "T12345678"] },
      ["accounts[2]", "T12345678"],
      "pulumi config rm --path 'accounts[2]'",
    ],
    "that is one more than a stack holds": [
      { accounts: accountIdsOf(MAX_ACCOUNTS + 1) },
      [`accounts[${MAX_ACCOUNTS}]`, `${MAX_ACCOUNTS}`, "stack"],
      `pulumi config rm --path 'accounts[${MAX_ACCOUNTS}]'`,
    ],
    "where there is none": [{ accounts: [] }, ["accounts"], set(0)],
    "where there is none in production": [production([]), ["accounts"], set(0, "P12345678")],
  };
  test.each(Object.entries(cases))("%s", (_, [differences, names, command]) => {
    expectFault(differences, names, command);
  });

  test("in other words for each cause", () => {
    const words = (accounts: string[]) =>
      (faultsOf({ accounts })[0]?.fault ?? "").replaceAll(/accounts\[\d+\]|[TPX]\d+/g, "IT");
    expectWordsPerCause([
      ["no id", words(["X123"])],
      ["other", words(["P12345678"])],
      ["again", words(["T123", "T123"])],
      ["many", words(accountIdsOf(MAX_ACCOUNTS + 1))],
      ["none", words([])],
    ]);
  });
});

describe("An e-mail address is refused", () => {
  const set = "pulumi config set --path 'alarmEmails[1]' on-call@example.com";

  test("that does not have the form of an address", () => {
    expectFault({ alarmEmails: ["a@b.no", "on-call"] }, ["alarmEmails[1]", "on-call"], set);
  });

  test.each([
    "on-call@example",
    "@example.com",
    "on-call@",
    "on call@example.com",
    "on-call@example.com ",
    "a@b.no,c@d.no",
    "",
  ])("that is '%s'", (email) => {
    const [{ fault = "" } = {}] = faultsOf({ alarmEmails: ["a@b.no", "VALUE"] });
    expectSameWords({ alarmEmails: ["a@b.no", email] }, email, { value: "VALUE", fault });
  });

  test("that is a duplicate, because both subscriptions would have the same name", () => {
    const again = expectFault(
      { alarmEmails: ["a@b.no", "a@b.no"] },
      ["alarmEmails[1]", "a@b.no"],
      "pulumi config rm --path 'alarmEmails[1]'",
    );
    const wrong = faultsOf({ alarmEmails: ["a@b.no", "VALUE"] })[0]?.fault ?? "";
    expect(again).not.toBe(wrong.replace("VALUE", "a@b.no"));
  });

  test("also if there is a topic", () => {
    expect(faultsOf({ alarmEmails: ["on-call"], alarmTopicArn: TOPIC })).toHaveLength(1);
  });
});

describe("The topic is refused", () => {
  const set = (region: string) =>
    `pulumi config set alarmTopicArn arn:aws:sns:${region}:ACCOUNT:TOPIC`;

  test("without the form of a standard topic's ARN", () => {
    const names = ["alarmTopicArn", "on-call", "ARN", "standard topic"];
    expectFault({ alarmTopicArn: "on-call" }, names, set("eu-north-1"));
  });

  test.each([
    ["of another service", "arn:aws:sqs:eu-north-1:123456789012:on-call"],
    ["that is FIFO", `${TOPIC}.fifo`],
    ["that is a subscription", `${TOPIC}:11111111-2222-3333-4444-555555555555`],
    ["without Region", "arn:aws:sns::123456789012:on-call"],
    ["with a short account number", "arn:aws:sns:eu-north-1:12345678901:on-call"],
    ["without a name", "arn:aws:sns:eu-north-1:123456789012:"],
    ["of no partition of AWS", "arn:other:sns:eu-north-1:123456789012:on-call"],
    ["with a blank after it", `${TOPIC} `],
    ["with a blank before it", ` ${TOPIC}`],
  ])("%s", (_, alarmTopicArn) => {
    const [{ fault = "" } = {}] = faultsOf({ alarmTopicArn: "VALUE" });
    expectSameWords({ alarmTopicArn }, alarmTopicArn, { value: "VALUE", fault });
  });

  test("of another Region than the stack's", () => {
    expectFault(
      { alarmTopicArn: TOPIC },
      ["alarmTopicArn", "eu-north-1", "eu-west-1"],
      set("eu-west-1"),
      "eu-west-1",
    );
  });

  test("with an invalid form if the stack's Region is unknown", () => {
    const [fault] = configFaults({ ...GOOD, alarmTopicArn: "on-call" }, undefined);
    expect(fault?.fix).toBe(set("REGION"));
  });

  test("when there is none, and no address either", () => {
    const command = "pulumi config set --path 'alarmEmails[0]' on-call@example.com";
    expectFault({ alarmEmails: [] }, ["alarmEmails", "alarmTopicArn"], command);
  });
});

test.each([Number.NaN, 0, -1, 2, 29, 31, 30.5, 3654, Number.POSITIVE_INFINITY])(
  "Logs kept for %d days are refused, with the values that CloudWatch takes",
  (logRetentionDays) => {
    const names = ["logRetentionDays", ...RETENTION_DAYS.map(String)];
    expectFault({ logRetentionDays }, names, "pulumi config set logRetentionDays 90");
  },
);
