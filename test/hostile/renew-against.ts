/** One renewal by the deployed client against one hostile reply, over loopback. */
import { channel } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { createTokenEndpoint } from "../../lambda/dintero.ts";
import { post } from "../../lambda/post.ts";
import { renewToken } from "../../lambda/renew-token.ts";
import { RawServer } from "../../proof/local/raw-server.ts";
import { SECRET_CANARY } from "../support/canaries.ts";
import { fakeCheck, stored } from "../support/fake-check.ts";
import "../support/node-errors.ts";
import type { HostileReply } from "./hostile-reply.ts";
import type { Observed } from "./safety-judge.ts";

const CLIENT = { client_id: "ecom-æ-123", client_secret: SECRET_CANARY, versionId: "version-1" };
const BASIC = Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString("base64");
/** Turns of the event loop in which a client reads what was sent. */
const SETTLE_TURNS = 20;
/** Real time, a thousand times what one reply takes: no test of a client that works waits for it. */
const HANG_MS = 20_000;

/** @param createEndpoint - another client, to show that a broken one is caught. */
export async function renewAgainst(
  reply: HostileReply,
  createEndpoint = createTokenEndpoint,
): Promise<Observed> {
  const check = fakeCheck({ credentials: () => CLIENT });
  const { clock, writes } = check;
  const requests: string[] = [];
  const server = await RawServer.start(
    (socket) =>
      onRequests(socket, (request) => {
        requests.push(request);
        const attempt = clock.timeouts.at(-1);
        // An attempt's time is up when the server has sent all it ever will.
        void answer(socket, reply).then(() => attempt?.abort());
      }),
    { allowHalfOpen: true },
  );
  const clientSockets: Socket[] = [];
  // The message is what Node documents for this channel.
  const onSocket = (message: unknown) => clientSockets.push((message as { socket: Socket }).socket);
  channel("net.client.socket").subscribe(onSocket);
  try {
    const origin = `http://${server.host}`;
    const tokenEndpoint = createEndpoint({
      ...{ origin, post, clock, random: () => 0.5, pauses: new Map() },
    });
    const { signal } = new AbortController();
    const dependencies = { ...check, tokenEndpoint };
    const outcome = await Promise.race([
      renewToken("T12345678", stored(), "aging", dependencies, signal).then(
        () => ({}),
        (error: unknown) => ({ error }),
      ),
      setTimeout(HANG_MS, { hung: true }, { ref: false }),
    ]);
    // Jest fails the test for a rejection that nobody handled by then.
    await turns(2);
    return {
      ...outcome,
      writes,
      requests,
      requestedAtMs: clock.nowMs,
      waitsMs: clock.sleepsMs,
      bytesRead: Math.max(0, ...clientSockets.map(({ bytesRead }) => bytesRead)),
      secrets: [SECRET_CANARY, BASIC],
    };
  } finally {
    channel("net.client.socket").unsubscribe(onSocket);
    await server.close();
  }
}

function onRequests(socket: Socket, onRequest: (request: string) => void): void {
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    const [head = "", body] = received.split("\r\n\r\n");
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (body === undefined || body.length < length) return;
    received = "";
    onRequest(head.slice(0, head.indexOf(" HTTP/")));
  });
}

async function answer(socket: Socket, { bytes, writes, end }: HostileReply): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / writes));
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    await new Promise((written) => socket.write(bytes.subarray(at, at + size), written));
    await setImmediate();
  }
  // A reset overtakes what was sent just before it.
  if (end === "reset") await turns(SETTLE_TURNS);
  if (end === "half-close") socket.end();
  if (end === "close") socket.destroySoon();
  if (end === "reset") socket.resetAndDestroy();
  await turns(SETTLE_TURNS);
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}
