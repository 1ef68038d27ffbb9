import { describe, expect, test } from "@jest/globals";
import { type AccessRequest, isAllowed } from "../../../../proof/local/iam/policy-evaluator.ts";
import { ACCOUNT, ALLOW_READ, DENY_READ, KEY, PARAMETER, policy, READ } from "./policy-fixtures.ts";

/** Whether an identity policy of this one statement allows to read the parameter. */
function readAllowedBy(differences: object, request: Partial<AccessRequest> = {}): boolean {
  return isAllowed(
    { ...READ, ...request },
    { identity: [policy({ ...ALLOW_READ, ...differences })] },
  );
}

describe("patterns", () => {
  test.each([
    ["ssm:GetParameter", true],
    ["SSM:getparameter", true],
    ["ssm:Get*", true],
    ["ssm:Get?arameter", true],
    ["ssm:*", true],
    ["*", true],
    ["ssm:Get", false],
    ["ssm:GetParameter?", false],
    ["ssm:GetParameters", false],
    ["secretsmanager:*", false],
  ])("action %s: %s", (Action, allowed) => {
    expect(readAllowedBy({ Action })).toBe(allowed);
    expect(readAllowedBy({ Action: ["ssm:PutParameter", Action] })).toBe(allowed);
  });

  const place = `arn:aws:ssm:eu-north-1:${ACCOUNT}`;
  test.each([
    ["*", true],
    [PARAMETER, true],
    [`${place}:parameter/a/*`, true],
    [`${place}:parameter/*/token`, true],
    [`${place}:parameter/?/token`, true],
    [`${place}:*`, true],
    [`arn:aws:ssm:*:${ACCOUNT}:parameter/a/token`, true],
    ["arn:*:ssm:*:*:*", true],
    ["arn:aws:ssm:eu*h-1:*:parameter/a/token", true],
    ["arn:aws:ssm:e*2:*:parameter/a/token", false],
    [`${place}:parameter/a`, false],
    [`${place}:parameter/A/token`, false],
    [`${place}:parameter/a/token?`, false],
    [`${place}:parameter//a/token`, false],
    [`arn:aws:ssm:eu-north-2:${ACCOUNT}:parameter/a/token`, false],
    ["arn:aws:ssm:eu-north-1:123456789013:parameter/a/token", false],
    [`${place}:parameter.a.token`, false],
  ])("resource %s: %s", (Resource, allowed) => {
    expect(readAllowedBy({ Resource })).toBe(allowed);
    expect(readAllowedBy({ Resource: [KEY, Resource] })).toBe(allowed);
  });

  test("a star inside a segment does not reach into the next one", () => {
    const resource = `arn:aws:logs:eu-north-1:${ACCOUNT}:log-group:a:log-stream:b`;
    const request = { action: "logs:PutLogEvents", resource };
    const Action = "logs:PutLogEvents";
    const group = `arn:aws:logs:eu-north-1:${ACCOUNT}:log-group`;
    expect(readAllowedBy({ Action, Resource: `${group}:a:*` }, request)).toBe(true);
    expect(readAllowedBy({ Action, Resource: `${group}:*:b` }, request)).toBe(true);
    expect(readAllowedBy({ Action, Resource: `${group}:*stream:b` }, request)).toBe(false);
  });
});

describe("conditions", () => {
  const SOURCE = `arn:aws:scheduler:eu-north-1:${ACCOUNT}:schedule-group/mine`;

  test.each<[string, object, Record<string, string | string[]>, boolean]>([
    ["StringEquals same", { StringEquals: { "a:k": "v" } }, { "a:k": "v" }, true],
    ["StringEquals other case", { StringEquals: { "a:k": "v" } }, { "a:k": "V" }, false],
    ["StringEquals absent", { StringEquals: { "a:k": "v" } }, {}, false],
    ["StringEquals has no patterns", { StringEquals: { "a:k": "*" } }, { "a:k": "v" }, false],
    ["any of several values", { StringEquals: { "a:k": ["u", "v"] } }, { "a:k": "v" }, true],
    ["none of several values", { StringEquals: { "a:k": ["u", "w"] } }, { "a:k": "v" }, false],
    ["keys in any case", { StringEquals: { "A:Key": "v" } }, { "a:kEY": "v" }, true],
    [
      "all of several keys",
      { StringEquals: { "a:k": "v", "a:l": "w" } },
      { "a:k": "v", "a:l": "w" },
      true,
    ],
    [
      "one of several keys",
      { StringEquals: { "a:k": "v", "a:l": "w" } },
      { "a:k": "v", "a:l": "x" },
      false,
    ],
    [
      "all of several operators",
      { StringEquals: { "a:k": "v" }, StringLike: { "a:l": "w*" } },
      { "a:k": "v", "a:l": "w2" },
      true,
    ],
    [
      "one of several operators",
      { StringEquals: { "a:k": "v" }, StringLike: { "a:l": "w*" } },
      { "a:k": "x", "a:l": "w2" },
      false,
    ],
    ["StringLike", { StringLike: { "a:k": "a*c?e" } }, { "a:k": "a:b/c.e" }, true],
    ["StringLike other case", { StringLike: { "a:k": "A*" } }, { "a:k": "abc" }, false],
    ["StringLike absent", { StringLike: { "a:k": "*" } }, {}, false],
    [
      "ArnEquals same",
      { ArnEquals: { "aws:SourceArn": SOURCE } },
      { "aws:SourceArn": SOURCE },
      true,
    ],
    [
      "ArnEquals other",
      { ArnEquals: { "aws:SourceArn": SOURCE } },
      { "aws:SourceArn": `${SOURCE}2` },
      false,
    ],
    ["ArnEquals absent", { ArnEquals: { "aws:SourceArn": SOURCE } }, {}, false],
    [
      "ArnEquals takes patterns as ArnLike does",
      { ArnEquals: { "aws:SourceArn": `arn:aws:scheduler:*:${ACCOUNT}:*/min?` } },
      { "aws:SourceArn": SOURCE },
      true,
    ],
    [
      "ArnLike",
      { ArnLike: { "aws:SourceArn": `arn:*:scheduler:*:*:schedule-group/*` } },
      { "aws:SourceArn": SOURCE },
      true,
    ],
    [
      "ArnLike keeps to each part",
      { ArnLike: { "aws:SourceArn": "arn:aws:scheduler:*::mine" } },
      { "aws:SourceArn": SOURCE },
      false,
    ],
    ["Bool same", { Bool: { "a:k": "true" } }, { "a:k": "true" }, true],
    ["Bool other", { Bool: { "a:k": "true" } }, { "a:k": "false" }, false],
    ["Bool absent", { Bool: { "a:k": "false" } }, {}, false],
    ["Null true, absent", { Null: { "a:k": "true" } }, {}, true],
    ["Null true, present", { Null: { "a:k": "true" } }, { "a:k": "v" }, false],
    ["Null false, absent", { Null: { "a:k": "false" } }, {}, false],
    ["Null false, present", { Null: { "a:k": "false" } }, { "a:k": ["v"] }, true],
    ...set("ForAllValues", ["v"], true),
    ...set("ForAllValues", ["v", "w"], true),
    ...set("ForAllValues", ["v", "x"], false),
    ...set("ForAllValues", undefined, true),
    ...set("ForAnyValue", ["v", "x"], true),
    ...set("ForAnyValue", ["x"], false),
    ...set("ForAnyValue", [], false),
    ...set("ForAnyValue", undefined, false),
  ])("%s", (_name, Condition, context, allowed) => {
    expect(readAllowedBy({ Condition }, { context })).toBe(allowed);
  });

  function set(
    operator: string,
    requested: string[] | undefined,
    allowed: boolean,
  ): [string, object, Record<string, string[]>, boolean][] {
    const name = `${operator}:StringEquals v or w of ${requested?.join() ?? "no key"}`;
    const condition = { [`${operator}:StringEquals`]: { "a:k": ["v", "w"] } };
    return [[name, condition, requested ? { "a:k": requested } : {}, allowed]];
  }

  test("a Deny on a condition that fails denies nothing", () => {
    const Condition = { StringEquals: { "a:k": "v" } };
    const policies = { identity: [policy(ALLOW_READ, { ...DENY_READ, Condition })] };
    expect(isAllowed({ ...READ, context: { "a:k": "w" } }, policies)).toBe(true);
    expect(isAllowed({ ...READ, context: { "a:k": "v" } }, policies)).toBe(false);
  });
});
