/** The configuration as the program gets it: through Pulumi's own runtime. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../../infra/config.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";

describe("The configuration that the program reads", () => {
  const read = async (differences: Record<string, unknown>, stack = "test") => {
    const config = {
      "aws:region": "eu-north-1",
      environment: "test",
      accounts: ["T12345678", "T123"],
      alarmEmails: ["on-call@example.com"],
      alarmTopicArn: "",
      logRetentionDays: "30",
      ...differences,
    };
    await FakeEngine.start({ stack, config });
    return readConfig();
  };

  test("is exactly what is set, without a topic where that is empty", async () => {
    expect(await read({})).toStrictEqual({
      environment: "test",
      accounts: ["T12345678", "T123"],
      alarmEmails: ["on-call@example.com"],
      logRetentionDays: 30,
    });
  });

  test("is of production where that is set", async () => {
    const production = { environment: "production", accounts: ["P12345678"] };
    expect(await read(production, "prod")).toMatchObject(production);
  });

  test("may lack a topic, but no environment", async () => {
    const { alarmTopicArn } = await read({ alarmTopicArn: undefined });
    expect(alarmTopicArn).toBeUndefined();
    const told = "environment must be one of: test, production.";
    await expect(read({ environment: undefined })).rejects.toThrow(told);
  });

  test("has the topic where one is set", async () => {
    expect(await read({ alarmEmails: [], alarmTopicArn: TOPIC })).toStrictEqual({
      environment: "test",
      accounts: ["T12345678", "T123"],
      alarmEmails: [],
      alarmTopicArn: TOPIC,
      logRetentionDays: 30,
    });
  });

  test("is refused by an error that Pulumi prints without a stack trace, with all faults, each with its whole command", async () => {
    const config = {
      environment: "production",
      accounts: ["T12345678", "P1"],
      alarmEmails: [],
      logRetentionDays: "",
    };
    const error = await read(config, "prod").catch((thrown: unknown) => thrown);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error).toHaveProperty(
      "message",
      `The configuration of stack prod is wrong:
  - accounts[0]: T12345678 does not belong to production, whose accounts begin with P.
    npx pulumi config set --path 'accounts[0]' P12345678 --stack prod
  - accounts[1]: P1 is no account id, which is T or P and 8 digits, or 3 for a partner.
    npx pulumi config set --path 'accounts[1]' P12345678 --stack prod
  - nobody would be told of an alarm: set alarmEmails, or alarmTopicArn to a topic of yours.
    npx pulumi config set --path 'alarmEmails[0]' on-call@example.com --stack prod
  - logRetentionDays must be one of: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.
    npx pulumi config set logRetentionDays 90 --stack prod`,
    );
  });

  test.each([
    ["a list without brackets", "T12345678,T123", "accounts[0]: T12345678,T123 is no account id"],
    ["half a list", '["T12345678"', 'accounts[0]: ["T12345678" is no account id'],
    ["a number", "12345678", "accounts[0]: 12345678 is no account id"],
    ["an object", '{"0":"T12345678"}', "accounts[0]: [object Object] is no account id"],
    ["null", "null", "accounts is missing"],
    ["a list of other things", '[null,{"a":1}]', "accounts[1]: [object Object] is no account id"],
  ])("is refused where the accounts are %s", async (_, accounts, told) => {
    await expect(read({ accounts })).rejects.toThrow(told);
  });

  test("is refused where an address list is no list", async () => {
    const told = "alarmEmails[0]: a@b.no,c@d.no is no e-mail address.";
    await expect(read({ alarmEmails: "a@b.no,c@d.no" })).rejects.toThrow(told);
  });

  test("is refused where the topic is of another Region than the provider's", async () => {
    const told = "an alarm can only notify a topic of its own Region, eu-west-1.";
    const config = { "aws:region": "eu-west-1", alarmTopicArn: TOPIC };
    await expect(read(config)).rejects.toThrow(told);
  });
});
