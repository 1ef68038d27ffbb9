/**
 * Dintero's token endpoint: makes the request, and repeats it if the next attempt may succeed.
 * `token-reply` checks a token, `token-refusal` says what any other answer means.
 */
import pRetry from "p-retry";
import type { Clock } from "./clock.ts";
import {
  type ClientCredentials,
  DINTERO_API_ORIGIN,
  PROJECT_NAME,
  PROJECT_VERSION,
} from "./contract.ts";
import { RotationError } from "./errors.ts";
import type { Post } from "./post.ts";
import { refusalOf, TransientFailure } from "./token-refusal.ts";
import { type IssuedToken, readTokenReply } from "./token-reply.ts";

/** One attempt, from connecting to the last byte. */
export const ATTEMPT_TIMEOUT_MS = 5_000;
export const MAX_ATTEMPTS = 3;
/** A longer `Retry-After` ends the attempts, because asking earlier would not honour it. */
export const MAX_RETRY_AFTER_MS = 10_000;
/** The first wait is between 0 and this, the second between 0 and twice this. */
export const RETRY_BASE_MS = 1_000;

export interface TokenEndpoint {
  /**
   * A new token for the account.
   * @param patientUntilMs - until then an earlier `Retry-After` from Dintero is honoured: no request is
   * sent, and the call fails. 0 if a token is needed at once.
   * @throws {@link RotationError} `credentials-rejected`, `request-rejected`, `rate-limited`,
   * `unavailable` or `bad-reply`.
   */
  requestToken(
    accountId: string,
    credentials: ClientCredentials,
    signal: AbortSignal,
    patientUntilMs: number,
  ): Promise<IssuedToken>;
}

export interface TokenEndpointDependencies {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly post: Post;
  readonly clock: Clock;
  /** A number from 0 up to 1, as `Math.random` gives. */
  readonly random: () => number;
  /**
   * Until when Dintero wants no request, by account, in milliseconds since the epoch. Kept from check to
   * check. A new instance of the function sends one request, and gets the same answer again.
   */
  readonly pauses: Map<string, number>;
}

export function createTokenEndpoint(dependencies: TokenEndpointDependencies): TokenEndpoint {
  const { clock, random, pauses } = dependencies;
  return {
    async requestToken(accountId, credentials, signal, patientUntilMs) {
      const pausedUntilMs = Math.min(pauses.get(accountId) ?? 0, patientUntilMs);
      if (clock.now() < pausedUntilMs) throw paused(accountId, pausedUntilMs);
      return pRetry(() => attempt(dependencies, accountId, credentials, signal), {
        retries: MAX_ATTEMPTS - 1,
        // `shouldRetry` waits instead: p-retry has neither full jitter nor Retry-After.
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
          if (!(error instanceof TransientFailure) || signal.aborted) return false;
          const delayMs = tokenRetryDelayMs(attemptNumber, error.retryAfterMs, random);
          if (delayMs === undefined) return false;
          // If the account's time ends during the wait, it fails with the error of the last attempt.
          return clock.sleep(delayMs, signal).then(
            () => true,
            () => false,
          );
        },
      });
    },
  };
}

function paused(accountId: string, pausedUntilMs: number): RotationError<"rate-limited"> {
  return new RotationError(
    "rate-limited",
    `Dintero asked us to wait before the next request for ${accountId} (Retry-After). The first check after ${new Date(pausedUntilMs).toISOString()} sends it.`,
  );
}

/**
 * How long to wait after an attempt: full jitter, no shorter than `Retry-After`; `undefined` when
 * that is more than {@link MAX_RETRY_AFTER_MS}, because asking earlier would not honour it.
 * Source of "full jitter": AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function tokenRetryDelayMs(
  attemptNumber: number,
  retryAfterMs: number,
  random: () => number,
): number | undefined {
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  return Math.max(retryAfterMs, random() * RETRY_BASE_MS * 2 ** (attemptNumber - 1));
}

async function attempt(
  { origin, post, clock, pauses }: TokenEndpointDependencies,
  accountId: string,
  credentials: ClientCredentials,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const url = new URL(`/v1/accounts/${accountId}/auth/token`, origin);
  const timeout = clock.timeout(ATTEMPT_TIMEOUT_MS);
  const issuedAtMs = clock.now();
  try {
    const reply = await post(url, {
      headers: requestHeaders(credentials),
      body: JSON.stringify({
        grant_type: "client_credentials",
        // Always this host, also for another origin. Source: Dintero, "Authentication".
        audience: `${DINTERO_API_ORIGIN}/v1/accounts/${accountId}`,
      }),
      signal: AbortSignal.any([timeout, signal]),
    });
    if (reply.statusCode === 200)
      return await readTokenReply(reply, issuedAtMs, `The reply from ${url}`);
    throw await refusalOf(reply, url, clock.now());
  } catch (error) {
    if (error instanceof TransientFailure) {
      pauses.set(accountId, clock.now() + error.retryAfterMs);
    }
    if (error instanceof RotationError) throw error;
    throw networkFailure(error, url, timeout.aborted, signal.aborted);
  }
}

function requestHeaders({ client_id, client_secret }: ClientCredentials): Record<string, string> {
  // RFC 6749 would form-encode both first. Dintero's own clients do not.
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  return {
    authorization: `Basic ${basic}`,
    "content-type": "application/json",
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": `${PROJECT_NAME}/${PROJECT_VERSION}`,
    // They help Dintero's support to find a request. Source: Dintero, "HTTP headers".
    "dintero-system-name": "aws-lambda",
    "dintero-system-version": "nodejs24.x",
    "dintero-system-plugin-name": PROJECT_NAME,
    "dintero-system-plugin-version": PROJECT_VERSION,
  };
}

/**
 * Without a `cause`, unlike elsewhere: if a reply is not valid HTTP, the parser's error contains the
 * reply.
 */
function networkFailure(
  error: unknown,
  url: URL,
  attemptTimedOut: boolean,
  accountTimedOut: boolean,
): TransientFailure {
  const what = accountTimedOut
    ? "the time limit for one account was reached"
    : attemptTimedOut
      ? `no complete reply within ${ATTEMPT_TIMEOUT_MS} ms`
      : `the connection failed (${networkErrorCode(error)})`;
  return new TransientFailure(
    "unavailable",
    `The request to ${url} failed: ${what}. The next check asks again. If it lasts, look at Dintero's status page.`,
    0,
  );
}

/** The system's code, such as `ECONNREFUSED`. */
function networkErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
