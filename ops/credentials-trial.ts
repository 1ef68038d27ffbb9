/** Tests credentials at Dintero before they are stored. */
import { Agent } from "node:https";
import { type ClientCredentials, DINTERO_API_ORIGIN } from "../lambda/contract.ts";
import { createTokenEndpoint } from "../lambda/dintero.ts";
import { isAccountError } from "../lambda/errors.ts";
import { type Post, post, postWith } from "../lambda/post.ts";
import { ALLOWED_ORIGINS_FORM, isAllowedOrigin } from "../lambda/settings.ts";
import { OpsError } from "./ops-error.ts";
import type { ProxyEnvironment } from "./proxy-environment.ts";
import type { StackSession } from "./stack-session.ts";

/**
 * Requests a token as the function does, and discards it.
 * @throws {@link OpsError} that says whether Dintero rejects the credentials, or could not be asked.
 */
export async function tryCredentials(
  accountId: string,
  credentials: ClientCredentials,
  { clock, proxyEnv }: Pick<StackSession, "clock" | "proxyEnv">,
  signal: AbortSignal,
): Promise<void> {
  const origin = allowedOrigin(process.env["DINTERO_API_ORIGIN"] ?? DINTERO_API_ORIGIN);
  const tokenEndpoint = createTokenEndpoint({
    origin,
    post: origin.startsWith("https:") ? postThrough(proxyEnv) : post,
    clock,
    random: Math.random,
    pauses: new Map(),
  });
  try {
    await tokenEndpoint.requestToken(accountId, credentials, signal, 0);
  } catch (error) {
    if (!isAccountError(error)) throw error;
    throw new OpsError(explainTrial(accountId, error.code, error.message), {
      isUndetermined: error.code === "unavailable" || error.code === "rate-limited",
    });
  }
}

function postThrough(proxyEnv: ProxyEnvironment): Post {
  const agent = new Agent({ proxyEnv });
  return (url, request) => postWith(agent, url, request);
}

/** What a failed test means for the person. */
export function explainTrial(accountId: string, code: string, message: string): string {
  if (code === "credentials-rejected") {
    return `Dintero rejects these credentials for ${accountId}. Nothing was stored. Check that both were copied completely, and that they belong to an API client of this account.`;
  }
  // The sentences after the first one are about the function's next check.
  const [what] = message.split(". ");
  const untested = "or store them without a test: --no-verify";
  return code === "unavailable" || code === "rate-limited"
    ? `Could not test these credentials at Dintero: ${what}. Nothing was stored. Try again later, ${untested}.`
    : `Dintero issued no token for these credentials (${code}): ${what}. Nothing was stored. Check the account and its API client's grants, ${untested}.`;
}

function allowedOrigin(origin: string): string {
  if (isAllowedOrigin(origin)) return origin;
  throw new OpsError(
    `DINTERO_API_ORIGIN is not an origin that credentials may be sent to. Unset it, or set it to ${ALLOWED_ORIGINS_FORM}.`,
    { isUndetermined: true },
  );
}
