/** What is wrong with the form of the settings, before what they say is looked at. Pure. */
import type { ConfigFault } from "./config-fault.ts";

/**
 * The entries of a setting that is a list.
 * @param text - as Pulumi hands it over: JSON, or plain text if somebody set it without `--path`.
 */
export function listEntries(text: string | undefined): string[] {
  if (!text) return [];
  const value = parsed(text);
  // Not a list: taken as its one entry, whose form is then reported.
  return Array.isArray(value) ? value.map(String) : value === null ? [] : [String(value)];
}

/** A list that was set as one value: it would read well, but `--path` cannot add to it. */
export function listFaults(name: string, text: string | undefined): ConfigFault[] {
  if (!text || text === "null" || Array.isArray(parsed(text))) return [];
  const entry = /^[\w.+@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return [
    {
      fault: `${name} is one value, and must be a list.`,
      fix: `pulumi config set --path '${name}[0]' ${entry}`,
    },
  ];
}

/** Source: AWS General Reference, "Regional endpoints". */
export function regionFaults(region: string | undefined): ConfigFault[] {
  if (region && /^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/.test(region)) return [];
  const fault = region ? `aws:region: ${region} is not a Region.` : "aws:region is missing.";
  return [{ fault, fix: "pulumi config set aws:region eu-north-1" }];
}

/** Of a name that is mistyped, Pulumi says nothing, and the setting would not count. */
export function unknownFaults(names: readonly string[], known: readonly string[]): ConfigFault[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      fault: `${name} is not a setting. Those that exist: ${known.join(", ")}.`,
      fix: `pulumi config rm ${name}`,
    }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
