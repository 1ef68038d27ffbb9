import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import { post } from "../../lambda/post.ts";
import { RawServer } from "../../proof/local/raw-server.ts";
import { expectMessage } from "../support/expect-message.ts";

const UNTIL_CLOSE = "HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-encoding: gzip\r\n\r\n{}";

let server: RawServer | undefined;
let requests: string[];

afterEach(() => server?.close());

describe("A reply", () => {
  test("arrives as it was sent, with any status and coding", async () => {
    const url = await serve((socket) => socket.end(UNTIL_CLOSE));
    const reply = await post(url, { headers: {}, body: "", signal: AbortSignal.any([]) });
    expect(reply.statusCode).toBe(302);
    expect(reply.headers).toEqual({ location: "/x", "content-encoding": "gzip" });
    expect(await text(reply)).toBe("{}");
    expect(requests).toHaveLength(1);
  });

  test("that ends with the connection does not succeed when it is aborted", async () => {
    const url = await serve((socket) => socket.write(UNTIL_CLOSE));
    const controller = new AbortController();
    const reply = await post(url, { headers: {}, body: "", signal: controller.signal });
    const body = text(reply);
    controller.abort();
    await expect(body).rejects.toThrow("aborted");
  });

  test("that switches protocols fails, although Node has no error for it", async () => {
    const url = await serve((socket) =>
      socket.write("HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    );
    const failure = await post(url, {
      headers: {},
      body: "",
      signal: AbortSignal.any([]),
    }).catch((error: unknown) => error);
    expectMessage(failure instanceof Error ? failure.message : "");
  });
});

test("A request has its headers and its body's length, and a connection of its own.", async () => {
  const url = await serve((socket) => socket.end(UNTIL_CLOSE));
  await post(url, { headers: { accept: "x" }, body: "é", signal: AbortSignal.any([]) });
  expect(requests).toEqual([
    `POST /path HTTP/1.1\r\naccept: x\r\nHost: ${url.host}\r\nConnection: close\r\nContent-Length: 2\r\n\r\né`,
  ]);
});

/** Calls back at the first bytes of each connection. */
async function serve(onData: (socket: Socket) => void): Promise<URL> {
  requests = [];
  server = await RawServer.start((socket) =>
    socket.once("data", (bytes) => {
      requests.push(bytes.toString());
      onData(socket);
    }),
  );
  return new URL(`http://${server.host}/path`);
}
