/** Which tier and type Parameter Store gives a new version of a parameter. */
import { AwsError } from "./aws-error.ts";

export type ParameterType = "String" | "SecureString";

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
    throw new AwsError("ValidationException", "You can't downgrade a parameter.");
  }
  if (bytes > MAX_VALUE_BYTES[tier]) {
    throw new AwsError(
      "ValidationException",
      `${tier} tier parameters support a maximum of ${MAX_VALUE_BYTES[tier]} characters.`,
    );
  }
  return tier;
}

/**
 * The type that a new version gets. Throws if there is none, or if it would change: AWS
 * documents that a type cannot be changed
 * (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html,
 * `HierarchyTypeMismatchException`).
 */
export function chooseType(
  requested: ParameterType | undefined,
  current: ParameterType | undefined,
): ParameterType {
  const type = requested ?? current;
  if (!type) throw new AwsError("ValidationException", "A parameter type is required.");
  if (current && type !== current) {
    throw new AwsError("HierarchyTypeMismatchException", "A parameter type can't be changed.");
  }
  return type;
}
