/**
 * Reads a scenario file: a JSON document of what goes wrong and when. All that is wrong with it is
 * told at once, each with its line and name. Called by `simulate`.
 */
import * as v from "valibot";
import { type Document, LineCounter, parseDocument } from "yaml";
import { INCIDENT_KINDS, type Incident, type IncidentKind } from "./incidents.ts";
import {
  accounts,
  DEFAULTS,
  days,
  LIFETIMES_ALLOWED,
  type Limits,
  parseLifetime,
} from "./simulate-limits.ts";
import { START_MS } from "./world.ts";

export interface Scenario {
  /** Hours. */
  readonly lifetime?: number;
  readonly days?: number;
  readonly accounts?: number;
  readonly incidents: readonly Incident[];
}

/** What happens at one moment, and so lasts for no time. */
const AT_ONE_MOMENT: readonly IncidentKind[] = [
  "secret-replaced",
  "secret-wrong",
  "secret-emptied",
  "token-edited",
  "token-deleted",
  "key-replaced",
];

/**
 * @param daysGiven - the length that goes before the file's.
 * @throws Error whose message has a line for each fault: `{name}:{line}: {what} ...`.
 */
export function readScenario(text: string, name: string, daysGiven?: number): Scenario {
  // YAML's parser, since JSON.parse knows no lines; every JSON document is one of YAML's.
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema: "json", lineCounter, prettyErrors: false });
  for (const { code, pos, message } of document.errors) {
    // Other faults are told in terms of YAML, which the writer has never heard of.
    const what = code === "DUPLICATE_KEY" ? message : "it is no JSON from here on";
    throw new Error(`${name}:${lineCounter.linePos(pos[0]).line}: ${what}`);
  }

  const lineOf = (path: readonly unknown[]) => lineCounter.linePos(offsetOf(document, path)).line;
  const value: unknown = document.toJS();
  // To valibot, a list is an object without the fields.
  const parsed = v.safeParse(SCENARIO, Array.isArray(value) ? undefined : value);
  if (!parsed.success) {
    const told = parsed.issues
      .map((issue) => ({ issue, path: (issue.path ?? []).map(({ key }) => key) }))
      .map(({ issue, path }) => ({ line: lineOf(path), what: explain(issue, path) }))
      .toSorted((a, b) => a.line - b.line)
      .map(({ line, what }) => `${name}:${line}: ${what}`);
    throw new Error(told.join("\n"));
  }
  const { incidents, days = DEFAULTS.scenarioDays } = parsed.output;
  const runs = daysGiven ?? days;
  const late = incidents.flatMap(({ fromMs }, index) =>
    fromMs < START_MS + runs * UNIT_MS.d
      ? []
      : [
          `${name}:${lineOf(["incidents", index, "from"])}: incidents[${index}].from is after the end of the run, which is ${runs}d long`,
        ],
  );
  if (late.length > 0) throw new Error(late.join("\n"));
  return parsed.output;
}

const FILE_KEYS = "lifetime, days, accounts, incidents";
const INCIDENT_KEYS = "kind, from, for";

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATIONS_ALLOWED = 'whole minutes, hours or days, such as "30m", "20h" or "2d"';

const DURATION = v.pipe(
  v.string(`has to be ${DURATIONS_ALLOWED}`),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const [, number, unit] = /^(\d{1,6})([mhd])$/.exec(dataset.value) ?? [];
    if (number !== undefined && (unit === "m" || unit === "h" || unit === "d")) {
      return Number(number) * UNIT_MS[unit];
    }
    addIssue({ message: `has to be ${DURATIONS_ALLOWED}` });
    return NEVER;
  }),
);

const LIFETIME = v.pipe(
  v.string(`has to be ${LIFETIMES_ALLOWED}`),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const hours = parseLifetime(dataset.value);
    if (hours !== undefined) return hours;
    addIssue({ message: `has to be ${LIFETIMES_ALLOWED}` });
    return NEVER;
  }),
);

const INCIDENT = v.pipe(
  v.strictObject(
    {
      kind: v.picklist(
        kinds(),
        `is nothing that the models know; allowed are ${kinds().join(", ")}`,
      ),
      from: DURATION,
      for: v.optional(DURATION),
    },
    `has to be an object of ${INCIDENT_KEYS}`,
  ),
  v.forward(
    v.check(
      (incident) => incident.for === undefined || !AT_ONE_MOMENT.includes(incident.kind),
      "has no place here: this happens at one moment",
    ),
    ["for"],
  ),
  v.transform(({ kind, from, for: duration }): Incident => {
    const fromMs = START_MS + from;
    return { kind, fromMs, ...(duration !== undefined && { toMs: fromMs + duration }) };
  }),
);

const SCENARIO = v.pipe(
  v.strictObject(
    {
      lifetime: v.optional(LIFETIME),
      days: v.optional(wholeNumber(days)),
      accounts: v.optional(wholeNumber(accounts)),
      incidents: v.array(INCIDENT, "has to be a list of incidents"),
    },
    `has to be an object of ${FILE_KEYS}`,
  ),
  v.transform(({ lifetime, days, accounts, incidents }): Scenario => {
    return {
      incidents,
      ...(lifetime !== undefined && { lifetime }),
      ...(days !== undefined && { days }),
      ...(accounts !== undefined && { accounts }),
    };
  }),
);

function kinds(): IncidentKind[] {
  // The keys of a constant object are its own names.
  return Object.keys(INCIDENT_KINDS) as IncidentKind[];
}

function wholeNumber({ least, most }: Limits) {
  const message = `has to be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(least, message),
    v.maxValue(most, message),
  );
}

/** Where the value stands, or, where it is absent, what it is absent from. */
function offsetOf(document: Document, path: readonly unknown[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const range = typeof node === "object" && node && "range" in node ? node.range : undefined;
    if (Array.isArray(range)) return Number(range[0]);
  }
  return 0;
}

function explain(issue: v.BaseIssue<unknown>, path: readonly unknown[]): string {
  const where = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  const what = where === "" ? "the document" : where.slice(1);
  if (issue.expected === "never") {
    return `${what} is not known; allowed are ${path.length > 1 ? INCIDENT_KEYS : FILE_KEYS}`;
  }
  if (issue.input === undefined) return `${what} is missing`;
  const found = typeof issue.input === "object" ? "" : ` (${JSON.stringify(issue.input)})`;
  return `${what}${found} ${issue.message}`;
}
