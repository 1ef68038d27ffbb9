/**
 * What a reply other than a token means. Its form decides too, not only its status: a front end, a proxy or
 * an ingress answers with the same statuses, and knows nothing about credentials and accounts.
 */
import * as v from "valibot";
import type { AccountErrorCode } from "./contract.ts";
import { RotationError } from "./errors.ts";
import { readJsonObject } from "./json-object.ts";
import type { HttpReply } from "./post.ts";
import { readReplyBody } from "./reply-body.ts";

/** A failure after which the next attempt may succeed. */
export class TransientFailure extends RotationError<"rate-limited" | "unavailable"> {
  /** The wait that the reply asks for; 0 if it asks for none. */
  readonly retryAfterMs: number;

  constructor(code: "rate-limited" | "unavailable", message: string, retryAfterMs: number) {
    super(code, message);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The failure that a reply with another status than 200 means.
 * @throws what the stream of the body throws: a cut connection, an abort.
 */
export async function refusalOf(
  reply: HttpReply,
  url: URL,
  nowMs: number,
): Promise<RotationError<AccountErrorCode>> {
  const status = reply.statusCode ?? 0;
  const answered = `${url} answered with status ${status}`;
  const retryAfter = reply.headers["retry-after"];
  const transient = (code: "rate-limited" | "unavailable", message: string) => {
    reply.destroy();
    return new TransientFailure(code, message, parseRetryAfterMs(retryAfter, nowMs));
  };
  if (status === 429 || (status === 403 && retryAfter !== undefined)) {
    return transient(
      "rate-limited",
      `${answered}: too many requests. The next check asks again. If it lasts, ask Dintero's support.`,
    );
  }
  if (status === 408 || status === 425 || status >= 500) {
    return transient(
      "unavailable",
      `${answered}. The next check asks again. If it lasts, look at Dintero's status page.`,
    );
  }
  if (status >= 400) return refusalByForm(status, await formOf(reply), answered);
  reply.destroy();
  return new RotationError(
    "bad-reply",
    `${answered}, but only status 200 comes with a token. Check DINTERO_API_ORIGIN. Redirects are not followed.`,
  );
}

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: whole seconds or an HTTP date.
 * 0 if there is none or it makes no sense. Source: RFC 9110, section 10.2.3.
 */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  // Date.parse finds a date in nearly everything: in "-3000", it finds the year 3000.
  if (!/^[A-Z][a-z]{2}, .+ GMT$/.test(header)) return 0;
  return Math.max(0, Date.parse(header) - nowMs) || 0;
}

/** The form of an error's body: Dintero's own, a code of OAuth, or neither. */
type ErrorForm = "dintero" | (typeof OAUTH_ERRORS)[number] | "other";

/** Source: RFC 6749, section 5.2. */
const OAUTH_ERRORS = [
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
] as const;

function refusalByForm(
  status: number,
  form: ErrorForm,
  answered: string,
): RotationError<AccountErrorCode> {
  if (form === "other") {
    return new RotationError(
      "unavailable",
      `${answered}, but the reply is not in Dintero's format: something in between answered, such as a proxy or a front end. The next check asks again.`,
    );
  }
  const isRejection =
    form === "dintero"
      ? status === 401 || status === 403
      : (status === 400 || status === 401) &&
        (form === "invalid_client" || form === "unauthorized_client");
  return isRejection
    ? new RotationError(
        "credentials-rejected",
        `${answered}: Dintero rejects the credentials. Store the id and secret of an API client of this account.`,
      )
    : new RotationError(
        "request-rejected",
        `${answered}. Check that the account exists and that its API client has a grant for it. If both are correct, ask Dintero's support.`,
      );
}

async function formOf(reply: HttpReply): Promise<ErrorForm> {
  const body = await readReplyBody(reply);
  if (!body.ok) return "other";
  if (readJsonObject(body.text, DINTERO_ERROR).ok) return "dintero";
  const oauth = readJsonObject(body.text, OAUTH_ERROR);
  return oauth.ok ? oauth.value.error : "other";
}

const DINTERO_ERROR = {
  error: v.object(
    {
      message: v.string("error.message is not a string"),
      // A number, or a string of digits, is a front end's status.
      code: v.optional(
        v.pipe(
          v.string("error.code is not a string"),
          v.check((code) => !/^\d+$/.test(code), "error.code is a number"),
        ),
      ),
    },
    "error is not an object",
  ),
};

const OAUTH_ERROR = { error: v.picklist(OAUTH_ERRORS, "error is not a code of OAuth") };
