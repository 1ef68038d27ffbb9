/** The component in somebody's own program: what its arguments may be, and what is said of those that are wrong. */
import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { TokenRotation } from "../../infra/token-rotation.ts";
import type { TokenRotationArgs } from "../../infra/token-rotation-args.ts";
import { expectPart } from "../support/expect-message.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const TOPIC = "arn:aws:sns:eu-north-1:123456789012:on-call";
const PAGER = "arn:aws:sns:eu-north-1:123456789012:pager";
const BOUNDARY = "arn:aws:iam::123456789012:policy/company";
const GOOD: TokenRotationArgs = {
  environment: "test",
  accounts: ["T12345678"],
  alarmTopicArn: TOPIC,
};

async function create(args: TokenRotationArgs, name = "tokens") {
  const engine = await FakeEngine.start();
  new TokenRotation(name, args);
  return engine;
}

test("An environment, accounts and a topic are enough", async () => {
  const engine = await create(GOOD);
  await engine.settle();
  expect(engine.only("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"]).toBe(90);
  expect(engine.of("aws:sns/topicSubscription:TopicSubscription")).toEqual([]);
});

test("An optional argument that is null counts as left out", async () => {
  // As JavaScript lets it through.
  const engine = await create({
    ...GOOD,
    alarmEmails: null,
    tags: null,
  } as unknown as TokenRotationArgs);
  await engine.settle();
  expect(engine.of("aws:sns/topicSubscription:TopicSubscription")).toEqual([]);
});

test("Values from another resource reach alarms and roles", async () => {
  const engine = await create({
    ...GOOD,
    alarmTopicArn: pulumi.output(TOPIC),
    urgentAlarmTopicArn: Promise.resolve(PAGER),
    permissionsBoundaryArn: pulumi.output(BOUNDARY),
  });
  await engine.settle();
  const actions = engine
    .of("aws:cloudwatch/metricAlarm:MetricAlarm")
    .map(({ inputs }) => inputs["alarmActions"]);
  expect(actions).toContainEqual([TOPIC, PAGER]);
  expect(actions).toContainEqual([TOPIC]);
  for (const { inputs } of engine.of("aws:iam/role:Role")) {
    expect(inputs["permissionsBoundary"]).toBe(BOUNDARY);
  }
});

describe("Arguments are refused before anything is created", () => {
  test.each<[what: string, args: object, names: readonly string[]]>([
    ["an account of the other environment", { accounts: ["P12345678"] }, ["P12345678"]],
    ["no accounts", { accounts: [] }, ["accounts"]],
    ["accounts that are no list", { accounts: "T12345678" }, ["accounts"]],
    ["accounts that another resource gives", { accounts: pulumi.output(["T123"]) }, ["accounts"]],
    ["numbers as accounts", { accounts: [12345678] }, ["accounts"]],
    ["tags that are no object", { tags: ["a"] }, ["tags"]],
    ["tags of which JavaScript lists no entries", { tags: new Map([["Team", "a"]]) }, ["tags"]],
    [
      "a tag that another resource gives",
      { tags: { Team: pulumi.output("a") } },
      ['tags["Team"]', "output"],
    ],
    ["a number as tag", { tags: { Cost: 1 } }, ['tags["Cost"]']],
    ["one account of another form", { accounts: ["T12345678", null] }, ["accounts[1]"]],
    ["a number as text", { logRetentionDays: "90" }, ["logRetentionDays", "number"]],
    [
      "an environment that another resource gives",
      { environment: pulumi.output("test") },
      ["environment", "output"],
    ],
    ["an address that is no string", { runbookUrl: new URL("https://a.example") }, ["runbookUrl"]],
    ["a topic that is no string", { alarmTopicArn: { arn: TOPIC } }, ["alarmTopicArn"]],
    ["nobody to notify", { alarmTopicArn: undefined }, ["alarmTopicArn"]],
    ["a topic that is none", { alarmTopicArn: "on-call" }, ["alarmTopicArn"]],
    ["a retention that CloudWatch does not have", { logRetentionDays: 31 }, ["logRetentionDays"]],
    ["a tag of this program's", { tags: { ManagedBy: "me" } }, ["tags"]],
    ["a boundary that is none", { permissionsBoundaryArn: "company" }, ["permissionsBoundaryArn"]],
    ["an argument that is mistyped", { runbookURL: "https://a.example" }, ["runbookURL"]],
    ["an output in a text", { runbookUrl: `${pulumi.output("a")}` }, ["runbookUrl", "output"]],
    ["an output in an ARN", { alarmTopicArn: `${pulumi.output("a")}` }, ["interpolate"]],
    ["an environment that there is not", { environment: "prod" }, ["environment", "production"]],
  ])("with %s", async (_, differences, names) => {
    const engine = await FakeEngine.start();
    // As JavaScript lets it through.
    const args = { ...GOOD, ...differences } as TokenRotationArgs;
    expect(() => new TokenRotation("payments", args)).toThrow(pulumi.RunError);
    const message = messageOf(() => new TokenRotation("payments", args));
    expectPart(message, { names: ["payments", ...names], without: ["pulumi config"] });
    await engine.settle();
    expect(engine.registered.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
  });

  test.each<[what: string, args: object | undefined, names: readonly string[]]>([
    [
      "values",
      { ...GOOD, accounts: ["T1", "P123"], logRetentionDays: 2 },
      ["T1", "P123", "logRetentionDays"],
    ],
    [
      "forms and values",
      {
        accounts: "T12345678",
        environment: "prod",
        alarmEmails: [1],
        logRetentionDays: "30",
        tags: 1,
      },
      ["accounts", "environment", "alarmEmails", "logRetentionDays", "tags"],
    ],
    ["an empty object", {}, ["environment", "accounts", "alarmEmails"]],
    ["no object", undefined, ["environment", "accounts", "alarmEmails"]],
  ])("with all faults in one message: %s", (_, args, names) => {
    // As JavaScript lets it through.
    const create = () => new TokenRotation("tokens", args as TokenRotationArgs);
    expectPart(messageOf(create), { names });
  });

  test("with one line for each entry of another form, and for each that is wrong beside it", () => {
    const accounts = ["X123", 5, "P12345678", "T12345678", "T12345678", null];
    const tags = { "aws:x": "a", Cost: 1 };
    // As JavaScript lets it through.
    const args = { ...GOOD, accounts, tags } as unknown as TokenRotationArgs;
    const [, ...lines] = messageOf(() => new TokenRotation("tokens", args)).split("\n");
    const subjects = lines.map((line) => /^ {2}- (\w+\[[^\]]*\])/.exec(line)?.[1]).toSorted();
    expect(subjects).toEqual([
      ...[0, 1, 2, 4, 5].map((index) => `accounts[${index}]`),
      ...['tags["Cost"]', 'tags["aws:x"]'],
    ]);
  });

  test("with one line if they are no object", () => {
    // As JavaScript lets it through.
    const create = () => new TokenRotation("tokens", "T12345678" as unknown as TokenRotationArgs);
    expect(messageOf(create).split("\n")).toHaveLength(2);
    expectPart(messageOf(create), { names: ["object", "string"] });
  });

  test("with nothing asked of AWS", async () => {
    const engine = await FakeEngine.start();
    const args = { ...GOOD, accounts: ["X123"] };
    expect(() => new TokenRotation("tokens", args)).toThrow(pulumi.RunError);
    await engine.settle();
    expect(engine.invoked).toEqual([]);
  });

  test.each(["my tokens", "shop.tokens", "a".repeat(35)])("with the name %j", (name) => {
    expectPart(
      messageOf(() => new TokenRotation(name, GOOD)),
      { names: [name, "34"] },
    );
  });

  test("with one message about a topic of another form", () => {
    // As JavaScript lets it through.
    const args = { ...GOOD, alarmTopicArn: 5 } as unknown as TokenRotationArgs;
    expect(messageOf(() => new TokenRotation("tokens", args)).split("\n")).toHaveLength(2);
  });

  test("with one message about a list of another form", () => {
    // As JavaScript lets it through.
    const args = {
      ...GOOD,
      environment: "production",
      accounts: "P123",
    } as unknown as TokenRotationArgs;
    expect(messageOf(() => new TokenRotation("tokens", args)).split("\n")).toHaveLength(2);
  });
});

test("With the longest name, those of the resources fit into 64 characters, with Pulumi's suffix", async () => {
  const engine = await create(GOOD, "a".repeat(34));
  await engine.settle();
  const LIMITED = /:(Role|Function|EventRule|EventTarget|Schedule|ScheduleGroup)$/;
  const limited = engine.registered.filter(({ type }) => LIMITED.test(type));
  expect(limited.length).toBeGreaterThan(5);
  for (const { name } of limited) expect(name.length + 8).toBeLessThanOrEqual(64);
});

test("Two components in one program share no name", async () => {
  const engine = await create(GOOD, "tokens");
  new TokenRotation("partners", { ...GOOD, accounts: ["T123"] });
  await engine.settle();
  const names = engine.registered.map(({ type, name }) => `${type} ${name}`);
  expect(new Set(names).size).toBe(names.length);
  const fixed = engine.registered.flatMap(
    ({ inputs }) => inputs["name"] ?? inputs["dashboardName"] ?? [],
  );
  expect(fixed).toHaveLength(4);
  expect(new Set(fixed).size).toBe(4);
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("nothing was refused");
}
