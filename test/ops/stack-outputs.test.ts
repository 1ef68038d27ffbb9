/** What the commands take from the stack's outputs, and what they say if those are malformed. */
import { describe, expect, test } from "@jest/globals";
import { OpsError } from "../../ops/ops-error.ts";
import { parseStackOutputs, pulumiFailure } from "../../ops/stack-outputs.ts";
import { expectMessage } from "../support/expect-message.ts";

const OUTPUTS = {
  tokenParameterNames: { T12345678: "/dintero/T12345678/access-token" },
  credentialsSecretArns: {
    T12345678:
      "arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero/T12345678/api-client-AbCdEf",
    T123: "arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero/T123/api-client-AbCdEf",
  },
  functionName: "tokens-check-1234567",
  alarmTopicArn: "arn:aws:sns:eu-west-1:999999999999:on-call",
  alarmNames: ["tokens-token-at-risk-1234567"],
};

describe("The outputs of a deployed stack", () => {
  test("give its accounts, and the AWS account and Region of its secrets and not of the topic", () => {
    expect(parseStackOutputs("test", JSON.stringify(OUTPUTS))).toEqual({
      accountIds: ["T12345678", "T123"],
      isProduction: false,
      awsAccountId: "123456789012",
      region: "eu-north-1",
      functionName: "tokens-check-1234567",
      alarmTopicArn: "arn:aws:sns:eu-west-1:999999999999:on-call",
      alarmNames: ["tokens-token-at-risk-1234567"],
    });
  });

  test("with P accounts are of production", () => {
    const [arn] = Object.values(OUTPUTS.credentialsSecretArns);
    const outputs = { ...OUTPUTS, credentialsSecretArns: { P12345678: arn } };
    expect(parseStackOutputs("prod", JSON.stringify(outputs)).isProduction).toBe(true);
  });

  test("may be of another partition of AWS", () => {
    const outputs = {
      ...OUTPUTS,
      credentialsSecretArns: {
        T12345678:
          "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:dintero/T12345678/api-client-AbCdEf",
      },
    };
    expect(parseStackOutputs("test", JSON.stringify(outputs)).region).toBe("cn-north-1");
  });
});

const NEEDED = ["credentialsSecretArns", "functionName", "alarmTopicArn", "alarmNames"];
const DEPLOY = "npm run deploy -- --stack test";
const LOOK = "pulumi stack output --json --stack test";

/** The message that the text is refused with. */
function refusal(json: string): string {
  try {
    parseStackOutputs("test", json);
  } catch (error) {
    if (error instanceof OpsError) return error.message;
    throw error;
  }
  throw new Error("The outputs were accepted.");
}

/** These outputs are named, and no others. */
function expectNamed(message: string, names: string[]): void {
  const without = NEEDED.filter((name) => !names.includes(name));
  expectMessage(message, { names, commands: [DEPLOY], without });
}

describe("What only some stacks have", () => {
  const parsed = (differences: object) =>
    parseStackOutputs("test", JSON.stringify({ ...OUTPUTS, ...differences }));
  const urgentAlarmTopicArn = "arn:aws:sns:eu-north-1:999999999999:pager";
  const keyArn = "arn:aws:kms:eu-north-1:123456789012:key/1";

  test("is used if it exists, also an empty list of addresses", () => {
    const given = { urgentAlarmTopicArn, keyArn, alarmEmails: [] };
    expect(parsed(given)).toMatchObject(given);
  });

  test("may be missing, as in stacks that the previous version deployed", () => {
    for (const outputs of [parsed({}), parsed({ urgentAlarmTopicArn: "" })]) {
      expect(outputs).not.toHaveProperty("urgentAlarmTopicArn");
      expect(outputs).not.toHaveProperty("alarmEmails");
      expect(outputs).not.toHaveProperty("keyArn");
    }
  });

  test.each([
    ["urgentAlarmTopicArn", "pager"],
    ["alarmEmails", "on-call@example.com"],
    ["keyArn", "key"],
  ])("is refused if it is malformed: %s", (name, value) => {
    expectMessage(refusal(JSON.stringify({ ...OUTPUTS, [name]: value })), {
      names: [name],
      commands: [DEPLOY],
    });
  });
});

describe("Malformed outputs", () => {
  test.each([
    ["{}", DEPLOY],
    ["", LOOK],
    ["null", LOOK],
    ["error: nothing", LOOK],
  ])("%j is refused, with what to do", (json, command) => {
    expectMessage(refusal(json), { names: ["test"], commands: [command] });
  });

  test.each(NEEDED)("without %s name it", (name) => {
    const outputs = Object.fromEntries(Object.entries(OUTPUTS).filter(([key]) => key !== name));
    expectNamed(refusal(JSON.stringify(outputs)), [name]);
  });

  test.each([
    ["credentialsSecretArns", {}],
    ["credentialsSecretArns", { T12345678: "[secret]" }],
    ["credentialsSecretArns", { X1: OUTPUTS.credentialsSecretArns.T123 }],
    ["functionName", ""],
    ["alarmTopicArn", "on-call"],
    ["alarmNames", []],
  ])("with %s %j name it", (name, value) => {
    expectNamed(refusal(JSON.stringify({ ...OUTPUTS, [name]: value })), [name]);
  });

  test("name all that are missing", () => {
    expectNamed(refusal('{"dashboardUrl":"x"}'), NEEDED);
  });
});

describe("A failure of the Pulumi CLI", () => {
  test.each([
    [
      Object.assign(new Error("spawn pulumi ENOENT"), { code: "ENOENT" }),
      "",
      "https://www.pulumi.com/docs/install/",
    ],
    [new Error("6"), "error: no stack named 'prod' found", "pulumi stack ls"],
    [
      new Error("255"),
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      "pulumi login",
    ],
    [new Error("1"), "error: something else", "pulumi stack output --stack prod"],
  ])("%s %s says what to do", (error, stderr, remedy) => {
    const { message } = pulumiFailure("prod", error, stderr);
    expectMessage(message, { names: ["Pulumi"], commands: [remedy] });
    expect(message).toContain(stderr);
  });
});
