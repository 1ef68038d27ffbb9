/**
 * A TCP server on loopback for what no HTTP server would do: silence, garbage, a body without end.
 */
import { once } from "node:events";
import { createServer, type Server, type ServerOpts, type Socket } from "node:net";

export class RawServer {
  /** `127.0.0.1:PORT`; the scheme is the caller's. */
  readonly host: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  /** Listens on a free port and hands over each connection. */
  static async start(
    onConnection: (socket: Socket) => void,
    options: ServerOpts = {},
  ): Promise<RawServer> {
    const sockets = new Set<Socket>();
    const server = createServer(options, (socket) => {
      sockets.add(socket);
      // Clients leave in the middle: that is what they should do.
      socket.on("error", () => {});
      onConnection(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new RawServer(server, sockets);
  }

  private constructor(server: Server, sockets: Set<Socket>) {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening on TCP");
    this.host = `127.0.0.1:${address.port}`;
    this.#server = server;
    this.#sockets = sockets;
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
