/**
 * One POST over HTTP or HTTPS.
 *
 * Not `fetch`: it decodes replies whose encoding was not requested, repeats requests by itself, and
 * follows rules of browsers (ports, redirects, statuses). In Node 24.21 it throws an error that cannot be
 * caught if a reply with many codings is cut short. Not the AWS SDK's `NodeHttpHandler`: it waits for ever
 * if the reply is `101 Switching Protocols`.
 */
import type { Agent, IncomingHttpHeaders } from "node:http";
import https from "node:https";
import { addAbortSignal, type Readable } from "node:stream";

/** The body is the stream itself, as it was sent. Destroying it closes the connection. */
export interface HttpReply extends Readable {
  readonly statusCode?: number | undefined;
  readonly headers: IncomingHttpHeaders;
}

export type Post = (
  url: URL,
  request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** Ends the request, and the reading of the reply. */
    readonly signal: AbortSignal;
  },
) => Promise<HttpReply>;

/**
 * Resolves with the head of the final reply, of any status. It follows no redirect.
 * @throws what Node throws: an error with the system's or the parser's `code`, or an `AbortError`.
 */
export const post: Post = async (url, request) =>
  // Without an agent, and so on a connection of its own. The next request comes hours later: a kept
  // connection would be dead by then, and finding out would cost an attempt.
  postWith(false, url, request);

/** The same through an agent, which is for the protocol of the URL. */
export async function postWith(
  agent: Agent | false,
  url: URL,
  { headers, body, signal }: Parameters<Post>[1],
): Promise<HttpReply> {
  // Only for loopback. As a module it also loads Node's `fetch`, which takes as long as the rest of the
  // function.
  const { request } = url.protocol === "https:" ? https : await import("node:http");
  return new Promise((resolve, reject) => {
    request(url, { method: "POST", headers, signal, agent })
      // Without this, a body that ends with the connection would look complete after an abort.
      .on("response", (reply) => resolve(addAbortSignal(signal, reply)))
      .on("error", reject)
      // For a reply that switches protocols there is no error.
      .on("close", () => reject(new Error("The connection was closed without a reply.")))
      .end(body);
  });
}
