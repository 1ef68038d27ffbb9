/** Which type of AWS policy denied a call, read from AWS's error message. */

/**
 * What to do. `undefined` if the message names no type of policy. Also `undefined` if no identity-based
 * policy allows the call: then the role itself lacks the permission.
 * @param message - from AWS. It is not repeated, because it may quote names that belong to others.
 */
export function policyRemedy(message: string): string | undefined {
  const text = message.toLowerCase();
  for (const type of POLICY_TYPES) {
    const name = type.toLowerCase();
    if (
      text.includes(`with an explicit deny in a ${name}`) ||
      text.includes(`with an explicit deny in an ${name}`)
    ) {
      return `An explicit deny in ${article(type)} ${type} blocks the call. Change that policy.`;
    }
    if (type !== "identity-based policy" && text.includes(`because no ${name} allows`)) {
      return `No ${type} allows the call. Add the permission to that policy.`;
    }
  }
  return undefined;
}

/** Source: IAM user guide, "Troubleshoot access denied error messages". */
const POLICY_TYPES = [
  "service control policy",
  "resource control policy",
  "VPC endpoint policy",
  "permissions boundary",
  "session policy",
  "resource-based policy",
  "identity-based policy",
];

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? "an" : "a";
}
