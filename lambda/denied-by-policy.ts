/** Which policy of AWS's stands in the way of a call, read out of AWS's refusal. */

/**
 * What to do, or `undefined` if the refusal names no type of policy, or an identity-based one that does
 * not allow the call: then the role lacks the permission itself.
 * @param message - AWS's own. Nothing of it is repeated: it may quote names of other people's.
 */
export function policyRemedy(message: string): string | undefined {
  const text = message.toLowerCase();
  for (const type of POLICY_TYPES) {
    const name = type.toLowerCase();
    if (
      text.includes(`with an explicit deny in a ${name}`) ||
      text.includes(`with an explicit deny in an ${name}`)
    ) {
      return `An explicit deny in ${article(type)} ${type} is in the way: change that policy.`;
    }
    if (type !== "identity-based policy" && text.includes(`because no ${name} allows`)) {
      return `No ${type} allows it: extend that policy.`;
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
