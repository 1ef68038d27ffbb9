/**
 * Dintero's token endpoint, and one call of its Checkout API, as a real HTTP(S) server on loopback, in
 * place of https://api.dintero.com.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { decodeJwt } from "jose";
import type { ClientCredentials } from "../../../lambda/contract.ts";
import { newAccessToken } from "./access-token.ts";
import { checkoutSessionReply } from "./checkout-session.ts";
import { type DinteroEffect, type DinteroFault, serveEffect } from "./dintero-fault.ts";
import { jsonReply, type RawReply, send } from "./raw-reply.ts";
import { accountIdOf, type TokenGrant, type TokenRequest, tokenGrant } from "./token-grant.ts";

/** A request that arrived in full, and its result. */
export interface DinteroRequest extends TokenRequest {
  /** Absent if the path names no account. */
  readonly accountId: string | undefined;
  /** The token issued, whether or not the reply reached the client. */
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
  readonly lifetimeSeconds: number;
  /** Every request that arrived in full, in that order. */
  readonly requests: DinteroRequest[] = [];

  readonly #now: () => number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Map<string | undefined, ClientCredentials>();
  readonly #faults = new Set<{ readonly fault: DinteroFault; timesLeft: number }>();

  /** Listens on a free port of 127.0.0.1. */
  static async start(options: DinteroStandInOptions): Promise<DinteroStandIn> {
    const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new DinteroStandIn(server, options);
  }

  private constructor(server: Server, { now, lifetimeSeconds, tls }: DinteroStandInOptions) {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening on TCP");
    this.origin = `${tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}`;
    this.lifetimeSeconds = lifetimeSeconds ?? 86_400;
    this.#now = now;
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      void this.#serve(request, response);
    });
  }

  /** Makes this the account's only API client. Requests for an account without one get 401. */
  setCredentials(accountId: string, client: ClientCredentials): void {
    this.#clients.set(accountId, client);
  }

  /**
   * Makes requests fail. A request meets the oldest fault that fits it, so that faults with `times`
   * make a sequence. Returns a function that removes the fault.
   */
  addFault(fault: DinteroFault): () => void {
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

  /** Forgets credentials, requests and faults. */
  reset(): void {
    this.#clients.clear();
    this.#faults.clear();
    this.requests.length = 0;
  }

  /** Stops listening and ends every connection, hung ones too. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    // Not `closeAllConnections`: that knows no TLS connection whose handshake is not done.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return; // The client left in the middle of its request.
    const { method = "", url: path = "", headers } = request;
    const record: DinteroRequest = { method, path, accountId: accountIdOf(path), headers, body };
    this.requests.push(record);
    const effect = this.#takeEffect(record.accountId);
    if (effect === undefined) send(response, this.#normalReply(record, {}));
    else await serveEffect(effect, response, () => this.#normalReply(record, effect));
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

  #normalReply(record: DinteroRequest, effect: DinteroEffect | object): RawReply {
    const session = checkoutSessionReply(record, this.#isValid.bind(this));
    if (session) return session;
    const decision = tokenGrant(record, this.#clients.get(record.accountId));
    if ("refusal" in decision) return decision.refusal;
    const good = {
      access_token: this.#issueToken(record, decision.grant, "sameToken" in effect),
      token_type: "Bearer",
      expires_in: this.lifetimeSeconds,
    };
    const json: unknown = "reply" in effect ? effect.reply(good) : good;
    // What leaves counts: a fault may have put another token into the reply.
    const { access_token: token } = Object(json);
    if (typeof token === "string") record.token = token;
    return jsonReply(200, json);
  }

  #issueToken({ accountId }: DinteroRequest, grant: TokenGrant, isSameToken: boolean): string {
    const last = this.requests.findLast((it) => it.accountId === accountId && it.token);
    if (isSameToken && last?.token !== undefined) return last.token;
    return newAccessToken(grant, this.#now(), this.lifetimeSeconds);
  }

  #isValid(token: string): boolean {
    const isIssued = this.requests.some((request) => request.token === token);
    return isIssued && (decodeJwt(token).exp ?? 0) * 1000 > this.#now();
  }
}
