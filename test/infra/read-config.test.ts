/** The configuration as the program gets it: through Pulumi's own runtime. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../../infra/read-config.ts";
import { expectPart } from "../support/expect-message.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const REGION = "eu-north-1";
const TOPIC = `arn:aws:sns:${REGION}:123456789012:on-call`;

describe("The configuration that the program reads", () => {
  const read = async (differences: Record<string, unknown>, stack = "test") => {
    const config = {
      "aws:region": REGION,
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

  test("is exactly what is set, and an empty topic is no topic", async () => {
    expect(await read({})).toEqual({
      environment: "test",
      accounts: ["T12345678", "T123"],
      alarmEmails: ["on-call@example.com"],
      logRetentionDays: 30,
      region: REGION,
    });
  });

  test("is for production if that is set", async () => {
    const production = { environment: "production", accounts: ["P12345678"] };
    expect(await read(production, "prod")).toMatchObject(production);
  });

  test("may lack a topic, but not an environment", async () => {
    const { alarmTopicArn } = await read({ alarmTopicArn: undefined });
    expect(alarmTopicArn).toBeUndefined();
    await expectRefusal(read({ environment: undefined }), "environment", [
      "pulumi config set environment test --stack test",
    ]);
  });

  test("has the topic if one is set", async () => {
    expect(await read({ alarmEmails: [], alarmTopicArn: TOPIC })).toEqual({
      environment: "test",
      accounts: ["T12345678", "T123"],
      alarmEmails: [],
      alarmTopicArn: TOPIC,
      logRetentionDays: 30,
      region: REGION,
    });
  });

  test("has the urgent topic and the runbook's address if they are set", async () => {
    const settings = {
      urgentAlarmTopicArn: TOPIC,
      runbookUrl: "https://git.example.com/operating",
    };
    expect(await read(settings)).toMatchObject(settings);
    expect(await read({ urgentAlarmTopicArn: "", runbookUrl: "" })).not.toMatchObject({
      urgentAlarmTopicArn: expect.anything(),
      runbookUrl: expect.anything(),
    });
  });

  test("has a company's settings if they are set, and a tag's value as text", async () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
    const tags = { CostCenter: 1234, Critical: true, Team: "payments" };
    expect(await read({ permissionsBoundaryArn, tags })).toMatchObject({
      permissionsBoundaryArn,
      tags: { CostCenter: "1234", Critical: "true", Team: "payments" },
    });
  });

  test.each(["", "{}", "null", undefined])("has no tags if they are %j", async (tags) => {
    const config = await read({ tags, permissionsBoundaryArn: "" });
    expect([config.tags, config.permissionsBoundaryArn]).toEqual([undefined, undefined]);
  });

  test.each(["CostCenter=1234", '["a"]', "1", '{"a":"b"'])(
    "is refused if the tags are %s",
    async (tags) => {
      await expectRefusal(read({ tags }), "tags must have keys and values", [
        "pulumi config rm tags --stack test",
      ]);
    },
  );

  test.each([
    ["alarmTopicArn", '["arn:aws:sns:eu-north-1:123456789012:on-call"]'],
    ["runbookUrl", '{"a":"https://git.example.com"}'],
    ["logRetentionDays", "[30]"],
  ])("is refused once if %s is %s", async (name, value) => {
    const error = await read({ [name]: value }).catch((thrown: unknown) => thrown);
    const [, ...lines] = String(error instanceof Error && error.message).split("\n");
    expect(lines).toHaveLength(2);
    expectPart(lines[0]?.slice(4) ?? "", { names: [name, "--path"] });
    expect(lines[1]?.trim()).toBe(`pulumi config rm ${name} --stack test`);
  });

  test.each([
    ["alarmEmail", "alarmEmails"],
    ["runbookURL", "runbookUrl"],
    ["logRetentionDay", "logRetentionDays"],
  ])("is refused if a name is mistyped, and says what %s may mean", async (name, meant) => {
    await expectRefusal(read({ [name]: "1" }), `${name} is not a setting. Did you mean ${meant}?`, [
      `pulumi config rm ${name} --stack test`,
    ]);
  });

  test("is refused if the permissions boundary is a policy of another AWS account", async () => {
    const boundary = (owner: string) => ({
      awsAccountId: "123456789012",
      permissionsBoundaryArn: `arn:aws:iam::${owner}:policy/company`,
    });
    await expectRefusal(read(boundary("210987654321")), "permissionsBoundaryArn", [
      "pulumi config set permissionsBoundaryArn arn:aws:iam::123456789012:policy/company --stack test",
    ]);
    for (const owner of ["123456789012", "aws"]) await read(boundary(owner));
  });

  test.each(['{"a":1.10}', '{"a":null}', '{"a":["b"]}', '{"a":12345678901234567890}'])(
    "is refused if a tag's value is not text, or may differ from what was written: %s",
    async (tags) => {
      await expectRefusal(read({ tags }), 'tags["a"]', [
        "pulumi config set --path 'tags[\"a\"]' VALUE --stack test",
      ]);
    },
  );

  test("is refused by an error that Pulumi prints without a stack trace, with all faults, each with its whole command", async () => {
    const config = {
      environment: "production",
      accounts: ["T12345678", "P1"],
      alarmEmails: [],
      logRetentionDays: "",
    };
    const error = await read(config, "prod").catch((thrown: unknown) => thrown);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    const [head, ...lines] = String(error instanceof Error && error.message).split("\n");
    expectPart(head ?? "", { names: ["prod"] });
    // Each fault on a line of its own, its command on the next, ready to be copied.
    const commands = lines.filter((_, index) => index % 2 === 1);
    expect(commands).toEqual([
      "    pulumi config set --path 'accounts[0]' P12345678 --stack prod",
      "    pulumi config set --path 'accounts[1]' P12345679 --stack prod",
      "    pulumi config set --path 'alarmEmails[0]' on-call@example.com --stack prod",
      "    pulumi config set logRetentionDays 90 --stack prod",
    ]);
    const faults = lines.filter((_, index) => index % 2 === 0);
    const named = ["accounts[0]", "accounts[1]", "alarmEmails", "logRetentionDays"];
    for (const [index, fault] of faults.entries()) {
      expect(fault).toMatch(/^ {2}- \S.*\.$/);
      expectPart(fault.slice(4), { names: [named[index] ?? "none"] });
    }
  });

  test.each([
    ["a list without brackets", "T12345678,T123", "accounts[0]: T12345678,T123", [0]],
    ["half a list", '["T12345678"', 'accounts[0]: ["T12345678"', [0]],
    ["a number", "12345678", "accounts[0]: 12345678", [0]],
    ["an object", '{"0":"T12345678"}', "accounts[0]: ", [0]],
    ["null", "null", "accounts ", [0]],
    ["a list of other things", '[null,{"a":1}]', "accounts[0]: ", [0, 1]],
  ])("is refused if the accounts are %s", async (_, accounts, named, indexes) => {
    const commands = indexes.map(
      (index) => `pulumi config set --path 'accounts[${index}]' T${12345678 + index} --stack test`,
    );
    await expectRefusal(read({ accounts }), named, commands);
  });

  test("is refused if a list is a single value, although it would be valid in a list", async () => {
    await expectRefusal(read({ accounts: "T12345678", alarmEmails: "it's@b.no" }), "accounts", [
      "pulumi config set --path 'accounts[0]' T12345678 --stack test",
      "pulumi config set --path 'alarmEmails[0]' 'it'\\''s@b.no' --stack test",
    ]);
  });

  test.each([
    ["missing", undefined],
    ["mistyped", "eu-nort1"],
    ["an availability zone", "eu-north-1a"],
  ])(
    "is refused if the Region is %s, also if the person's own Region is set",
    async (_, region) => {
      await expectRefusal(read({ "aws:region": region }), "aws:region", [
        "pulumi config set aws:region eu-north-1 --stack test",
      ]);
    },
  );

  test.each([
    ["12345678901", "eleven digits, as YAML leaves of one without quotes that begins with 0"],
    ["1234-5678-9012", "hyphens"],
  ])("is refused if the AWS account is %s: %s", async (awsAccountId) => {
    await expectRefusal(read({ awsAccountId }), "awsAccountId", [
      "pulumi config set awsAccountId 123456789012 --stack test",
    ]);
  });

  test("has the AWS account that is set, with its leading zero", async () => {
    expect((await read({ awsAccountId: "012345678901" })).awsAccountId).toBe("012345678901");
  });

  test("is refused if a setting's name is mistyped, because Pulumi ignores it silently", async () => {
    await expectRefusal(read({ urgentAlarmTopicARN: TOPIC }), "urgentAlarmTopicARN", [
      "pulumi config rm urgentAlarmTopicARN --stack test",
    ]);
  });

  test("is refused if the addresses are not a list", async () => {
    await expectRefusal(read({ alarmEmails: "a@b.no,c@d.no" }), "alarmEmails[0]: a@b.no,c@d.no", [
      "pulumi config set --path 'alarmEmails[0]' on-call@example.com --stack test",
    ]);
  });

  test("is refused if the topic is in another Region than the provider's", async () => {
    const config = { "aws:region": "eu-west-1", alarmTopicArn: TOPIC };
    await expectRefusal(read(config), "alarmTopicArn", [
      "pulumi config set alarmTopicArn arn:aws:sns:eu-west-1:ACCOUNT:TOPIC --stack test",
    ]);
  });
});

/** The configuration is refused, for what is named, and with these commands and no others. */
async function expectRefusal(
  reading: Promise<unknown>,
  named: string,
  commands: readonly string[],
): Promise<void> {
  const error = await reading.catch((thrown: unknown) => thrown);
  if (!pulumi.RunError.isInstance(error)) throw new Error("It was accepted.");
  expect(error.message).toContain(`- ${named}`);
  expect(error.message.match(/pulumi .*/g)).toEqual(commands);
}
