import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { readJsonObject } from "../../lambda/json-object.ts";
import { expectPart, expectWordsPerCause } from "../support/expect-message.ts";

const FIELDS = {
  name: v.pipe(
    v.string("name is not a string"),
    v.nonEmpty("name is empty"),
    v.regex(/^[a-z]+$/, "name has characters other than a to z"),
  ),
  count: v.number("count is not a number"),
};

describe("A JSON object with the fields", () => {
  test("is read.", () => {
    expect(readJsonObject('{"name":"a","count":0}', FIELDS)).toEqual({
      ok: true,
      value: { name: "a", count: 0 },
    });
  });

  test("is read without other fields.", () => {
    const text = ' {"name":"a","count":1,"more":"x","__proto__":{"more":1}}\n';
    expect(readJsonObject(text, FIELDS)).toEqual({ ok: true, value: { name: "a", count: 1 } });
  });

  test("is read as empty if no field is requested.", () => {
    expect(readJsonObject('{"a":1}', {})).toEqual({ ok: true, value: {} });
  });
});

describe("A fault is reported without a value", () => {
  /** Each text with its kind of fault. */
  const WRONG: [text: string, kind: string][] = [
    ["", "no JSON"],
    [" ", "no JSON"],
    ["hunter2hunter2", "no JSON"],
    ['{"name":"a","count":1', "no JSON"],
    ['{"name":"a","count":1}}', "no JSON"],
    ["\uFEFF{}", "no JSON"],
    ["[]", "array"],
    ['[{"name":"a","count":1}]', "array"],
    ['"hunter2hunter2"', "no object"],
    ["null", "no object"],
    ["7", "no object"],
    ["true", "no object"],
  ];

  test.each(WRONG)("of %j, which is %s.", (text) => {
    expectPart(faultsOf(text), { names: ["JSON"], without: ["hunter2", "name", "count"] });
  });

  test("with the same words for the same kind of fault, and other words for another kind.", () => {
    expectWordsPerCause(WRONG.map(([text, kind]) => [kind, faultsOf(text)]));
  });

  // The words of these are the schema's, but for those of a field that is missing.
  test.each([
    ["{}", ["name", "count"], []],
    ['{"name":"a"}', ["count"], ["name"]],
    ['{"count":1}', ["name"], ["count"]],
    ['{"name":null,"count":1}', ["name is not a string"], ["count"]],
    [
      '{"name":"hunter2","count":"hunter2"}',
      ["name has characters other than a to z", "count is not a number"],
      ["hunter2"],
    ],
    // A field's first fault alone.
    ['{"name":"","count":1}', ["name is empty"], ["characters"]],
  ])("of %j, whose fields are wrong.", (text, names, without) => {
    expectPart(faultsOf(text), { names, without });
  });
});

test("An array is not an object, even if no field is requested.", () => {
  expect(readJsonObject("[]", {})).toEqual({ ok: false, faults: faultsOf("[]") });
});

function faultsOf(text: string): string {
  const result = readJsonObject(text, FIELDS);
  if (result.ok) throw new Error("It was accepted.");
  return result.faults;
}
