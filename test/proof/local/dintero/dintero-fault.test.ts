import { Agent } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { DinteroEffect } from "../../../../proof/local/dintero/dintero-fault.ts";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import { ACCOUNT, CREDENTIALS, newToken, postToken, rawPostToken } from "./post-token.ts";

const OTHER = "P123";

let dintero: DinteroStandIn;

beforeEach(async () => {
  dintero = await DinteroStandIn.start({ now: () => 0 });
  dintero.setCredentials(ACCOUNT, CREDENTIALS);
  dintero.setCredentials(OTHER, CREDENTIALS);
});
afterEach(() => dintero.close());

describe("status", () => {
  test.each([201, 299, 300, 301, 307, 399])("%d has an empty body by default.", async (status) => {
    fault({ status });
    const response = await postToken(dintero.origin);
    expect([response.status, await response.text()]).toEqual([status, ""]);
    expect(response.headers.get("content-type")).toBeNull();
    expect(dintero.requests).toMatchObject([{ status }]);
  });

  test.each([
    [400, { message: "Bad Request", code: "BAD REQUEST" }],
    [418, { message: "I'm a Teapot", code: "I'M A TEAPOT" }],
    [503, { message: "Service Unavailable", code: "SERVICE UNAVAILABLE" }],
    [599, { message: "Unexpected Error" }],
  ])("%d has Dintero's error shape by default.", async (status, error) => {
    fault({ status });
    const response = await postToken(dintero.origin);
    expect([response.status, await response.json()]).toEqual([status, { error }]);
    expect(response.headers.get("content-type")).toBe("application/json");
  });

  test("Headers and body can be given, the content type in any case.", async () => {
    fault({
      status: 429,
      headers: { "Retry-After": "7", "CONTENT-TYPE": "text/html" },
      body: "<p>",
    });
    const response = await postToken(dintero.origin);
    expect([response.status, await response.text()]).toEqual([429, "<p>"]);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(response.headers.get("content-type")).toBe("text/html");
  });

  test("A redirect names its target.", async () => {
    fault({ status: 307, headers: { location: "https://example.com/" } });
    const response = await postToken(dintero.origin, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([
      307,
      "https://example.com/",
    ]);
  });

  test("An error body can be empty.", async () => {
    fault({ status: 500, body: "" });
    expect(await (await postToken(dintero.origin)).text()).toBe("");
  });

  test.each([
    [204, undefined],
    [205, "0"],
    [304, undefined],
  ])("%d never has a body, so that the connection goes on.", async (status, contentLength) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    fault({ status, body: "not allowed here" });
    const response = await rawPostToken(dintero.origin, { agent });
    const { localPort } = response.socket;
    expect([response.statusCode, await text(response)]).toEqual([status, ""]);
    expect(response.headers["content-length"]).toBe(contentLength);
    expect(response.headers["transfer-encoding"]).toBeUndefined();

    const next = await rawPostToken(dintero.origin, { agent });
    expect(next.statusCode).toBe(200);
    expect(next.socket.localPort).toBe(localPort);
    agent.destroy();
  });

  test("No token is handed out.", async () => {
    fault({ status: 200, body: "{}" });
    await postToken(dintero.origin);
    expect(dintero.requests[0]).not.toHaveProperty("token");
  });
});

describe("body", () => {
  test.each(["<html></html>", "", "null", "[]", '"text"'])(
    "200 with the body %j.",
    async (body) => {
      fault({ body });
      const response = await postToken(dintero.origin);
      expect([response.status, await response.text()]).toEqual([200, body]);
    },
  );

  test("Bytes and headers go out as they are.", async () => {
    fault({ body: Uint8Array.of(0xff, 0xfe), headers: { "Content-Type": "text/html" } });
    const response = await postToken(dintero.origin);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0xff, 0xfe]));
    expect(response.headers.get("content-type")).toBe("text/html");
  });
});

describe("the normal reply, changed", () => {
  test("One field changed; the token recorded is the one that left.", async () => {
    fault({ reply: (reply) => ({ ...reply, access_token: "mine", expires_in: -1 }) });
    const response = await postToken(dintero.origin);
    expect(await response.json()).toEqual({
      access_token: "mine",
      token_type: "Bearer",
      expires_in: -1,
    });
    expect(dintero.requests).toMatchObject([{ status: 200, token: "mine" }]);
  });

  test.each<[unknown, string]>([
    [null, "null"],
    [[1], "[1]"],
    [undefined, ""],
    [{ access_token: 7 }, '{"access_token":7}'],
  ])("A reply of %j records no token.", async (changed, body) => {
    fault({ reply: () => changed });
    expect(await (await postToken(dintero.origin)).text()).toBe(body);
    expect(dintero.requests[0]).not.toHaveProperty("token");
  });

  test("A refusal keeps its status.", async () => {
    fault({ reply: (reply) => ({ ...reply, expires_in: 60 }) });
    const response = await postToken(dintero.origin, { headers: { authorization: undefined } });
    expect(response.status).toBe(401);
  });

  test("The same token again, per account, with a full life each time.", async () => {
    const first = await newToken(dintero.origin, ACCOUNT);
    dintero.addFault({ effect: { sameToken: true } });
    const other = await newToken(dintero.origin, OTHER);
    expect(other).not.toBe(first);
    expect(await newToken(dintero.origin, ACCOUNT)).toBe(first);
    expect(await newToken(dintero.origin, OTHER)).toBe(other);
    expect(dintero.requests.map((request) => request.token)).toEqual([first, other, first, other]);
    dintero.lifetimeSeconds = 60;
    expect(await (await postToken(dintero.origin)).json()).toMatchObject({ expires_in: 60 });
    dintero.clearFaults();
    expect(await newToken(dintero.origin, ACCOUNT)).not.toBe(first);
  });

  test("Another fault hands out a new token.", async () => {
    const first = await newToken(dintero.origin);
    fault({ delayMs: 0 });
    expect(await newToken(dintero.origin)).not.toBe(first);
  });

  test("The same token is not handed to wrong credentials.", async () => {
    await newToken(dintero.origin, ACCOUNT);
    fault({ sameToken: true });
    const response = await postToken(dintero.origin, { headers: { authorization: undefined } });
    expect(response.status).toBe(401);
  });

  test.each([0, 1, 40])("Truncated to %d bytes, with a length that fits.", async (bytes) => {
    fault({ truncate: bytes });
    const response = await postToken(dintero.origin);
    const body = await response.text();
    const whole = `{"access_token":"${dintero.requests[0]?.token}"`;
    expect(body).toBe(whole.slice(0, bytes));
    expect(response.headers.get("content-length")).toBe(`${bytes}`);
    expect(dintero.requests).toMatchObject([{ status: 200, token: expect.stringMatching(/./) }]);
  });
});

function fault(effect: DinteroEffect): void {
  dintero.addFault({ accountId: ACCOUNT, times: 1, effect });
}
