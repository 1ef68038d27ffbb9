/**
 * Dintero's token endpoint as a real HTTP(S) server on loopback, in process.
 * Started by the local run, the simulation and the tests in place of https://api.dintero.com.
 * The rules stand in `token-reply.ts`, what can go wrong in `dintero-fault.ts`.
 */
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { buffer as readAll } from "node:stream/consumers";
import { signAccessToken } from "./access-token.ts";
import { checkFault, type DinteroEffect, type DinteroFault, serveEffect } from "./dintero-fault.ts";
import { type Exchange, type HttpReply, send } from "./http-reply.ts";
import {
  accountIdOf,
  type ClientCredentials,
  dinteroError,
  type IssuedToken,
  JSON_CONTENT,
  type TokenGrant,
  tokenReply,
} from "./token-reply.ts";

/** A request that arrived in full, and what became of it. */
export interface DinteroRequest {
  readonly method: string;
  /** Request target: path and query as they came. */
  readonly path: string;
  /** As the path names it, well formed or not; absent on other paths. */
  readonly accountId?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The status answered; absent while, or where, there is no answer. */
  status?: number;
  /** The token handed out, whether or not the reply reached the client. */
  token?: string;
}

/** How a stand-in is started. */
export interface DinteroStandInOptions {
  /** The clock of tokens, in epoch milliseconds. */
  readonly now: () => number;
  /** Default 86400, the example of https://docs.dintero.com/docs/checkout/authentication. */
  readonly lifetimeSeconds?: number;
  /** Serve https with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** An embedded Dintero: credentials go in, tokens come out over HTTP, faults on demand. */
export class DinteroStandIn {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly origin: string;
  /** Life of the next token, in seconds. */
  lifetimeSeconds: number;
  /** Every request that arrived in full, in that order. */
  readonly requests: DinteroRequest[] = [];

  readonly #now: () => number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #credentials = new Map<string, ClientCredentials>();
  readonly #lastTokens = new Map<string, string>();
  readonly #faults = new Set<{ readonly fault: DinteroFault; timesLeft: number }>();

  /** Listens on a free port of 127.0.0.1. */
  static async start(options: DinteroStandInOptions): Promise<DinteroStandIn> {
    const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new DinteroStandIn(server, options);
  }

  private constructor(server: Server, options: DinteroStandInOptions) {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening on TCP");
    this.origin = `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}`;
    this.lifetimeSeconds = options.lifetimeSeconds ?? 86_400;
    this.#now = options.now;
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void this.#serve(request, response);
    });
  }

  /** Makes these the account's only valid credentials. An account without any is answered 401. */
  setCredentials(accountId: string, credentials: ClientCredentials): void {
    this.#credentials.set(accountId, credentials);
  }

  /**
   * Makes requests fail. The oldest fault that fits a request is the one it meets, so that faults
   * with `times` make a sequence. Returns what takes the fault away again.
   *
   * @throws RangeError where the fault could not be served as valid HTTP.
   */
  addFault(fault: DinteroFault): () => void {
    checkFault(fault);
    const entry = { fault, timesLeft: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.add(entry);
    return () => {
      this.#faults.delete(entry);
    };
  }

  /** Ends every fault; a reply that is under way is not changed. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /** Forgets credentials, requests, faults and last tokens; the lifetime stays. */
  reset(): void {
    this.#credentials.clear();
    this.#lastTokens.clear();
    this.#faults.clear();
    this.requests.length = 0;
  }

  /** Stops listening and ends every connection, hung ones too. May be called again. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    // Not `closeAllConnections`: that knows no TLS connection whose handshake is not done.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());

    const body = await readAll(request).catch(() => undefined);
    if (body === undefined) return; // The client left before it had said everything.
    const record = requestRecord(request, body);
    this.requests.push(record);
    const exchange: Exchange = {
      response,
      gone: gone.signal,
      onStatus: (status) => {
        record.status = status;
      },
    };
    const effect = this.#takeEffect(record.accountId);
    const normalReply = () => this.#normalReply(record, body, effect);
    try {
      if (effect === undefined) send(exchange, await normalReply());
      else await serveEffect(effect, exchange, normalReply);
    } catch (error) {
      if (gone.signal.aborted || response.headersSent) response.destroy();
      else send(exchange, brokenFaultReply(error));
    }
  }

  #takeEffect(accountId: string | undefined): DinteroEffect | undefined {
    for (const entry of this.#faults) {
      const fits = entry.fault.accountId === undefined || entry.fault.accountId === accountId;
      if (!fits || entry.timesLeft <= 0) continue;
      entry.timesLeft -= 1;
      return entry.fault.effect;
    }
    return undefined;
  }

  async #normalReply(
    record: DinteroRequest,
    body: Uint8Array,
    effect: DinteroEffect | undefined,
  ): Promise<HttpReply> {
    const { status, headers, json } = await tokenReply(
      { ...record, body },
      {
        credentialsOf: (accountId) => this.#credentials.get(accountId),
        issueToken: (grant) => this.#issueToken(grant, effect),
      },
    );
    const sent = effect !== undefined && "reply" in effect ? effect.reply(json) : json;
    this.#remember(record, sent);
    return { status, headers, body: Buffer.from(JSON.stringify(sent) ?? "") };
  }

  async #issueToken(grant: TokenGrant, effect: DinteroEffect | undefined): Promise<IssuedToken> {
    const expiresInSeconds = this.lifetimeSeconds;
    const again = this.#lastTokens.get(grant.accountId);
    if (effect !== undefined && "sameToken" in effect && again !== undefined) {
      return { accessToken: again, expiresInSeconds };
    }
    return {
      accessToken: await signAccessToken(grant, this.#now(), expiresInSeconds),
      expiresInSeconds,
    };
  }

  /** What left counts, not what was signed: a fault may have put another token into the reply. */
  #remember(record: DinteroRequest, sent: unknown): void {
    if (typeof sent !== "object" || sent === null || !("access_token" in sent)) return;
    const token = sent.access_token;
    if (typeof token !== "string" || record.accountId === undefined) return;
    record.token = token;
    this.#lastTokens.set(record.accountId, token);
  }
}

function requestRecord(request: IncomingMessage, body: Buffer): DinteroRequest {
  const { method = "", url: path = "", headers } = request;
  const accountId = accountIdOf(path);
  return {
    method,
    path,
    ...(accountId === undefined ? {} : { accountId }),
    headers,
    body: body.toString("utf8"),
  };
}

/** A fault's own function or headers failed: said where the fault's author will look. */
function brokenFaultReply(error: unknown): HttpReply {
  const json = dinteroError(500, `The fault could not be served: ${String(error)}`);
  return { status: 500, headers: JSON_CONTENT, body: Buffer.from(JSON.stringify(json)) };
}
