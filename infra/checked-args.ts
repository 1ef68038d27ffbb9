/** The component's arguments, checked like the settings of a stack. */
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./access.ts";
import { configFaults, DEFAULT_LOG_RETENTION_DAYS, type StackConfig } from "./config.ts";
import type { ConfigFault } from "./config-fault.ts";
import { unknownFaults, valueFaults } from "./settings-form.ts";
import type { TokenRotationArgs } from "./token-rotation-args.ts";

/** A value that another resource may provide is an output. */
export interface CheckedArgs<Account extends string = string>
  extends Omit<
    StackConfig,
    "accounts" | "alarmTopicArn" | "urgentAlarmTopicArn" | "permissionsBoundaryArn"
  > {
  readonly accounts: readonly Account[];
  readonly place: pulumi.Output<Place>;
  readonly alarmTopicArn: pulumi.Output<string> | undefined;
  readonly urgentAlarmTopicArn: pulumi.Output<string> | undefined;
  readonly permissionsBoundaryArn: pulumi.Output<string> | undefined;
}

/**
 * @param name - the component's.
 * @param lookUpPlace - where the component is. It is called only with arguments that are good. A value that depends
 * on it or on another resource is checked when that is known. If the value is invalid, its output fails.
 * @throws `pulumi.RunError` with all other faults, before anything is created.
 */
export function checkedArgs<Account extends string>(
  name: string,
  args: TokenRotationArgs<Account>,
  lookUpPlace: () => pulumi.Output<Place>,
): CheckedArgs<Account> {
  const kind = kindOf(args ?? {});
  if (kind !== "an object") {
    requireNone(name, [{ fault: `the arguments must be an object, but are ${kind}.`, fix: "" }]);
  }
  const { formFaults, wellFormed } = sortedByForm(args);
  const { environment, accounts, runbookUrl, tags, ...others } = wellFormed;
  const { alarmEmails, logRetentionDays = DEFAULT_LOG_RETENTION_DAYS, ...more } = others;
  const { alarmTopicArn, urgentAlarmTopicArn, permissionsBoundaryArn, ...unknown } = more;
  const plain = { environment, accounts, alarmEmails, logRetentionDays, runbookUrl, tags };
  const known = {
    ...plain,
    alarmTopicArn: knownOr(LATER_TOPIC_ARNS[0], alarmTopicArn),
    urgentAlarmTopicArn: knownOr(LATER_TOPIC_ARNS[1], urgentAlarmTopicArn),
    permissionsBoundaryArn: knownOr(undefined, permissionsBoundaryArn),
  };
  requireNone(name, [
    ...(NAME_FORM.test(name) ? [] : [NAME_FAULT]),
    ...unknownFaults(Object.keys(unknown), Object.keys(known), "argument"),
    ...formFaults,
    ...valueFaults(configFaults(known, undefined), formFaults),
  ]);

  const place = lookUpPlace();
  const topics = pulumi
    .all([alarmTopicArn, urgentAlarmTopicArn, place])
    .apply(([alarm, urgent, { region }]) => {
      // An output may turn out to be nothing. That is a fault, because only an argument can be left out.
      const late = {
        alarmTopicArn: alarmTopicArn && (alarm ?? ""),
        urgentAlarmTopicArn: urgentAlarmTopicArn && (urgent ?? ""),
      };
      requireNone(name, configFaults({ ...known, ...late }, region));
      return { alarm: alarm ?? "", urgent: urgent ?? "" };
    });
  const boundary = pulumi.output(permissionsBoundaryArn).apply((arn) => {
    const late = { permissionsBoundaryArn: permissionsBoundaryArn && (arn ?? "") };
    requireNone(name, configFaults({ ...known, ...late }, undefined));
    return arn ?? "";
  });
  return {
    ...plain,
    place,
    alarmTopicArn: alarmTopicArn === undefined ? undefined : topics.alarm,
    urgentAlarmTopicArn: urgentAlarmTopicArn === undefined ? undefined : topics.urgent,
    permissionsBoundaryArn: permissionsBoundaryArn === undefined ? undefined : boundary,
  };
}

/**
 * AWS allows 64 such characters in the names of rules, roles and functions. The names of this component's
 * resources are up to 22 longer than its own, and Pulumi adds 8. Source: API references of EventBridge, IAM
 * and Lambda.
 */
const NAME_FORM = /^[\w-]{1,34}$/;
const NAME_FAULT: ConfigFault = {
  fault: "the component's name must be 1 to 34 letters, digits, - and _.",
  fix: "",
};

/** The types forbid other forms, but a program in JavaScript may have them. */
const FORMS: Readonly<Record<string, (name: string, value: unknown) => string[]>> = {
  environment: textFaults,
  accounts: listFaults,
  alarmEmails: listFaults,
  logRetentionDays: (name, value) =>
    typeof value === "number" ? [] : [`${name} must be a number, but is ${kindOf(value)}`],
  tags: objectFaults,
  runbookUrl: textFaults,
  alarmTopicArn: inputFaults,
  urgentAlarmTopicArn: inputFaults,
  permissionsBoundaryArn: inputFaults,
};

/** Arguments of another form are left out, and such entries are empty, so that the others are checked too. */
function sortedByForm<Account extends string>(args: TokenRotationArgs<Account>) {
  const given = Object.entries(args ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ({ name, value, faults: FORMS[name]?.(name, value) ?? [] }));
  const formFaults = given.flatMap(({ faults }) =>
    faults.map((fault): ConfigFault => ({ fault: `${fault}.`, fix: "" })),
  );
  const wellFormed: TokenRotationArgs<Account> & { alarmEmails: readonly string[] } = {
    environment: args?.environment,
    accounts: [],
    alarmEmails: [],
    ...Object.fromEntries(
      given
        .map(({ name, value, faults }) => [name, faults.length === 0 ? value : rest(name, value)])
        .filter(([, value]) => value !== undefined),
    ),
  };
  return { formFaults, wellFormed };
}

/** What of a malformed argument can be checked all the same; `undefined` if nothing can. */
function rest(name: string, value: unknown): unknown {
  const form = FORMS[name];
  if (form === listFaults && Array.isArray(value)) return value.map(textOrEmpty);
  if (form === objectFaults && isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, textOrEmpty(it)]));
  }
  // Given, though malformed. Otherwise a missing topic would be reported too.
  return form === inputFaults ? pulumi.output("") : undefined;
}

function textOrEmpty(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textFaults(name: string, value: unknown): string[] {
  if (isLater(value)) {
    return [`${name} must be a string that is known when the program runs, but is an output`];
  }
  return typeof value === "string" ? [] : [`${name} must be a string, but is ${kindOf(value)}`];
}

function listFaults(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) return [`${name} must be a list of strings, but is ${kindOf(value)}`];
  return value.flatMap((it, index) => textFaults(`${name}[${index}]`, it));
}

function objectFaults(name: string, value: unknown): string[] {
  if (!isPlainObject(value)) {
    return [`${name} must be an object of strings, but is ${kindOf(value)}`];
  }
  return Object.entries(value).flatMap(([key, it]) =>
    textFaults(`${name}[${JSON.stringify(key)}]`, it),
  );
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function inputFaults(name: string, value: unknown): string[] {
  if (isTextOfOutput(value))
    return [`${name} has an output in its text: use interpolate of Pulumi`];
  if (typeof value === "string" || isLater(value)) return [];
  return [`${name} must be a string or an output, but is ${kindOf(value)}`];
}

function kindOf(value: unknown): string {
  if (isLater(value)) return "an output";
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise || isTextOfOutput(value);
}

/** A template string with an output in it. Source: `toString` in `output.ts` of @pulumi/pulumi. */
function isTextOfOutput(value: unknown): boolean {
  return typeof value === "string" && value.includes("on an [Output<T>] is not supported");
}

/** Placeholders for topics that are not known yet. */
const LATER_TOPIC_ARNS = [1, 2].map((it) => `arn:aws:sns:eu-north-1:000000000000:later-${it}`);

function knownOr(
  later: string | undefined,
  value: pulumi.Input<string> | undefined,
): string | undefined {
  return value === undefined || typeof value === "string" ? value : later;
}

/** Without commands for a stack's settings, because these are arguments in the user's program. */
function requireNone(name: string, faults: readonly ConfigFault[]): void {
  if (faults.length === 0) return;
  const lines = faults.map(({ fault }) => `  - ${fault}`);
  const message = `The arguments of TokenRotation ${name} are invalid:\n${lines.join("\n")}`;
  const error = new pulumi.RunError(message);
  // For each property that such an output is used in, Pulumi would write the property's name before it.
  // Source: `serializeFilteredProperties` in `runtime/rpc.ts` of @pulumi/pulumi.
  Object.defineProperty(error, "message", { get: () => message, set: () => {} });
  // Once the program has run, Pulumi prints the stack of an error.
  error.stack = message;
  throw error;
}
