/**
 * Dintero's Checkout API on loopback, as far as a reader of the token can tell: one call, and 401
 * for every token but those it accepts.
 * Source: https://docs.dintero.com/docs/checkout/authentication, "Using the access token"; the call
 * and the form of errors: https://docs.dintero.com/specs/spec-payments.yaml, `checkout_session_get`.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

const SESSION_PATH = /^\/v1\/sessions\/([\w.-]+)$/;

export class CheckoutStandIn {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Tokens that it takes. */
  readonly accepted = new Set<string>();
  /** What each request carried as its token, in the order of arrival. */
  readonly tokensSeen: (string | undefined)[] = [];
  /** What is to happen before the next answer leaves, once. */
  beforeNextAnswer: (() => Promise<unknown>) | undefined;
  readonly #server: Server;

  /** Listens on a free port of 127.0.0.1. */
  static async start(): Promise<CheckoutStandIn> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CheckoutStandIn(server);
  }

  private constructor(server: Server) {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening on TCP");
    this.origin = `http://127.0.0.1:${address.port}`;
    this.#server = server;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request, response);
    });
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = this.#reply(request);
    const before = this.beforeNextAnswer;
    this.beforeNextAnswer = undefined;
    await before?.();
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  }

  #reply({ method, url = "", headers }: IncomingMessage): { status: number; body: unknown } {
    const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
    this.tokensSeen.push(token);
    if (token === undefined || !this.accepted.has(token)) {
      return { status: 401, body: { error: { message: "Unauthorized" } } };
    }
    const [, id] = SESSION_PATH.exec(url) ?? [];
    if (method !== "GET" || id === undefined) {
      return { status: 404, body: { error: { message: "Not found" } } };
    }
    return { status: 200, body: { id } };
  }
}
