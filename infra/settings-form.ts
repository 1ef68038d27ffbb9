/** What is wrong with the form of the settings, apart from their values. Pure. */
import type { ConfigFault } from "./config-fault.ts";

/**
 * The entries of a setting that is a list.
 * @param text - as Pulumi passes it: JSON, or plain text if somebody set it without `--path`.
 */
export function listEntries(text: string | undefined): string[] {
  if (!text) return [];
  const value = parsed(text);
  // Not a list: treated as its only entry. The form of that entry is then reported.
  return Array.isArray(value) ? value.map(String) : value === null ? [] : [String(value)];
}

/**
 * The entries of a setting that is an object. A value that is not text, a whole number or a boolean becomes
 * empty: its text may already be lost, as with 1.10.
 */
export function objectEntries(text: string | undefined): Record<string, string> | undefined {
  const value = text ? parsed(text) : undefined;
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).map(([key, it]) => [key, plainText(it)]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function plainText(value: unknown): string {
  const isPlain =
    typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value);
  return isPlain ? String(value) : "";
}

/** The fault of a setting that must be an object, but was set as something else. */
export function objectFaults(name: string, text: string | undefined): ConfigFault[] {
  if (!text || text === "null" || isObject(parsed(text))) return [];
  return [
    {
      fault: `${name} must have keys and values. Remove it, then set each key with --path '${name}["KEY"]'.`,
      fix: `pulumi config rm ${name}`,
    },
  ];
}

/** The fault of a list that was set as one value: it would work, but `--path` cannot add to it. */
export function listFaults(name: string, text: string | undefined): ConfigFault[] {
  if (!text || text === "null" || Array.isArray(parsed(text))) return [];
  const entry = /^[\w.+@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return [
    {
      fault: `${name} is a single value, but must be a list.`,
      fix: `pulumi config set --path '${name}[0]' ${entry}`,
    },
  ];
}

/** The fault of a text that was set as a list or an object. */
export function textFaults(name: string, text: string | undefined): ConfigFault[] {
  const value = text ? parsed(text) : undefined;
  if (!Array.isArray(value) && !isObject(value)) return [];
  const fault = `${name} is a list or an object, but must be a single value. Remove it, then set it without --path.`;
  return [{ fault, fix: `pulumi config rm ${name}` }];
}

/** Source: AWS General Reference, "Regional endpoints". */
export function regionFaults(region: string | undefined): ConfigFault[] {
  if (region && /^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/.test(region)) return [];
  const fault = region ? `aws:region: ${region} is not an AWS Region.` : "aws:region is missing.";
  return [{ fault, fix: "pulumi config set aws:region eu-north-1" }];
}

/** Pulumi does not report a mistyped name: the setting would be ignored. */
export function unknownFaults(
  names: readonly string[],
  known: readonly string[],
  kind: "setting" | "argument" = "setting",
): ConfigFault[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      fault: `${name} is not ${kind === "setting" ? "a setting" : "an argument"}. ${advice(name, known, kind)}`,
      fix: `pulumi config rm ${name}`,
    }));
}

function advice(name: string, known: readonly string[], kind: string): string {
  // A missing or another last letter, or other capitals.
  const start = name.slice(0, -1).toLowerCase();
  const meant = start && known.find((it) => it.toLowerCase().startsWith(start));
  return meant ? `Did you mean ${meant}?` : `The ${kind}s are: ${known.join(", ")}.`;
}

/**
 * The faults of values, but for settings and entries whose form is a fault already. A fault begins with its setting
 * or its entry, such as `accounts[0]` or `tags["Team"]`.
 */
export function valueFaults(
  faults: readonly ConfigFault[],
  formFaults: readonly ConfigFault[],
): ConfigFault[] {
  const first = (pattern: RegExp, { fault }: ConfigFault) => pattern.exec(fault)?.[0];
  const misshapen = formFaults.map((it) => first(ENTRY, it));
  return faults.filter(
    (it) => !misshapen.includes(first(SETTING, it)) && !misshapen.includes(first(ENTRY, it)),
  );
}

const SETTING = /^\w+/;
const ENTRY = /^\w+(\[\d+\]|\["(\\.|[^"\\])*"\])?/;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
