import { describe, expect, test } from "@jest/globals";
import { type ConfigFault, configFaults } from "../../infra/config.ts";
import { accountIds } from "./rendered-stack.ts";

type RawConfig = Parameters<typeof configFaults>[0];

const GOOD: RawConfig = {
  environment: "test",
  accounts: ["T12345678"],
  alarmEmails: ["on-call@example.com"],
  logRetentionDays: 30,
};
const PRODUCTION = { environment: "production", accounts: ["P12345678"] };
const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";

function faultsOf(differences: Partial<RawConfig>, region: string | undefined = "eu-north-1") {
  return configFaults({ ...GOOD, ...differences }, region);
}

describe("A configuration without fault", () => {
  test.each<[string, Partial<RawConfig>]>([
    ["of one account", {}],
    ["of a partner's account", { accounts: ["T123"] }],
    ["of twenty accounts", { accounts: accountIds(20) }],
    ["of production", PRODUCTION],
    ["with several addresses", { alarmEmails: ["a@b.no", "first.last+tag@sub.example.com"] }],
    ["with a topic and no address", { alarmEmails: [], alarmTopicArn: TOPIC }],
    ["with a topic and an address", { alarmTopicArn: TOPIC }],
  ])("is one %s", (_, differences) => {
    expect(faultsOf(differences)).toEqual([]);
  });

  test("is one with a topic of any Region, while the stack's is unknown", () => {
    expect(configFaults({ ...GOOD, alarmTopicArn: TOPIC }, undefined)).toEqual([]);
  });

  test.each([
    "arn:aws-cn:sns:cn-north-1:123456789012:on-call",
    "arn:aws-us-gov:sns:us-gov-west-1:123456789012:on_call",
  ])("is one with a topic of another partition: %s", (alarmTopicArn) => {
    expect(faultsOf({ alarmTopicArn }, alarmTopicArn.split(":")[3])).toEqual([]);
  });

  // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
  test.each([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
  ])("is one that keeps logs for %i days", (logRetentionDays) => {
    expect(faultsOf({ logRetentionDays })).toEqual([]);
  });
});

describe("The environment is told", () => {
  test.each(["", "prod", "Test", "toString"])("when it is '%s', with the two it can be", (it) => {
    expect(faultsOf({ environment: it })).toEqual([
      {
        fault: "environment must be one of: test, production.",
        mend: "pulumi config set environment test",
      },
    ]);
  });

  test("with the one that the accounts belong to", () => {
    expect(faultsOf({ environment: "prod", accounts: ["P12345678"] })).toEqual([
      {
        fault: "environment must be one of: test, production.",
        mend: "pulumi config set environment production",
      },
    ]);
  });

  test("beside missing accounts, whose example is then one of test", () => {
    expect(faultsOf({ environment: "", accounts: [] })[1]).toEqual({
      fault: "accounts is missing: name the Dintero accounts.",
      mend: "pulumi config set --path 'accounts[0]' T12345678",
    });
  });

  test("alone, since no account can be held against it", () => {
    expect(faultsOf({ environment: "", accounts: ["T12345678", "P12345678"] })).toHaveLength(1);
  });
});

describe("An account is told", () => {
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
    expect(faultsOf({ accounts: [account] })).toEqual([
      {
        fault: `accounts[0]: ${account} is no account id, which is T or P and 8 digits, or 3 for a partner.`,
        mend: "pulumi config set --path 'accounts[0]' T12345678",
      },
    ]);
  });

  test.each<[string, Partial<RawConfig>, ConfigFault]>([
    [
      "of production in test",
      { accounts: ["T12345678", "P12345678"] },
      {
        fault: "accounts[1]: P12345678 does not belong to test, whose accounts begin with T.",
        mend: "pulumi config set --path 'accounts[1]' T12345678",
      },
    ],
    [
      "of test in production",
      { ...PRODUCTION, accounts: ["T123"] },
      {
        fault: "accounts[0]: T123 does not belong to production, whose accounts begin with P.",
        mend: "pulumi config set --path 'accounts[0]' P12345678",
      },
    ],
    [
      "that comes again",
      { accounts: ["T12345678", "T123", "T12345678"] },
      {
        fault: "accounts[2] names T12345678 again.",
        mend: "pulumi config rm --path 'accounts[2]'",
      },
    ],
    [
      "that is one more than twenty",
      { accounts: accountIds(21) },
      {
        fault: "accounts[20] is one too many: a stack holds 20, put the others into another stack.",
        mend: "pulumi config rm --path 'accounts[20]'",
      },
    ],
    [
      "where there is none",
      { accounts: [] },
      {
        fault: "accounts is missing: name the Dintero accounts.",
        mend: "pulumi config set --path 'accounts[0]' T12345678",
      },
    ],
    [
      "where there is none in production",
      { ...PRODUCTION, accounts: [] },
      {
        fault: "accounts is missing: name the Dintero accounts.",
        mend: "pulumi config set --path 'accounts[0]' P12345678",
      },
    ],
  ])("%s", (_, differences, fault) => {
    expect(faultsOf(differences)).toEqual([fault]);
  });
});

describe("An e-mail address is told", () => {
  test.each([
    "on-call",
    "on-call@example",
    "@example.com",
    "on-call@",
    "on call@example.com",
    "on-call@example.com ",
    "a@b.no,c@d.no",
    "",
  ])("that is '%s'", (email) => {
    expect(faultsOf({ alarmEmails: ["a@b.no", email] })).toEqual([
      {
        fault: `alarmEmails[1]: ${email} is no e-mail address.`,
        mend: "pulumi config set --path 'alarmEmails[1]' on-call@example.com",
      },
    ]);
  });

  test("that comes again, since both subscriptions would have one name", () => {
    expect(faultsOf({ alarmEmails: ["a@b.no", "a@b.no"] })).toEqual([
      {
        fault: "alarmEmails[1] names a@b.no again.",
        mend: "pulumi config rm --path 'alarmEmails[1]'",
      },
    ]);
  });

  test("beside a topic too", () => {
    expect(faultsOf({ alarmEmails: ["on-call"], alarmTopicArn: TOPIC })).toHaveLength(1);
  });
});

describe("The topic is told", () => {
  test.each([
    ["without a form", "on-call"],
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
    expect(faultsOf({ alarmTopicArn })).toEqual([
      {
        fault: `alarmTopicArn: ${alarmTopicArn} is no ARN of a standard topic.`,
        mend: "pulumi config set alarmTopicArn arn:aws:sns:eu-north-1:ACCOUNT:TOPIC",
      },
    ]);
  });

  test("of another Region than the stack's", () => {
    expect(faultsOf({ alarmTopicArn: TOPIC }, "eu-west-1")).toEqual([
      {
        fault:
          "alarmTopicArn is in eu-north-1, and an alarm can only notify a topic of its own Region, eu-west-1.",
        mend: "pulumi config set alarmTopicArn arn:aws:sns:eu-west-1:ACCOUNT:TOPIC",
      },
    ]);
  });

  test("with a form that is wrong, while the stack's Region is unknown", () => {
    expect(configFaults({ ...GOOD, alarmTopicArn: "on-call" }, undefined)).toEqual([
      {
        fault: "alarmTopicArn: on-call is no ARN of a standard topic.",
        mend: "pulumi config set alarmTopicArn arn:aws:sns:REGION:ACCOUNT:TOPIC",
      },
    ]);
  });

  test("when there is none, and no address either", () => {
    expect(faultsOf({ alarmEmails: [] })).toEqual([
      {
        fault:
          "nobody would be told of an alarm: set alarmEmails, or alarmTopicArn to a topic of yours.",
        mend: "pulumi config set --path 'alarmEmails[0]' on-call@example.com",
      },
    ]);
  });
});

test.each([Number.NaN, 0, -1, 2, 29, 31, 30.5, 3654, Number.POSITIVE_INFINITY])(
  "Logs kept for %d days are told, with the values that CloudWatch takes",
  (logRetentionDays) => {
    expect(faultsOf({ logRetentionDays })).toEqual([
      {
        fault:
          "logRetentionDays must be one of: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.",
        mend: "pulumi config set logRetentionDays 90",
      },
    ]);
  },
);
