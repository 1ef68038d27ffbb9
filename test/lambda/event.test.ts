import { describe, expect, test } from "@jest/globals";
import { RotationError } from "../../lambda/errors.ts";
import { readEvent } from "../../lambda/event.ts";
import { leaksIn, SECRET_CANARY } from "../support/canaries.ts";
import { expectMessage, expectPart, expectWordsPerCause } from "../support/expect-message.ts";

const ACCOUNT_IDS = ["T12345678", "T23456789", "T123"];
/** Of each kind one, to copy in place of a wrong one. */
const EVENTS = ["{}", '{"accounts": ["T12345678"], "force": true}'];
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

/** The message that the event is refused with, which holds events to send instead. */
function refusal(event: unknown): string {
  try {
    readEvent(event, ACCOUNT_IDS);
  } catch (error) {
    if (!(error instanceof RotationError)) throw error;
    expect(error.code).toBe("event-invalid");
    expectMessage(error.message, { commands: EVENTS });
    return error.message;
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
  /** What is wrong, and what the message names for it. */
  const NAMES = {
    "no object": ["JSON object"],
    "unknown account": ["accounts[0]", ...ACCOUNT_IDS],
    "unknown second account": ["accounts[1]", ...ACCOUNT_IDS],
    "empty list": ["accounts"],
    "no list": ["accounts"],
    "no strings": ["accounts"],
    "no boolean": ["force"],
    "force alone": ["force", "accounts"],
    "no list, no boolean": ["accounts", "force"],
    "another secret": ["secret"],
  };
  const EVENTS_REFUSED: [string, unknown, keyof typeof NAMES][] = [
    ["undefined", undefined, "no object"],
    ["null", null, "no object"],
    ["a string", "{}", "no object"],
    ["a number", 7, "no object"],
    ["true", true, "no object"],
    ["an array", [], "no object"],
    ["an array of accounts", ["T12345678"], "no object"],
    ["an unknown account", { accounts: ["T99999999"] }, "unknown account"],
    [
      "an unknown account among known ones",
      { accounts: ["T123", "T9", "T8"] },
      "unknown second account",
    ],
    ["an account in lower case", { accounts: ["t123"] }, "unknown account"],
    ["no accounts in the list", { accounts: [] }, "empty list"],
    ["an account and no list", { accounts: "T123" }, "no list"],
    ["an object as accounts", { accounts: { 0: "T123" } }, "no list"],
    ["null as accounts", { accounts: null }, "no list"],
    ["a number in the list", { accounts: [123] }, "no strings"],
    ["many in the list", { accounts: [1, 2] }, "no strings"],
    ["null in the list", { accounts: ["T123", null] }, "no strings"],
    ["text as force", { accounts: ["T123"], force: "true" }, "no boolean"],
    ["1 as force", { accounts: ["T123"], force: 1 }, "no boolean"],
    ["null as force", { accounts: ["T123"], force: null }, "no boolean"],
    ["force alone", { force: true }, "force alone"],
    ["no force, alone", { force: false }, "force alone"],
    ["wrong accounts and wrong force", { accounts: "T123", force: "true" }, "no list, no boolean"],
    [
      "the secret of another stack",
      secretEvent({ name: "dintero/T99999999/api-client" }),
      "another secret",
    ],
    ["a secret of another kind", secretEvent({ name: "database/password" }), "another secret"],
    [
      "a secret that begins like ours",
      secretEvent({ name: "dintero/T123/api-client2" }),
      "another secret",
    ],
  ];

  test.each(EVENTS_REFUSED)("with %s", (_, event, cause) => {
    // Before what is to be sent instead, which names accounts too.
    const [fault = ""] = refusal(event).split(" {}");
    expectPart(fault, { names: NAMES[cause] });
  });

  test("with the same words for the same fault, and other words for another fault", () => {
    expectWordsPerCause(EVENTS_REFUSED.map(([, event, cause]) => [cause, refusal(event)]));
  });

  test.each<[string, unknown]>([
    ["as the event", SECRET_CANARY],
    ["as an account", { accounts: [SECRET_CANARY] }],
    ["as the accounts", { accounts: SECRET_CANARY }],
    ["as force", { accounts: ["T123"], force: SECRET_CANARY }],
    ["as a secret's name", secretEvent({ name: SECRET_CANARY })],
  ])("without the value of what is wrong: a secret %s", (_, event) => {
    expect(leaksIn(refusal(event), [SECRET_CANARY])).toEqual([]);
  });
});
