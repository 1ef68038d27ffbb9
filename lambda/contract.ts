/**
 * The names and limits that the function, the stack, the operators' commands and readers share.
 * Imports nothing, so that each of them can import it.
 */

export const PROJECT_NAME = "dintero-token-rotation";

/** Version of this program, as Dintero sees it. A test keeps it equal to the one in `package.json`. */
export const PROJECT_VERSION = "0.1.0";

export const ENVIRONMENTS = ["test", "production"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** First character of the account ids of each environment. Source: Dintero, "Account Ids". */
export const ACCOUNT_PREFIX: Readonly<Record<Environment, "T" | "P">> = {
  test: "T",
  production: "P",
};

/** `T` or `P`, then 8 digits (an account) or 3 (a partner). Source: Dintero, get-token reference. */
export const ACCOUNT_ID_PATTERN = /^[TP](?:\d{8}|\d{3})$/;

/** {@link ACCOUNT_ID_PATTERN} in words, for messages. */
export const ACCOUNT_ID_FORM = "T or P followed by 8 digits, or by 3 for a partner";

/** Accounts in one stack. An IAM policy names each one, and more would exceed its size limit. */
export const MAX_ACCOUNTS = 20;

/** Lambda ends a check that runs for longer. */
export const FUNCTION_TIMEOUT_SECONDS = 150;

/** Where tokens come from by default, and the name of the API in the requests. */
export const DINTERO_API_ORIGIN = "https://api.dintero.com";

/** The hosts of Dintero that credentials may be sent to. */
export const DINTERO_ORIGINS: readonly string[] = [
  DINTERO_API_ORIGIN,
  "https://checkout.dintero.com",
];

/** SecureString that holds the bare token. */
export const tokenParameterName = (accountId: string): string =>
  `/dintero/${accountId}/access-token`;

/** String that holds the token's {@link TokenStatusDocument} as JSON. */
export const statusParameterName = (accountId: string): string =>
  `/dintero/${accountId}/access-token-status`;

/** Secret that holds the API client's {@link ClientCredentials} as JSON. */
export const credentialsSecretName = (accountId: string): string =>
  `dintero/${accountId}/api-client`;

/** The JSON in the secret. */
export interface ClientCredentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/** {@link ClientCredentials} as people write them, for messages. */
export const CLIENT_CREDENTIALS_FORM = '{"client_id": "...", "client_secret": "..."}';

/** The JSON in the status parameter. Times are ISO 8601 in UTC. */
export interface TokenStatusDocument {
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly tokenVersion: number;
  readonly tokenFingerprint: string;
  readonly credentialsVersionId: string;
  readonly keyId: string;
}

/** Why one account could not be renewed, or its token cannot be relied on. */
export const ACCOUNT_ERROR_CODES = [
  "credentials-unusable",
  "credentials-rejected",
  "request-rejected",
  "rate-limited",
  "unavailable",
  "bad-reply",
  "token-not-renewed",
  "lifetime-too-short",
  "store-failed",
] as const;
export type AccountErrorCode = (typeof ACCOUNT_ERROR_CODES)[number];

export type Outcome = "fresh" | "renewed" | "failed" | "awaiting-credentials";

/** Why an account was due. The first reason that applies counts, in this order. */
export type DueReason =
  | "missing"
  | "replaced"
  | "key-changed"
  | "aging"
  | "credentials-changed"
  | "forced";

/** What a check found and did for one account. */
export interface AccountResult {
  readonly accountId: string;
  readonly outcome: Outcome;
  readonly reason?: DueReason;
  /** When the stored token expires, ISO 8601 in UTC. Absent if there is no reliable stored token. */
  readonly expiresAt?: string;
  readonly error?: { readonly code: AccountErrorCode; readonly message: string };
}

/** What the function returns. */
export interface CheckResult {
  readonly accounts: readonly AccountResult[];
  /** Why the check does not count as complete, if the accounts do not show it. */
  readonly error?: { readonly code: AccountErrorCode; readonly message: string };
}

export const METRIC_NAMESPACE = "DinteroTokenRotation";
/** A dimension of every metric. */
export const FUNCTION_DIMENSION = "FunctionName";
/** A dimension of {@link METRICS.tokenLifeRemaining} too, because each account has its own alarm on it. */
export const ACCOUNT_DIMENSION = "DinteroAccount";
export const METRICS = {
  tokenLifeRemaining: "TokenLifeRemaining",
  checksCompleted: "ChecksCompleted",
  tokensRenewed: "TokensRenewed",
  renewalsFailed: "RenewalsFailed",
  credentialsRejected: "CredentialsRejected",
} as const;
