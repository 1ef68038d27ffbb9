import { describe, expect, test } from "@jest/globals";
import { INCIDENT_KINDS } from "../../../proof/simulation/incidents.ts";
import { readScenario } from "../../../proof/simulation/scenario-file.ts";
import { START_MS } from "../../../proof/simulation/world.ts";

const HOUR_MS = 3_600_000;

/** What is wrong with a scenario, line by line. */
function faultsOf(text: string, daysGiven?: number): string[] {
  try {
    readScenario(text, "file.json", daysGiven);
  } catch (error) {
    return error instanceof Error ? error.message.split("\n") : [];
  }
  return [];
}

/** A file whose third line is this incident. */
function withIncident(incident: string): string {
  return `{\n  "incidents": [\n    ${incident}\n  ]\n}`;
}

describe("A scenario file", () => {
  test("says what goes wrong, from the start of the run on", () => {
    const text = `{
      "lifetime": "4h", "days": 2, "accounts": 3,
      "incidents": [
        { "kind": "dintero-down", "from": "90m", "for": "20h" },
        { "kind": "schedule-disabled", "from": "1d" },
        { "kind": "token-deleted", "from": "0h" }
      ]
    }`;
    const fromMs = START_MS + 1.5 * HOUR_MS;
    expect(readScenario(text, "file.json")).toEqual({
      lifetime: 4,
      days: 2,
      accounts: 3,
      incidents: [
        { kind: "dintero-down", fromMs, toMs: fromMs + 20 * HOUR_MS },
        { kind: "schedule-disabled", fromMs: START_MS + 24 * HOUR_MS },
        { kind: "token-deleted", fromMs: START_MS },
      ],
    });
  });

  test("may leave open all but the incidents", () => {
    expect(readScenario('{\n\t"incidents": []\n}', "file.json")).toEqual({ incidents: [] });
  });

  test.each(Object.keys(INCIDENT_KINDS))("may tell of %s", (kind) => {
    expect(faultsOf(withIncident(`{ "kind": "${kind}", "from": "1h" }`))).toEqual([]);
  });
});

describe("What the models do not know is told with its line and name", () => {
  test.each([
    [
      '{ "kind": "dintero-asleep", "from": "1h" }',
      /^file.json:3: incidents\[0\].kind \("dintero-asleep"\) is nothing that the models know; allowed are dintero-down, .*key-replaced$/,
    ],
    ['{ "kind": "dintero-down" }', /^file.json:3: incidents\[0\].from is missing$/],
    ['{ "from": "1h" }', /^file.json:3: incidents\[0\].kind is missing$/],
    [
      '{ "kind": "dintero-down", "from": "soon" }',
      /^file.json:3: incidents\[0\].from \("soon"\) has to be whole minutes, hours or days/,
    ],
    ['{ "kind": "dintero-down", "from": 2 }', /incidents\[0\].from \(2\) has to be whole minutes/],
    ['{ "kind": "dintero-down", "from": "1.5h" }', /has to be whole minutes/],
    ['{ "kind": "dintero-down", "from": "-1h" }', /has to be whole minutes/],
    [
      '{ "kind": "dintero-down", "from": "1h", "until": "2h" }',
      /^file.json:3: incidents\[0\].until is not known; allowed are kind, from, for$/,
    ],
    [
      '{ "kind": "token-edited", "from": "1h", "for": "2h" }',
      /^file.json:3: incidents\[0\].for has no place here: this happens at one moment$/,
    ],
    ['"dintero-down"', /^file.json:3: incidents\[0\] \("dintero-down"\) has to be an object/],
    [
      '{ "kind": "dintero-down", "from": "3d" }',
      /^file.json:3: incidents\[0\].from is after the end of the run, which is 3d long$/,
    ],
  ])("%s", (incident, expected) => {
    expect(faultsOf(withIncident(incident))).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    ['{\n"lifetime": "2h", "incidents": []}', /^file.json:2: lifetime \("2h"\) .* 3h to 168h/],
    ['{\n"lifetime": "169h", "incidents": []}', /^file.json:2: lifetime/],
    ['{\n"days": 0, "incidents": []}', /^file.json:2: days \(0\) .* from 1 to 3650$/],
    ['{\n"days": 3651, "incidents": []}', /^file.json:2: days/],
    ['{\n"accounts": 21, "incidents": []}', /^file.json:2: accounts \(21\) .* from 1 to 20$/],
    ['{\n"accounts": 1.5, "incidents": []}', /^file.json:2: accounts/],
    ['{\n"acounts": 1, "incidents": []}', /^file.json:2: acounts is not known; allowed are lifet/],
    ['{ "days": 1 }', /^file.json:1: incidents is missing$/],
    ['{ "incidents": {} }', /^file.json:1: incidents has to be a list/],
    ['{ "incidents": [],\n"incidents": [] }', /^file.json:2: .*unique/],
    ["", /^file.json:1: the document .*has to be an object/],
  ])("%s", (text, expected) => {
    expect(faultsOf(text)).toEqual([expect.stringMatching(expected)]);
  });

  test("what is no JSON is told with the line where it breaks", () => {
    expect(faultsOf('{\n  "incidents": [\n').join("\n")).toMatch(/^file.json:3: /);
  });

  test("all faults are told at once, in their order", () => {
    const text = '{\n"days": 0,\n"incidents": [\n{ "kind": "x", "from": "1h" }\n],\n"other": 1 }';
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^file.json:2: days/),
      expect.stringMatching(/^file.json:4: incidents\[0\].kind/),
      expect.stringMatching(/^file.json:6: other/),
    ]);
  });

  test("an incident may begin until the end that was asked for, and not at it", () => {
    const text = withIncident('{ "kind": "dintero-down", "from": "24h" }');
    expect(faultsOf(text, 1)).toHaveLength(1);
    expect(faultsOf(text, 2)).toEqual([]);
  });
});
