/** The function's settings, from its environment variables. */
import * as v from "valibot";
import {
  ACCOUNT_ID_FORM,
  ACCOUNT_ID_PATTERN,
  ACCOUNT_PREFIX,
  DINTERO_API_ORIGIN,
  DINTERO_ORIGINS,
  ENVIRONMENTS,
  type Environment,
  MAX_ACCOUNTS,
} from "./contract.ts";
import { RotationError } from "./errors.ts";

export interface Settings {
  readonly environment: Environment;
  readonly accountIds: readonly string[];
  /** Scheme, host and port of Dintero's API. */
  readonly apiOrigin: string;
  /** The KMS key to encrypt tokens with. */
  readonly keyId: string;
  /** For the parameters that the function creates, in addition to its own tags. */
  readonly parameterTags: Readonly<Record<string, string>>;
}

/**
 * @throws {@link RotationError} `settings-invalid`, with every fault in one message. It shows no value but
 * account ids: a secret may have been pasted into the wrong variable.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const {
    DINTERO_ENVIRONMENT,
    DINTERO_ACCOUNT_IDS,
    DINTERO_API_ORIGIN,
    KMS_KEY_ID,
    PARAMETER_TAGS,
  } = env;
  const result = v.safeParse(SETTINGS, {
    environment: DINTERO_ENVIRONMENT,
    accountIds: listOf(DINTERO_ACCOUNT_IDS),
    apiOrigin: DINTERO_API_ORIGIN,
    keyId: KMS_KEY_ID,
    parameterTags: PARAMETER_TAGS || "{}",
  });
  const faults = [
    ...(result.issues ?? []).map((issue) => issue.message),
    ...prefixFaults(DINTERO_ENVIRONMENT, listOf(DINTERO_ACCOUNT_IDS)),
  ];
  if (!result.success || faults.length > 0) {
    throw new RotationError(
      "settings-invalid",
      `The function's environment variables are invalid: ${faults.join(" ")}`,
    );
  }
  return result.output;
}

/** Where {@link isAllowedOrigin} lets credentials go, for messages. */
export const ALLOWED_ORIGINS_FORM = `${DINTERO_ORIGINS.join(" or ")}, or http(s) on a loopback address`;

const KEY_FAULT = "KMS_KEY_ID is missing or malformed: set it to the ARN of the stack's KMS key.";

const TAGS_FAULT =
  'PARAMETER_TAGS is not a JSON object of tags: set it to {"KEY": "VALUE"}, or unset it.';

const SETTINGS = v.object({
  environment: v.picklist(
    ENVIRONMENTS,
    `DINTERO_ENVIRONMENT must be one of: ${ENVIRONMENTS.join(", ")}.`,
  ),
  accountIds: v.pipe(
    v.array(v.string()),
    v.nonEmpty("DINTERO_ACCOUNT_IDS is missing: set it to account ids, separated by commas."),
    v.maxLength(
      MAX_ACCOUNTS,
      `DINTERO_ACCOUNT_IDS has more than ${MAX_ACCOUNTS} accounts: move the others to another stack.`,
    ),
    v.check(
      (accountIds) => new Set(accountIds).size === accountIds.length,
      "DINTERO_ACCOUNT_IDS lists an account twice.",
    ),
    v.checkItems(
      (accountId) => ACCOUNT_ID_PATTERN.test(accountId),
      (issue) =>
        `DINTERO_ACCOUNT_IDS: entry ${Number(issue.path?.[0]?.key) + 1} is not a valid account id (${ACCOUNT_ID_FORM}).`,
    ),
  ),
  apiOrigin: v.pipe(
    v.string(`DINTERO_API_ORIGIN is missing: set it to ${DINTERO_API_ORIGIN}.`),
    v.check(
      isAllowedOrigin,
      `DINTERO_API_ORIGIN must be ${ALLOWED_ORIGINS_FORM}, without a path, query or credentials.`,
    ),
  ),
  // The form of SSM's `KeyId`: an ARN, an id or an alias.
  keyId: v.pipe(v.string(KEY_FAULT), v.regex(/^[\w:/-]{1,256}$/, KEY_FAULT)),
  parameterTags: v.pipe(
    v.string(),
    v.parseJson(undefined, TAGS_FAULT),
    v.check((value) => !Array.isArray(value), TAGS_FAULT),
    v.record(v.string(), v.string(TAGS_FAULT), TAGS_FAULT),
  ),
});

function listOf(text: string | undefined): string[] {
  return text?.trim() ? text.split(",").map((entry) => entry.trim()) : [];
}

/** Whether credentials may be sent there: Dintero's two hosts, and loopback. */
export function isAllowedOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Equal only if the text has no path, query, credentials or upper case.
  if (url?.origin !== text) return false;
  return (
    DINTERO_ORIGINS.includes(text) || (/^https?:$/.test(url.protocol) && isLoopback(url.hostname))
  );
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** `P` accounts in `test` and the reverse, reported together with other faults of the accounts. */
function prefixFaults(environment: string | undefined, accountIds: readonly string[]): string[] {
  if (environment !== "test" && environment !== "production") return [];
  return accountIds
    .filter((accountId) => ACCOUNT_ID_PATTERN.test(accountId))
    .filter((accountId) => !accountId.startsWith(ACCOUNT_PREFIX[environment]))
    .map(
      (accountId) =>
        `DINTERO_ACCOUNT_IDS has ${accountId}, but accounts in ${environment} begin with ${ACCOUNT_PREFIX[environment]}.`,
    );
}
