import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { MAX_REPLY_BYTES } from "../../lambda/reply-body.ts";
import { readTokenReply } from "../../lambda/token-reply.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { RawServer } from "../../proof/local/raw-server.ts";
import { expectMessage } from "../support/expect-message.ts";
import {
  ACCOUNT_ID,
  CREDENTIALS,
  failedRequest,
  failureOf,
  httpReply,
  requestToken,
  START_MS,
} from "./token-request.ts";

const TOO_LARGE = { names: [`${MAX_REPLY_BYTES} bytes`] };
const REPLY = '{"access_token":"a.b.c","token_type":"Bearer","expires_in":60}';

let dintero: DinteroStandIn;

beforeEach(async () => {
  dintero = await DinteroStandIn.start({ now: () => START_MS });
  dintero.setCredentials(ACCOUNT_ID, CREDENTIALS);
});
afterEach(() => dintero.close());

describe("A reply", () => {
  test("of exactly the limit is accepted.", async () => {
    fault(MAX_REPLY_BYTES);
    const { accessToken } = await requestToken(dintero.origin);
    expect(accessToken).toBe(dintero.requests[0]?.token);
  });

  test.each([MAX_REPLY_BYTES + 1, 50 * 1024 * 1024])("of %d bytes is refused.", async (bytes) => {
    fault(bytes);
    const { code, message } = await failedRequest(dintero.origin);
    expect(code).toBe("bad-reply");
    expectMessage(message, TOO_LARGE);
    expect(dintero.requests).toHaveLength(1);
  });
});

test.each([
  [200, ""],
  [401, ""],
  [503, ""],
  [200, "content-encoding: gzip\r\n"],
])(
  "A reply with status %d, a body without end and %j is refused and its connection closed.",
  async (status, header) => {
    const closed = Promise.withResolvers<boolean>();
    const server = await RawServer.start((socket) => {
      socket.once("data", () => sendEndlessly(socket, status, header));
      socket.once("close", () => closed.resolve(true));
    });
    try {
      const { code } = await failedRequest(`http://${server.host}`);
      expect(code).toBe(status === 200 ? "bad-reply" : "unavailable");
      expect(await closed.promise).toBe(true);
    } finally {
      await server.close();
    }
  },
);

test("The size is that of the bytes, not of the characters.", async () => {
  const body = `${REPLY.slice(0, -1)},"more":"${"é".repeat(MAX_REPLY_BYTES / 2)}"}`;
  expect(body.length).toBeLessThan(MAX_REPLY_BYTES);
  const { message } = await failureOf(readTokenReply(httpReply(body), START_MS, "It"));
  expectMessage(message, TOO_LARGE);
});

test("A body that comes in pieces is joined, also within characters of several bytes.", async () => {
  const bytes = Buffer.from(`${REPLY.slice(0, -1)},"more":"é🔑"}`);
  const stream = Readable.from([...bytes].map((byte) => Buffer.of(byte)));
  const { accessToken } = await readTokenReply(httpReply(stream), START_MS, "It");
  expect(accessToken).toBe("a.b.c");
});

test("An error of the body's stream is passed on.", async () => {
  const error = new Error("cut");
  const stream = new Readable({ read: () => stream.destroy(error) });
  await expect(readTokenReply(httpReply(stream), START_MS, "It")).rejects.toBe(error);
});

function fault(bytes: number): void {
  dintero.addFault({ effect: { huge: { bytes } } });
}

/** Dintero's shape and then blanks, so that only the size can be held against it. */
function sendEndlessly(socket: Socket, status: number, header: string): void {
  socket.write(`HTTP/1.1 ${status} X\r\n${header}connection: close\r\n\r\n`);
  const body = Readable.from(endless(status === 200 ? REPLY : '{"error":{"message":"x"}}'));
  // A stream without end ends with its socket; `pipe` alone would go on for ever.
  socket.once("close", () => body.destroy());
  body.pipe(socket);
}

function* endless(start: string): Generator<Buffer> {
  yield Buffer.from(start);
  for (;;) yield BLANKS;
}

const BLANKS = Buffer.alloc(65_536, " ");
