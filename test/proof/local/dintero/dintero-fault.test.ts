import type { IncomingMessage } from "node:http";
import { buffer, json, text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { DinteroEffect } from "../../../../proof/local/dintero/dintero-fault.ts";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import { ACCOUNT, CLIENT, newToken, postToken } from "./post-token.ts";

const OTHER = "P123";

let dintero: DinteroStandIn;

beforeEach(async () => {
  dintero = await DinteroStandIn.start({ now: () => 0 });
  dintero.setCredentials(ACCOUNT, CLIENT);
  dintero.setCredentials(OTHER, CLIENT);
});
afterEach(() => dintero.close());

describe("A given reply", () => {
  test.each<[DinteroEffect, number, string]>([
    [{ status: 201 }, 201, ""],
    [{ status: 204, body: "not allowed here" }, 204, ""],
    [{ status: 503 }, 503, '{"error":{"message":"Unexpected Error","code":"SERVICE UNAVAILABLE"}}'],
    [{ status: 500, body: "" }, 500, ""],
    [{ status: 401, body: "<p>" }, 401, "<p>"],
    [{ body: "<html>" }, 200, "<html>"],
  ])("as %j has that status and body, and carries no token.", async (effect, status, body) => {
    const response = await meet(effect);
    expect([response.statusCode, await text(response)]).toEqual([status, body]);
    expect(dintero.requests[0]).not.toHaveProperty("token");
  });

  test("has the given headers, in any letter case.", async () => {
    const headers = { "Retry-After": "7", "CONTENT-TYPE": "text/html" };
    const response = await meet({ status: 429, headers });
    expect(response.headers).toMatchObject({ "retry-after": "7", "content-type": "text/html" });
  });
});

describe("The normal reply", () => {
  test("can be changed, and the record has the token that was sent.", async () => {
    const response = await meet({ reply: (good) => ({ ...good, access_token: "mine" }) });
    expect(await json(response)).toMatchObject({ access_token: "mine", expires_in: 86_400 });
    expect(dintero.requests).toMatchObject([{ token: "mine" }]);
  });

  test("can repeat each account's last token.", async () => {
    const first = await newToken(dintero.origin);
    dintero.addFault({ effect: { sameToken: true } });
    const other = await newToken(dintero.origin, OTHER);
    expect(other).not.toBe(first);
    expect(await newToken(dintero.origin)).toBe(first);
    expect(await newToken(dintero.origin, OTHER)).toBe(other);
  });

  test("can be cut short, with a matching length.", async () => {
    const response = await meet({ truncate: 20 });
    expect(await text(response)).toBe('{"access_token":"eyJ');
    expect(response.headers["content-length"]).toBe("20");
  });

  test.each([false, true])("can be huge (compressed: %j), without a length.", async (gzip) => {
    const response = await meet({ huge: { bytes: 200_000, gzip } });
    expect(response.headers["content-length"]).toBeUndefined();
    expect(response.headers["content-encoding"]).toBe(gzip ? "gzip" : undefined);
    const sent = await buffer(response);
    const body = gzip ? gunzipSync(sent) : sent;
    expect(body).toHaveLength(200_000);
    expect(JSON.parse(`${body}`)).toMatchObject({ access_token: dintero.requests[0]?.token });
  });
});

describe("A connection", () => {
  test("that is cut before the head carries no answer.", async () => {
    await expect(meet({ cut: "headers" })).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("that is cut in the body carries half of it.", async () => {
    const response = await meet({ cut: "body" });
    expect(await bytesUntilCut(response)).toBe(halfOf(response));
  });

  test.each(["headers", "body"] as const)(
    "that hangs in the %s is open until the server closes.",
    async (hang) => {
      const response = meet({ hang });
      const received = response.then(bytesUntilCut, () => 0);
      // Served behind the one that hangs.
      await newToken(dintero.origin, OTHER);
      await dintero.close();
      expect(await received).toBe(hang === "body" ? halfOf(await response) : 0);
    },
  );
});

test.each<DinteroEffect>([
  { hang: "body" },
  { drip: { bytesPerInterval: 1, intervalMs: 1 } },
  { huge: { bytes: 1e12 } },
])("A client that leaves during %j does no harm.", async (effect) => {
  const response = await meet(effect);
  response.destroy();
  await newToken(dintero.origin);
});

function meet(effect: DinteroEffect): Promise<IncomingMessage> {
  dintero.addFault({ accountId: ACCOUNT, times: 1, effect });
  return postToken(dintero.origin);
}

function halfOf(response: IncomingMessage): number {
  return Math.floor(Number(response.headers["content-length"]) / 2);
}

/** How many bytes came of a body that must not end well. */
async function bytesUntilCut(response: IncomingMessage): Promise<number> {
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await new Promise((resolve, reject) => {
    response.once("error", resolve);
    response.once("end", () => reject(new Error("the body ended")));
  });
  return bytes;
}
