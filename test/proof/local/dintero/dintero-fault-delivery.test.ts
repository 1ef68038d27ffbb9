import { once } from "node:events";
import { Agent, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { DinteroEffect } from "../../../../proof/local/dintero/dintero-fault.ts";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import { ACCOUNT, CREDENTIALS, newToken, postToken, rawPostToken } from "./post-token.ts";

const OTHER = "P123";

let dintero: DinteroStandIn;
let testOver: AbortController;

beforeEach(async () => {
  testOver = new AbortController();
  dintero = await DinteroStandIn.start({ now: () => 0 });
  dintero.setCredentials(ACCOUNT, CREDENTIALS);
  dintero.setCredentials(OTHER, CREDENTIALS);
});
afterEach(async () => {
  testOver.abort();
  await dintero.close();
});

describe("time", () => {
  test("A delayed reply comes after replies to later requests, and is the normal one.", async () => {
    await newToken(dintero.origin, OTHER); // The key is made by now.
    const order: string[] = [];
    fault({ delayMs: 150 });
    const delayed = postToken(dintero.origin).finally(() => order.push("delayed"));
    await arrived(2);
    expect(dintero.requests[1]).not.toHaveProperty("status");
    await newToken(dintero.origin, OTHER).finally(() => order.push("later"));
    expect(await (await delayed).json()).toMatchObject({ token_type: "Bearer" });
    expect(order).toEqual(["later", "delayed"]);
  });

  test("A hang before the head lasts until the server is closed.", async () => {
    fault({ hang: "headers" });
    const hung = postToken(dintero.origin);
    await arrived(1);
    await newToken(dintero.origin, OTHER);
    expect(await stateOf(hung)).toBe("pending");
    expect(dintero.requests[0]).not.toHaveProperty("status");
    expect(dintero.requests[0]).not.toHaveProperty("token");
    await dintero.close();
    await expect(hung).rejects.toThrow("fetch failed");
  });

  test("A hang in the body sends half of what it announced.", async () => {
    fault({ hang: "body" });
    const response = await rawPostToken(dintero.origin);
    const announced = Number(response.headers["content-length"]);
    const received = collect(response);
    await until(() => received.bytes >= Math.floor(announced / 2));
    await newToken(dintero.origin, OTHER);
    expect(announced).toBeGreaterThan(500);
    expect(received).toMatchObject({ bytes: Math.floor(announced / 2), state: "open" });
    expect(dintero.requests[0]).toMatchObject({ status: 200, token: expect.stringMatching(/./) });
    await dintero.close();
    await until(() => received.state !== "open");
    expect(received.state).toBe("aborted");
  });

  test("A drip sends one piece, and the next only after the interval.", async () => {
    fault({ drip: { bytesPerInterval: 10, intervalMs: 3_600_000 } });
    const response = await rawPostToken(dintero.origin);
    const received = collect(response);
    await until(() => received.bytes > 0);
    await newToken(dintero.origin, OTHER);
    expect(received).toMatchObject({ bytes: 10, state: "open" });
    expect(Number(response.headers["content-length"])).toBeGreaterThan(500);
  });

  test.each([1, 7, 5_000])(
    "A drip of %d bytes at a time arrives whole.",
    async (bytesPerInterval) => {
      fault({ drip: { bytesPerInterval, intervalMs: 0 } });
      expect(await (await postToken(dintero.origin)).json()).toMatchObject({
        access_token: dintero.requests[0]?.token,
        expires_in: 86_400,
      });
    },
  );

  test("After a drip the connection serves the next request.", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    fault({ drip: { bytesPerInterval: 500, intervalMs: 0 } });
    await buffer(await rawPostToken(dintero.origin, { agent }));
    expect((await rawPostToken(dintero.origin, { agent })).statusCode).toBe(200);
    agent.destroy();
  });
});

describe("a cut connection", () => {
  test("Cut before the head: no answer.", async () => {
    fault({ cut: "headers" });
    await expect(postToken(dintero.origin)).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) },
    });
    expect(dintero.requests[0]).not.toHaveProperty("status");
  });

  test("Cut in the body: half of it arrives, then an error.", async () => {
    fault({ cut: "body" });
    const response = await rawPostToken(dintero.origin);
    const announced = Number(response.headers["content-length"]);
    const received = collect(response);
    await until(() => received.state !== "open");
    expect(received).toEqual({ bytes: Math.floor(announced / 2), state: "aborted" });
    expect(dintero.requests).toMatchObject([{ status: 200, token: expect.stringMatching(/./) }]);
  });
});

describe("a huge body", () => {
  test.each([1, 65_536, 200_000])("%d bytes of it, without a length.", async (bytes) => {
    fault({ huge: { bytes } });
    const response = await rawPostToken(dintero.origin);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ "content-type": "application/json" });
    expect(response.headers).not.toHaveProperty("content-length");
    expect(await buffer(response)).toHaveLength(bytes);
  });

  test("It is a right reply apart from its size.", async () => {
    fault({ huge: { bytes: 200_000 } });
    const body = await (await postToken(dintero.origin)).text();
    expect(JSON.parse(body)).toMatchObject({ access_token: dintero.requests[0]?.token });
  });

  test("It has status 200 for wrong credentials, too.", async () => {
    fault({ huge: { bytes: 100 } });
    const response = await postToken(dintero.origin, { headers: { authorization: undefined } });
    expect(response.status).toBe(200);
    expect(await response.text()).toHaveLength(100);
  });

  test("Compressed, little goes over the wire and much comes out.", async () => {
    fault({ huge: { bytes: 5_000_000, gzip: true } });
    fault({ huge: { bytes: 5_000_000, gzip: true } });
    const raw = await rawPostToken(dintero.origin);
    expect(raw.headers["content-encoding"]).toBe("gzip");
    expect((await buffer(raw)).length).toBeLessThan(50_000);
    expect(await (await postToken(dintero.origin)).text()).toHaveLength(5_000_000);
  });

  test.each([false, true])("A terabyte (gzip: %j) is made only as it is read.", async (gzip) => {
    fault({ huge: { bytes: 1e12, gzip } });
    const response = await rawPostToken(dintero.origin);
    await once(response, "readable");
    response.read();
    await newToken(dintero.origin, OTHER);
    response.destroy();
    await newToken(dintero.origin, OTHER);
  });
});

test.each<[string, DinteroEffect]>([
  ["a delay", { delayMs: 3_600_000 }],
  ["a hang", { hang: "headers" }],
  ["a hang in the body", { hang: "body" }],
  ["a drip", { drip: { bytesPerInterval: 1, intervalMs: 1 } }],
  ["a huge body", { huge: { bytes: 1e12 } }],
])("A client that leaves during %s does no harm.", async (_name, effect) => {
  fault(effect);
  const controller = new AbortController();
  const left = postToken(dintero.origin, { signal: controller.signal }).then((response) =>
    response.text(),
  );
  await arrived(1);
  controller.abort();
  await expect(left).rejects.toThrow("aborted");
  await newToken(dintero.origin, ACCOUNT);
});

function fault(effect: DinteroEffect): void {
  dintero.addFault({ accountId: ACCOUNT, times: 1, effect });
}

function arrived(count: number): Promise<void> {
  return until(() => dintero.requests.length >= count);
}

/** Gives up with the test, so that a condition that never holds is a failure and not a hang. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn(undefined, { signal: testOver.signal });
}

async function stateOf(promise: Promise<unknown>): Promise<string> {
  const settled = promise.then(
    () => "fulfilled",
    () => "rejected",
  );
  return Promise.race([settled, nextTurn("pending")]);
}

function collect(response: IncomingMessage): { bytes: number; state: string } {
  const received = { bytes: 0, state: "open" };
  response.on("data", (chunk: Buffer) => {
    received.bytes += chunk.length;
  });
  response.on("end", () => {
    received.state = "complete";
  });
  response.on("error", () => {
    received.state = "aborted";
  });
  return received;
}
