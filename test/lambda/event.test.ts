import { describe, expect, test } from "@jest/globals";
import { RotationError } from "../../lambda/errors.ts";
import { readEvent } from "../../lambda/event.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";

const ACCOUNT_IDS = ["T12345678", "T23456789", "T123"];
const ALL = { accountIds: ACCOUNT_IDS, force: false, isFull: true };

/** As EventBridge sends it. Source: Secrets Manager user guide, "Secret Label Updated event". */
function secretEvent(detail: Record<string, unknown>) {
  return {
    version: "0",
    id: "bf1bf8c5-0d2f-4d5e-9f35-1f5b5cbbd3d2",
    "detail-type": "Secret Label Updated",
    source: "aws.secretsmanager",
    account: "123456789012",
    time: "2026-01-02T03:04:05Z",
    region: "eu-north-1",
    resources: [
      "arn:aws:secretsmanager:eu-north-1:123456789012:secret:dintero/T23456789/api-client-AbCdEf",
    ],
    detail,
  };
}

/** The fault that the event is refused for. */
function faultOf(event: unknown): string {
  const [prefix, suffix] = [
    "The event cannot be used: ",
    '. Send {} to check all accounts, or {"accounts": ["T12345678"], "force": true} to renew some now.',
  ];
  try {
    readEvent(event, ACCOUNT_IDS);
  } catch (error) {
    if (!(error instanceof RotationError)) throw error;
    expect(error.code).toBe("event-invalid");
    expect(error.message.startsWith(prefix)).toBe(true);
    expect(error.message.endsWith(suffix)).toBe(true);
    return error.message.slice(prefix.length, -suffix.length);
  }
  throw new Error("The event was accepted.");
}

describe("All accounts are checked", () => {
  test.each([
    ["an empty object", {}],
    [
      "an event of EventBridge Scheduler",
      {
        version: "0",
        id: "27c7f0b5-3d0e-4a7b-8a07-5a5cf1e1f0ce",
        "detail-type": "Scheduled Event",
        source: "aws.scheduler",
        account: "123456789012",
        time: "2026-01-02T03:04:05Z",
        region: "eu-north-1",
        resources: ["arn:aws:scheduler:eu-north-1:123456789012:schedule/test/check"],
        detail: "{}",
      },
    ],
    [
      "an event of an EventBridge rule with a schedule",
      {
        version: "0",
        id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        source: "aws.events",
        account: "123456789012",
        time: "2026-01-02T03:04:05Z",
        region: "eu-north-1",
        resources: ["arn:aws:events:eu-north-1:123456789012:rule/check"],
        detail: {},
      },
    ],
    ["an object of no known form", { hello: { world: [1] } }],
    [
      "another event of Secrets Manager",
      { ...secretEvent({ name: "dintero/T23456789/api-client" }), "detail-type": "Secret Deleted" },
    ],
    [
      "an event of that name from another source",
      { ...secretEvent({ name: "dintero/T23456789/api-client" }), source: "custom" },
    ],
    ["a label event that names no secret", secretEvent({})],
    ["a label event without detail", { ...secretEvent({}), detail: undefined }],
  ])("for %s", (_, event) => {
    expect(readEvent(event, ACCOUNT_IDS)).toStrictEqual(ALL);
  });
});

describe("Some accounts are checked", () => {
  test.each([
    ["one", { accounts: ["T23456789"] }, ["T23456789"], false],
    [
      "several, in the order given",
      { accounts: ["T123", "T12345678"] },
      ["T123", "T12345678"],
      false,
    ],
    [
      "doubled ones once",
      { accounts: ["T123", "T12345678", "T123"] },
      ["T123", "T12345678"],
      false,
    ],
    ["also when not due", { accounts: ["T123"], force: true }, ["T123"], true],
    ["only when due", { accounts: ["T123"], force: false }, ["T123"], false],
    ["whatever else is asked", { accounts: ["T123"], comment: 1 }, ["T123"], false],
    ["all of them by name", { accounts: ACCOUNT_IDS }, ACCOUNT_IDS, false],
  ])("by name: %s", (_, event, accountIds, force) => {
    expect(readEvent(event, ACCOUNT_IDS)).toStrictEqual({ accountIds, force, isFull: false });
  });

  test("for a label event of their secret", () => {
    const event = secretEvent({ name: "dintero/T23456789/api-client" });
    expect(readEvent(event, ACCOUNT_IDS)).toStrictEqual({
      accountIds: ["T23456789"],
      force: false,
      isFull: false,
    });
  });
});

describe("An event is refused", () => {
  const stranger = "it is about a secret of another stack: check the event rule's pattern";
  const unknown = (index: number) =>
    `accounts[${index}] is not an account of this stack, which has T12345678, T23456789, T123`;
  test.each<[string, unknown, string]>([
    ["undefined", undefined, "it is not a JSON object"],
    ["null", null, "it is not a JSON object"],
    ["a string", "{}", "it is not a JSON object"],
    ["a number", 7, "it is not a JSON object"],
    ["true", true, "it is not a JSON object"],
    ["an array", [], "it is not a JSON object"],
    ["an array of accounts", ["T12345678"], "it is not a JSON object"],
    ["an unknown account", { accounts: ["T99999999"] }, unknown(0)],
    ["an unknown account among known ones", { accounts: ["T123", "T9", "T8"] }, unknown(1)],
    ["an account in lower case", { accounts: ["t123"] }, unknown(0)],
    ["no accounts in the list", { accounts: [] }, "accounts is empty: leave it out to check all"],
    ["an account and no list", { accounts: "T123" }, "accounts is not a list"],
    ["an object as accounts", { accounts: { 0: "T123" } }, "accounts is not a list"],
    ["null as accounts", { accounts: null }, "accounts is not a list"],
    ["a number in the list", { accounts: [123] }, "accounts has an entry that is no string"],
    ["many in the list", { accounts: [1, 2] }, "accounts has an entry that is no string"],
    ["null in the list", { accounts: ["T123", null] }, "accounts has an entry that is no string"],
    ["text as force", { accounts: ["T123"], force: "true" }, "force is not true or false"],
    ["1 as force", { accounts: ["T123"], force: 1 }, "force is not true or false"],
    ["null as force", { accounts: ["T123"], force: null }, "force is not true or false"],
    ["force alone", { force: true }, "force needs accounts: name those to renew"],
    ["no force, alone", { force: false }, "force needs accounts: name those to renew"],
    [
      "wrong accounts and wrong force",
      { accounts: "T123", force: "true" },
      "accounts is not a list; force is not true or false",
    ],
    [
      "the secret of another stack",
      secretEvent({ name: "dintero/T99999999/api-client" }),
      stranger,
    ],
    ["a secret of another kind", secretEvent({ name: "database/password" }), stranger],
    ["a secret that begins like ours", secretEvent({ name: "dintero/T123/api-client2" }), stranger],
  ])("with %s", (_, event, fault) => {
    expect(faultOf(event)).toBe(fault);
  });

  test.each<[string, unknown]>([
    ["as the event", SECRET_CANARY],
    ["as an account", { accounts: [SECRET_CANARY] }],
    ["as the accounts", { accounts: SECRET_CANARY }],
    ["as force", { accounts: ["T123"], force: SECRET_CANARY }],
    ["as a secret's name", secretEvent({ name: SECRET_CANARY })],
  ])("without the value of what is wrong: a secret %s", (_, event) => {
    expect(leaksIn(faultOf(event), [SECRET_CANARY])).toEqual([]);
  });
});
