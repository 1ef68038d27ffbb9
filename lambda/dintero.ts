/**
 * Dintero's token endpoint: makes the request, and repeats it where the next attempt may
 * succeed. `token-reply` checks the answer.
 */
import pRetry from "p-retry";
import type { Clock } from "./clock.ts";
import {
  type AccountErrorCode,
  type ClientCredentials,
  DINTERO_API_ORIGIN,
  PROJECT_NAME,
  PROJECT_VERSION,
} from "./contract.ts";
import { RotationError } from "./errors.ts";
import type { HttpReply, Post } from "./post.ts";
import { type IssuedToken, isDinteroError, readTokenReply } from "./token-reply.ts";

/** One attempt, from connecting to the last byte. */
export const ATTEMPT_TIMEOUT_MS = 5_000;
export const MAX_ATTEMPTS = 3;
/** A longer `Retry-After` ends the attempts: the next check comes after it, or asks again then. */
export const MAX_RETRY_AFTER_MS = 10_000;
/** The first wait lies between 0 and this, the second between 0 and twice this. */
export const RETRY_BASE_MS = 1_000;

export interface TokenEndpoint {
  /**
   * A new token for the account.
   * @throws {@link RotationError} `credentials-rejected`, `request-rejected`, `rate-limited`,
   * `unavailable` or `bad-reply`.
   */
  requestToken(
    accountId: string,
    credentials: ClientCredentials,
    signal: AbortSignal,
  ): Promise<IssuedToken>;
}

export interface TokenEndpointDependencies {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly post: Post;
  readonly clock: Clock;
  /** A number from 0 up to 1, as `Math.random` gives. */
  readonly random: () => number;
}

export function createTokenEndpoint(dependencies: TokenEndpointDependencies): TokenEndpoint {
  const { clock, random } = dependencies;
  return {
    requestToken: (accountId, credentials, signal) =>
      pRetry(() => attempt(dependencies, accountId, credentials, signal), {
        retries: MAX_ATTEMPTS - 1,
        // The wait stands below: p-retry knows neither full jitter nor Retry-After.
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
          if (!(error instanceof TransientFailure) || signal.aborted) return false;
          const delayMs = tokenRetryDelayMs(attemptNumber, error.retryAfterMs, random);
          if (delayMs === undefined) return false;
          // An account that runs out of time while waiting fails with what the wait was for.
          return clock.sleep(delayMs, signal).then(
            () => true,
            () => false,
          );
        },
      }),
  };
}

/**
 * How long to wait after an attempt: full jitter, no shorter than `Retry-After`; `undefined` when
 * that is more than {@link MAX_RETRY_AFTER_MS}, since asking earlier would not honour it.
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

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: whole seconds or an HTTP date.
 * 0 where there is none or it makes no sense. Source: RFC 9110, section 10.2.3.
 */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  // Date.parse finds a date in nearly everything: in "-3000", it finds the year 3000.
  if (!/^[A-Z][a-z]{2}, .+ GMT$/.test(header)) return 0;
  return Math.max(0, Date.parse(header) - nowMs) || 0;
}

/** A failure that the next attempt may not meet. */
class TransientFailure extends RotationError<"rate-limited" | "unavailable"> {
  readonly retryAfterMs: number;

  constructor(code: "rate-limited" | "unavailable", message: string, retryAfterMs: number) {
    super(code, message);
    this.retryAfterMs = retryAfterMs;
  }
}

async function attempt(
  { origin, post, clock }: TokenEndpointDependencies,
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
        // Always this host, whatever the origin. Source: Dintero, "Authentication".
        audience: `${DINTERO_API_ORIGIN}/v1/accounts/${accountId}`,
      }),
      signal: AbortSignal.any([timeout, signal]),
    });
    if (reply.statusCode === 200)
      return await readTokenReply(reply, issuedAtMs, `The reply of ${url}`);
    throw await statusFailure(reply, url, clock.now());
  } catch (error) {
    if (error instanceof RotationError) throw error;
    throw networkFailure(error, url, timeout.aborted, signal.aborted);
  }
}

function requestHeaders({ client_id, client_secret }: ClientCredentials): Record<string, string> {
  // Not form-encoded first, as RFC 6749 has it: Dintero's own clients send both as they are.
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  return {
    authorization: `Basic ${basic}`,
    "content-type": "application/json",
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": `${PROJECT_NAME}/${PROJECT_VERSION}`,
    // Source: Dintero, "HTTP headers": they help its support to find a request.
    "dintero-system-name": "aws-lambda",
    "dintero-system-version": "nodejs24.x",
    "dintero-system-plugin-name": PROJECT_NAME,
    "dintero-system-plugin-version": PROJECT_VERSION,
  };
}

async function statusFailure(
  reply: HttpReply,
  url: URL,
  nowMs: number,
): Promise<RotationError<AccountErrorCode>> {
  const status = reply.statusCode ?? 0;
  const answered = `${url} answered with status ${status}`;
  if (status === 401 || status === 403) return rejection(reply, answered);

  reply.destroy();
  const retryAfterMs = parseRetryAfterMs(reply.headers["retry-after"], nowMs);
  if (status === 429) {
    return new TransientFailure(
      "rate-limited",
      `${answered}, too many requests. The next check asks again; if it lasts, ask Dintero's support.`,
      retryAfterMs,
    );
  }
  if (status === 408 || status >= 500) {
    return new TransientFailure(
      "unavailable",
      `${answered}. The next check asks again; if it lasts, look at Dintero's status page.`,
      retryAfterMs,
    );
  }
  if (status >= 400) {
    return new RotationError(
      "request-rejected",
      `${answered}. Check that the account exists and that its API client has a grant for it; otherwise ask Dintero's support.`,
    );
  }
  return new RotationError(
    "bad-reply",
    `${answered} where only 200 carries a token. Check DINTERO_API_ORIGIN; a redirect is not followed.`,
  );
}

/** 401 and 403 reject the credentials only where Dintero says so: a proxy's page knows nothing of them. */
async function rejection(
  reply: HttpReply,
  answered: string,
): Promise<RotationError<"credentials-rejected" | "unavailable">> {
  return (await isDinteroError(reply))
    ? new RotationError(
        "credentials-rejected",
        `${answered}: Dintero rejects the credentials. Store the id and secret of an API client of this account.`,
      )
    : new RotationError(
        "unavailable",
        `${answered}, but not in Dintero's form. Look for a proxy in between; the next check asks again.`,
      );
}

/**
 * Without a cause, other than elsewhere: where a reply is no proper HTTP, the parser's error holds
 * the reply.
 */
function networkFailure(
  error: unknown,
  url: URL,
  attemptTimedOut: boolean,
  accountTimedOut: boolean,
): TransientFailure {
  const what = accountTimedOut
    ? "the time for one account was used up"
    : attemptTimedOut
      ? `no complete reply within ${ATTEMPT_TIMEOUT_MS} ms`
      : `the connection failed (${networkErrorCode(error)})`;
  return new TransientFailure(
    "unavailable",
    `No reply from ${url}: ${what}. The next check asks again; if it lasts, look at Dintero's status page.`,
    0,
  );
}

/** The system's code, such as `ECONNREFUSED`. */
function networkErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
