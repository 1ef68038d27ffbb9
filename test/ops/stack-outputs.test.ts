/** What the commands take from the stack's outputs, and what they say where those are no good. */
import { describe, expect, test } from "@jest/globals";
import { OpsError } from "../../ops/ops-error.ts";
import { parseStackOutputs, pulumiFailure } from "../../ops/stack-outputs.ts";

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

describe("Outputs that are no good", () => {
  test.each([
    [
      "{}",
      "Stack test has no outputs: it was never deployed, or was destroyed. Deploy it: npm run deploy -- --stack test",
    ],
    ["", "no JSON object"],
    ["null", "no JSON object"],
    ["error: nothing", "no JSON object"],
  ])("%j is told as such", (json, message) => {
    expect(() => parseStackOutputs("test", json)).toThrow(OpsError);
    expect(() => parseStackOutputs("test", json)).toThrow(message);
  });

  test.each(["credentialsSecretArns", "functionName", "alarmTopicArn", "alarmNames"])(
    "without %s name it",
    (name) => {
      const outputs = Object.fromEntries(Object.entries(OUTPUTS).filter(([key]) => key !== name));
      expect(() => parseStackOutputs("test", JSON.stringify(outputs))).toThrow(
        `missing or malformed: ${name}.`,
      );
    },
  );

  test.each([
    ["credentialsSecretArns", {}],
    ["credentialsSecretArns", { T12345678: "[secret]" }],
    ["credentialsSecretArns", { X1: OUTPUTS.credentialsSecretArns.T123 }],
    ["functionName", ""],
    ["alarmTopicArn", "on-call"],
    ["alarmNames", []],
  ])("with %s %j name it", (name, value) => {
    expect(() => parseStackOutputs("test", JSON.stringify({ ...OUTPUTS, [name]: value }))).toThrow(
      `missing or malformed: ${name}.`,
    );
  });

  test("name all that are missing", () => {
    expect(() => parseStackOutputs("test", '{"dashboardUrl":"x"}')).toThrow(
      "credentialsSecretArns, functionName, alarmTopicArn, alarmNames",
    );
  });
});

describe("A failure of the Pulumi CLI", () => {
  test.each([
    [
      Object.assign(new Error("spawn pulumi ENOENT"), { code: "ENOENT" }),
      "",
      "was not found. It comes along: run npm ci",
    ],
    [new Error("6"), "error: no stack named 'prod' found", "npx pulumi stack ls"],
    [
      new Error("255"),
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      "npx pulumi login",
    ],
    [new Error("1"), "error: something else", "npx pulumi stack output --stack prod"],
  ])("%s %s says what to do", (error, stderr, remedy) => {
    const { message } = pulumiFailure("prod", error, stderr);
    expect(message).toContain(remedy);
    expect(message).toContain(stderr);
  });
});
