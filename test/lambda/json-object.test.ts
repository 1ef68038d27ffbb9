import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { readJsonObject } from "../../lambda/json-object.ts";

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

  test("is read without the fields that nobody asked for.", () => {
    const text = ' {"name":"a","count":1,"more":"x","__proto__":{"more":1}}\n';
    expect(readJsonObject(text, FIELDS)).toEqual({ ok: true, value: { name: "a", count: 1 } });
  });

  test("is read as empty where no field is asked for.", () => {
    expect(readJsonObject('{"a":1}', {})).toEqual({ ok: true, value: {} });
  });
});

describe("What is wrong is told without a value", () => {
  test.each([
    ["", "it is not JSON"],
    [" ", "it is not JSON"],
    ["hunter2hunter2", "it is not JSON"],
    ['{"name":"a","count":1', "it is not JSON"],
    ['{"name":"a","count":1}}', "it is not JSON"],
    ["\uFEFF{}", "it is not JSON"],
    ["[]", "it is a JSON array instead of an object"],
    ['[{"name":"a","count":1}]', "it is a JSON array instead of an object"],
    ['"hunter2hunter2"', "it is not a JSON object"],
    ["null", "it is not a JSON object"],
    ["7", "it is not a JSON object"],
    ["true", "it is not a JSON object"],
    ["{}", "name is missing; count is missing"],
    ['{"name":"a"}', "count is missing"],
    ['{"count":1}', "name is missing"],
    ['{"name":null,"count":1}', "name is not a string"],
    [
      '{"name":"hunter2","count":"hunter2"}',
      "name has characters other than a to z; count is not a number",
    ],
  ])("of %j: %s.", (text, faults) => {
    expect(readJsonObject(text, FIELDS)).toEqual({ ok: false, faults });
  });

  test("and a field's first fault alone.", () => {
    expect(readJsonObject('{"name":"","count":1}', FIELDS)).toEqual({
      ok: false,
      faults: "name is empty",
    });
  });
});

test("An array is no object even where no field is asked for.", () => {
  expect(readJsonObject("[]", {})).toEqual({
    ok: false,
    faults: "it is a JSON array instead of an object",
  });
});
