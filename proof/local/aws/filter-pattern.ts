/**
 * CloudWatch's filter patterns, as far as they search unstructured text: terms, quoted or not, all of
 * which have to stand in the message. Used by `log-groups.ts`.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { AwsError } from "./aws-error.ts";

/** @throws AwsError for the patterns that are not played: JSON, columns, expressions, optional terms. */
export function matchesPattern(message: string, pattern: string): boolean {
  return terms(pattern).every((term) => message.includes(term));
}

function terms(pattern: string): string[] {
  const found: string[] = [];
  let rest = pattern.trim();
  while (rest) {
    const [match, quoted, plain] =
      /^(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_]+))(?=\s|$)\s*/.exec(rest) ?? [];
    if (match === undefined) {
      throw new AwsError(
        "InvalidParameterException",
        "Invalid filter pattern: the stand-in plays quoted terms, and plain ones of letters, digits and underscores.",
      );
    }
    found.push(quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "");
    rest = rest.slice(match.length);
  }
  return found;
}
