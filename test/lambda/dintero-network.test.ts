import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ATTEMPT_TIMEOUT_MS, MAX_ATTEMPTS } from "../../lambda/dintero.ts";
import { DinteroStandIn } from "../../proof/local/dintero/dintero-stand-in.ts";
import { RawServer } from "../../proof/local/raw-server.ts";
import { selfSignedCertificate } from "../../proof/local/self-signed-certificate.ts";
import { BODY_CANARY, TOKEN_CANARY } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import { TestClock } from "../support/test-clock.ts";
import {
  ACCOUNT_ID,
  CREDENTIALS,
  failedRequest,
  postWithCallAtHead,
  type RequestParts,
  START_MS,
} from "./token-request.ts";

const TIMED_OUT = `${ATTEMPT_TIMEOUT_MS} ms`;

let clock: TestClock;
let closers: (() => Promise<void>)[];

beforeEach(() => {
  clock = new TestClock(START_MS);
  closers = [];
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
});

describe("A connection", () => {
  test("that is refused is tried three times.", async () => {
    const server = await RawServer.start(() => {});
    await server.close();
    await expectNoReply(`http://${server.host}`, "ECONNREFUSED");
  });

  test("to a name that does not exist is tried three times.", async () => {
    // A label of over 63 characters is no DNS name, so that the resolver refuses it unasked.
    const name = `${"x".repeat(64)}.localhost`;
    await expectNoReply(`http://${name}`, "ENOTFOUND");
  });

  test("to a server whose certificate nobody trusts carries no request.", async () => {
    const dintero = await standIn(selfSignedCertificate);
    await expectNoReply(dintero.origin, "DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(dintero.requests).toEqual([]);
  });

  test.each(["headers", "body"] as const)(
    "that is cut in the %s is tried three times.",
    async (cut) => {
      const dintero = await standIn();
      dintero.addFault({ effect: { cut } });
      await expectNoReply(dintero.origin, "ECONNRESET");
      expect(dintero.requests).toHaveLength(3);
    },
  );

  test.each([401, 403])(
    "that is cut in the body of status %d is not a rejection of the credentials.",
    async (status) => {
      const server = await rawServer((socket) => {
        const head = `HTTP/1.1 ${status} X\r\ncontent-length: 1000\r\n\r\n`;
        socket.end(`${head}{"error":{"message":"${BODY_CANARY}"}}`);
      });
      await expectNoReply(`http://${server.host}`, "ECONNRESET");
    },
  );

  test.each([
    ["no HTTP", "HPE_INVALID_CONSTANT", `${TOKEN_CANARY} ${BODY_CANARY}\r\n\r\n`],
    [
      "a broken body",
      "ECONNRESET",
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz{"access_token":"${TOKEN_CANARY}","x":"${BODY_CANARY}"}\r\n`,
    ],
    [
      "a change of protocols",
      "Error",
      "HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    ],
    [
      "broken headers",
      "HPE_INVALID_HEADER_TOKEN",
      `HTTP/1.1 200 OK\r\nx y: ${BODY_CANARY}\r\n\r\n${TOKEN_CANARY}`,
    ],
  ])(
    "that carries %s is tried three times, and the message quotes nothing from it.",
    async (_, name, answer) => {
      const server = await rawServer((socket) => socket.write(answer));
      await expectNoReply(`http://${server.host}`, name);
    },
  );
});

describe("An attempt that takes too long is ended and repeated", () => {
  test.each([
    ["http", "does not answer"],
    ["https", "does not finish the handshake"],
  ])("over %s with a server that %s.", async (scheme) => {
    const server = await rawServer(endLastAttempt);
    await expectNoReply(`${scheme}://${server.host}`, TIMED_OUT);
  });

  test.each([
    ["stops in the body", { hang: "body" }],
    ["drips", { drip: { bytesPerInterval: 1, intervalMs: 10 } }],
  ] as const)("with a server that %s.", async (_, effect) => {
    const dintero = await standIn();
    dintero.addFault({ effect });
    await expectNoReply(dintero.origin, TIMED_OUT, {
      post: postWithCallAtHead(endLastAttempt),
    });
    expect(dintero.requests).toHaveLength(3);
  });

  test("in the body of a rejection, which then does not count.", async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 401 X\r\ncontent-length: 99\r\n\r\n{"error":{"message":"x"}}');
    });
    await expectNoReply(`http://${server.host}`, TIMED_OUT, {
      post: postWithCallAtHead(endLastAttempt),
    });
  });
});

describe("An error of the connection is named by", () => {
  test.each([
    ["its code", Object.assign(new Error("x"), { code: "EPIPE" }), "EPIPE"],
    ["its name where its code is no text", new DOMException("x", "NetworkError"), "NetworkError"],
    ["its name where there is no code", new RangeError("x"), "RangeError"],
    ["nothing where it is no error", "x", "unknown"],
  ])("%s.", async (_, thrown, name) => {
    await expectNoReply("http://127.0.0.1:9", name, {
      post: () => Promise.reject(thrown),
    });
  });
});

/** What holds for every fault of the network: all attempts, the code, what it names, what to do. */
async function expectNoReply(origin: string, named: string, parts?: RequestParts): Promise<void> {
  const { code, message } = await failedRequest(origin, { clock, ...parts });
  expect(code).toBe("unavailable");
  expectMessage(message, { names: [named] });
  expect(message).not.toMatch(named === TIMED_OUT ? /\(/ : / ms\b/);
  expect(clock.timeouts).toHaveLength(MAX_ATTEMPTS);
  expect(clock.sleepsMs).toEqual([0, 0]);
}

function endLastAttempt(): void {
  clock.timeouts.at(-1)?.abort();
}

async function standIn(tls?: { key: string; cert: string }): Promise<DinteroStandIn> {
  const dintero = await DinteroStandIn.start({ now: () => START_MS, ...(tls ? { tls } : {}) });
  dintero.setCredentials(ACCOUNT_ID, CREDENTIALS);
  closers.push(() => dintero.close());
  return dintero;
}

/** Calls back at the first bytes of each connection. */
async function rawServer(onData: (socket: Socket) => void): Promise<RawServer> {
  const server = await RawServer.start((socket) => socket.once("data", () => onData(socket)));
  closers.push(() => server.close());
  return server;
}
