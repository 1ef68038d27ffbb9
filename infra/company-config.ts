/** Settings that a company requires in its AWS accounts, and what is wrong with them. Pure. */
import type { ConfigFault } from "./config-fault.ts";

export interface CompanyConfig {
  /** The IAM policy that limits every role of the stack. */
  readonly permissionsBoundaryArn?: string | undefined;
  /** For every resource that takes tags, and for the parameters that the function creates. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export function companyConfigFaults({
  permissionsBoundaryArn,
  tags = {},
}: CompanyConfig): ConfigFault[] {
  return [
    ...(permissionsBoundaryArn === undefined ? [] : boundaryFaults(permissionsBoundaryArn)),
    ...Object.entries(tags).flatMap(([key, value]) => tagFaults(key, value, Object.keys(tags))),
    ...tagsSizeFaults(tags),
  ];
}

function boundaryFaults(arn: string): ConfigFault[] {
  // The name may have a path before it. Source: IAM, "IAM identifiers".
  const form =
    /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}$/;
  if (form.test(arn)) return [];
  return [
    {
      fault: `permissionsBoundaryArn: ${arn || "nothing"} is not the ARN of an IAM policy.`,
      fix: "pulumi config set permissionsBoundaryArn arn:aws:iam::ACCOUNT:policy/NAME",
    },
  ];
}

/** The keys that this program sets itself. */
const OWN_KEYS = ["ManagedBy", "DinteroEnvironment", "DinteroAccount"];
/** A resource can have more, but Lambda's environment variables have at most 4 KB in total. */
export const MAX_TAGS = 20;
export const MAX_TAGS_BYTES = 2_000;
// Source: IAM, "API Tag"; EventBridge, "Tags", has the same characters.
const KEY_FORM = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
// At least one character, unlike in IAM. Source: EventBridge Scheduler, "API Tag".
const VALUE_FORM = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;
const CHARACTERS = "letters, digits, spaces and _.:/=+-@";

function tagFaults(key: string, value: string, keys: readonly string[]): ConfigFault[] {
  const name = nameOf(key);
  const keyFault = tagKeyFault(key, keys);
  if (keyFault) {
    return [{ fault: `${name}: ${keyFault}.`, fix: `pulumi config rm --path ${shellWord(name)}` }];
  }
  if (VALUE_FORM.test(value) && !isReserved(value)) return [];
  const fault = `${name}: the value must be text of 1 to 256 ${CHARACTERS}. It must not begin with "aws:".`;
  return [{ fault, fix: `pulumi config set --path ${shellWord(name)} VALUE` }];
}

function tagKeyFault(key: string, keys: readonly string[]): string | undefined {
  if (!KEY_FORM.test(key)) return `a key must be 1 to 128 ${CHARACTERS}`;
  if (isReserved(key)) return 'a key must not begin with "aws:"';
  // IAM ignores upper and lower case. Source: IAM, "Rules for tagging in IAM and AWS STS".
  const isSame = (other: string) => other.toLowerCase() === key.toLowerCase();
  if (OWN_KEYS.some(isSame)) return "this program sets this key itself";
  const first = keys.find(isSame);
  return first === key ? undefined : `IAM treats this key as the same as ${first}`;
}

function isReserved(text: string): boolean {
  return /^aws:/i.test(text);
}

function tagsSizeFaults(tags: Readonly<Record<string, string>>): ConfigFault[] {
  const keys = Object.keys(tags);
  const bytes = Buffer.byteLength(Object.entries(tags).flat().join(""));
  const faults = [
    ...(keys.length > MAX_TAGS ? [`${keys.length} tags, but at most ${MAX_TAGS}`] : []),
    ...(bytes > MAX_TAGS_BYTES
      ? [`${bytes} bytes of keys and values, but at most ${MAX_TAGS_BYTES}`]
      : []),
  ];
  return faults.map((has) => ({
    fault: `tags has ${has} fit into the function's environment. Remove some.`,
    fix: `pulumi config rm --path ${shellWord(nameOf(keys.at(-1) ?? ""))}`,
  }));
}

/** In the form that `pulumi config --path` takes. */
function nameOf(key: string): string {
  return `tags[${JSON.stringify(key)}]`;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
