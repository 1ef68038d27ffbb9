/** A server on loopback that answers every request with the same bytes, sound HTTP or not. */
import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { RawServer } from "../../proof/local/raw-server.ts";
import type { HostileReply } from "./hostile-reply.ts";

/** Turns of the event loop, each of this many milliseconds, in which a client reads what was sent. */
const SETTLE_TURNS = 8;
const SETTLE_TURN_MS = 5;

export class HostileServer {
  readonly origin: string;
  requests = 0;
  readonly #server: RawServer;

  /**
   * Listens on a free port.
   * @param onRequest - called with each request; what it returns is called when all of the reply
   * was sent and had time to be read.
   */
  static async start(reply: HostileReply, onRequest: () => () => void): Promise<HostileServer> {
    const server = await RawServer.start(
      (socket) =>
        onRequests(socket, () => {
          started.requests += 1;
          const onSilence = onRequest();
          void answer(socket, reply).then(onSilence);
        }),
      { allowHalfOpen: true },
    );
    const started = new HostileServer(server);
    return started;
  }

  private constructor(server: RawServer) {
    this.origin = `http://${server.host}`;
    this.#server = server;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

function onRequests(socket: Socket, onRequest: () => void): void {
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    for (;;) {
      const headEnd = received.indexOf("\r\n\r\n");
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (headEnd < 0 || received.length < headEnd + 4 + length) return;
      received = received.slice(headEnd + 4 + length);
      onRequest();
    }
  });
}

async function answer(socket: Socket, reply: HostileReply): Promise<void> {
  const { bytes, writes, end } = reply;
  const size = Math.max(1, Math.ceil(bytes.length / writes));
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    await new Promise((resolve) => socket.write(bytes.subarray(at, at + size), resolve));
    await setImmediate();
  }
  // A reset overtakes what was sent just before it: which one the client saw first would be left to
  // chance.
  if (end === "reset") await settled();
  if (end === "half-close") socket.end();
  if (end === "close") socket.destroySoon();
  if (end === "reset") socket.resetAndDestroy();
  await settled();
}

/**
 * Counted in turns rather than in one wait: a machine that stands still for a while takes no turns,
 * so that the outcome depends on the reply and not on the machine.
 */
async function settled(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await setTimeout(SETTLE_TURN_MS);
}
