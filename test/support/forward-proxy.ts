/** A forward proxy on loopback that logs what it is asked for, and ends TLS itself, as a company's does. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { TLSSocket } from "node:tls";
import { selfSignedCertificate } from "../../proof/local/self-signed-certificate.ts";

export interface ForwardProxyOptions {
  /** By the host asked for, such as `aws.example.com:443`: the port on loopback that answers for it. */
  readonly ports: Readonly<Record<string, number>>;
  /** Default: none is asked for. */
  readonly password?: string;
}

export class ForwardProxy {
  /** With the password, as in `HTTPS_PROXY`. */
  readonly url: string;
  /** Each host that was asked for, in the order of requests. */
  readonly asked: string[] = [];
  readonly #server: Server;

  static async start(options: ForwardProxyOptions): Promise<ForwardProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ForwardProxy(server, options);
  }

  private constructor(server: Server, { ports, password }: ForwardProxyOptions) {
    this.#server = server;
    // It listens on TCP.
    const { port } = server.address() as AddressInfo;
    const user = password === undefined ? "" : `engineer:${encodeURIComponent(password)}@`;
    this.url = `http://${user}127.0.0.1:${port}`;
    const authorization =
      password && `Basic ${Buffer.from(`engineer:${password}`).toString("base64")}`;
    server.on("connect", ({ url = "", headers }, socket) => {
      this.asked.push(url);
      const target = ports[url];
      socket.on("error", () => {});
      if (headers["proxy-authorization"] !== authorization) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      } else if (target === undefined) {
        socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      } else {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        const plain = new TLSSocket(socket, { isServer: true, ...selfSignedCertificate });
        const upstream = connect(target, "127.0.0.1");
        for (const side of [plain, upstream]) side.on("error", () => socket.destroy());
        plain.pipe(upstream).pipe(plain);
      }
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
