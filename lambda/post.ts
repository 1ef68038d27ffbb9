/**
 * One POST over HTTP or HTTPS.
 *
 * Not `fetch`: it decodes what nobody asked to be encoded, asks again by itself, follows rules of
 * browsers (ports, redirects, statuses), and in Node 24.21 throws an error that nobody can catch where
 * a reply with many codings is cut short. Not the AWS SDK's `NodeHttpHandler`: it waits for ever where
 * the reply is `101 Switching Protocols`.
 */
import type { Agent, IncomingHttpHeaders } from "node:http";
import https from "node:https";
import { addAbortSignal, type Readable } from "node:stream";

/** The body is the stream itself, as it was sent; destroyed, it closes the connection. */
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
 * Resolves with the head of the final reply, whatever its status; no redirect is followed.
 * @throws what Node throws: an error with the system's or the parser's `code`, or an `AbortError`.
 */
export const post: Post = async (url, request) =>
  // Without an agent, and so on a connection of its own: the next request comes hours later, when
  // one that was kept would be dead and cost an attempt to find out.
  postWith(false, url, request);

/** The same through an agent, which is for the protocol of the URL. */
export async function postWith(
  agent: Agent | false,
  url: URL,
  { headers, body, signal }: Parameters<Post>[1],
): Promise<HttpReply> {
  // Loopback only, and not loaded for others: as a module it brings Node's `fetch` along, which takes
  // as long as the rest of the function.
  const { request } = url.protocol === "https:" ? https : await import("node:http");
  return new Promise((resolve, reject) => {
    request(url, { method: "POST", headers, signal, agent })
      // Without this, a body that lasts until the connection closes would end well when it is aborted.
      .on("response", (reply) => resolve(addAbortSignal(signal, reply)))
      .on("error", reject)
      // Without an error when the reply is to switch protocols.
      .on("close", () => reject(new Error("The connection was closed without a reply.")))
      .end(body);
  });
}
