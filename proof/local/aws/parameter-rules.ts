/**
 * What Parameter Store accepts as a parameter's name, value, type, tier, labels and tags: pure.
 * Called by `parameter-store.ts`.
 */
import { AwsError } from "./aws-error.ts";

export type ParameterType = "String" | "StringList" | "SecureString";

/** `Tier` of a request. */
export type RequestedTier = "Standard" | "Advanced" | "Intelligent-Tiering";

/** Tier of a stored version. */
export type Tier = "Standard" | "Advanced";

/**
 * Limits of a value in bytes of UTF-8. AWS writes "4 KB" and, in the error, "4096 characters";
 * bytes are the stricter reading.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
const MAX_VALUE_BYTES: Record<Tier, number> = { Standard: 4096, Advanced: 8192 };

/** Of the fully qualified name, the ARN's characters before it included. */
const MAX_ARN_LENGTH = 1011;

const MAX_LEVELS = 15;
const MAX_TAGS = 50;

const NAME_FORM =
  "If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";

/**
 * Throws unless a parameter of this name can be made. `arn` is the ARN that it would have.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html;
 * wording of the reserved prefixes: https://github.com/getmoto/moto/blob/master/moto/ssm/models.py
 */
export function checkName(name: string, arn: string): void {
  const bare = name.toLowerCase().replace(/^\/+/, "");
  if (bare.startsWith("aws") || bare.startsWith("ssm")) {
    const isPath = name.indexOf("/", 1) > 0;
    if (isPath && bare.startsWith("aws")) {
      throw new AwsError("AccessDeniedException", `No access to reserved parameter name: ${name}.`);
    }
    throw new AwsError(
      "ValidationException",
      isPath
        ? `Parameter name: can't be prefixed with "ssm" (case-insensitive). ${NAME_FORM}`
        : `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`,
    );
  }
  if (!isWellFormed(name)) {
    throw new AwsError("ValidationException", `Parameter name: ${NAME_FORM}`);
  }
  if (name.includes("/") && !name.startsWith("/")) {
    throw new AwsError("ValidationException", "Parameter name must be a fully qualified name.");
  }
  if (levels(name) > MAX_LEVELS) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      `A hierarchy can have a maximum of ${MAX_LEVELS} levels.`,
    );
  }
  if (arn.length > MAX_ARN_LENGTH) {
    throw new AwsError(
      "ValidationException",
      `The fully qualified name of a parameter, its ARN included, can have a maximum of ${MAX_ARN_LENGTH} characters.`,
    );
  }
}

/** Whether a name consists of the characters and sub-paths that a parameter's name can have. */
export function isWellFormed(name: string): boolean {
  return /^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*$/.test(name);
}

/**
 * Throws for a value that refers to a parameter: `{{ }}` is reserved
 * (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html). The
 * value itself is not repeated in the message: it may be a secret.
 */
export function checkValue(value: string): void {
  if (/\{\{.*\}\}/s.test(value)) {
    throw new AwsError(
      "ValidationException",
      `Parameter value can't nest another parameter. Do not use "{{}}" in the value.`,
    );
  }
}

/**
 * The tier that a value is stored in. Throws when it is too large for it, or when an advanced
 * parameter would become a standard one. A request without a tier means the account's default,
 * which is `Standard` unless somebody changed it.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
export function chooseTier(
  value: string,
  requested: RequestedTier = "Standard",
  current?: Tier,
): Tier {
  const bytes = Buffer.byteLength(value);
  const tier =
    requested !== "Intelligent-Tiering"
      ? requested
      : current === "Advanced" || bytes > MAX_VALUE_BYTES.Standard
        ? "Advanced"
        : "Standard";
  if (tier === "Standard" && current === "Advanced") {
    throw new AwsError(
      "ValidationException",
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  if (bytes > MAX_VALUE_BYTES[tier]) {
    throw new AwsError(
      "ValidationException",
      `${tier} tier parameters support a maximum parameter value of ${MAX_VALUE_BYTES[tier]} characters.${
        tier === "Standard"
          ? " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
          : ""
      }`,
    );
  }
  return tier;
}

/**
 * The type that a new version gets. Throws where there is none, or where it would change: AWS
 * documents that a type cannot be changed
 * (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html,
 * `HierarchyTypeMismatchException`).
 */
export function chooseType(
  requested: ParameterType | undefined,
  current: ParameterType | undefined,
): ParameterType {
  const type = requested ?? current;
  if (!type) {
    throw new AwsError(
      "ValidationException",
      "A parameter type is required when you create a parameter.",
    );
  }
  if (current && type !== current) {
    throw new AwsError(
      "HierarchyTypeMismatchException",
      "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
    );
  }
  return type;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html */
export function isLabel(label: string): boolean {
  return /^[a-zA-Z_.-][a-zA-Z0-9_.-]*$/.test(label) && !/^(aws|ssm)/i.test(label);
}

/**
 * `current` with `added`. Throws for a reserved key, and for more tags than 50
 * (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html).
 */
export function withTags(
  current: Map<string, string>,
  added: { Key: string; Value: string }[],
): Map<string, string> {
  if (added.some(({ Key }) => /^aws:/i.test(Key))) {
    throw new AwsError(
      "ValidationException",
      "Invalid tag key: can't be prefixed with aws: (reserved for AWS use).",
    );
  }
  const tags = new Map([
    ...current,
    ...added.map(({ Key, Value }): [string, string] => [Key, Value]),
  ]);
  if (tags.size > MAX_TAGS) throw new AwsError("TooManyTagsError");
  return tags;
}

// "/a/b" has two levels, and so has a bare name one.
function levels(name: string): number {
  return name.replace(/^\//, "").split("/").length;
}
