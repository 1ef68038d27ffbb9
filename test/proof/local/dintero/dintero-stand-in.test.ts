import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import { selfSignedCertificate } from "../../../../proof/local/self-signed-certificate.ts";
import { ACCOUNT, CREDENTIALS, postToken, rightBody, rightHeaders } from "./post-token.ts";

const PATH = `/v1/accounts/${ACCOUNT}/auth/token`;

let dintero: DinteroStandIn;

async function start(tls?: typeof selfSignedCertificate): Promise<void> {
  dintero = await DinteroStandIn.start({
    now: () => 0,
    ...(tls === undefined ? {} : { tls }),
  });
  dintero.setCredentials(ACCOUNT, CREDENTIALS);
}
afterEach(() => dintero.close());

describe("what is recorded", () => {
  test("Every request is kept in order, with what was answered and handed out.", async () => {
    await start();
    const { access_token } = Object(await (await postToken(dintero.origin)).json());
    await postToken(dintero.origin, { accountId: "P999", body: "ø", headers: { "x-y": "z" } });
    await postToken(dintero.origin, { method: "GET", path: "/v1?a=b" });

    expect(dintero.requests).toEqual([
      {
        method: "POST",
        path: PATH,
        accountId: ACCOUNT,
        headers: expect.objectContaining(rightHeaders()),
        body: rightBody(),
        status: 200,
        token: access_token,
      },
      {
        method: "POST",
        path: "/v1/accounts/P999/auth/token",
        accountId: "P999",
        headers: expect.objectContaining({ "x-y": "z" }),
        body: "ø",
        status: 401,
      },
      {
        method: "GET",
        path: "/v1?a=b",
        headers: expect.objectContaining({ host: new URL(dintero.origin).host }),
        body: "",
        status: 404,
      },
    ]);
  });

  test("A request that breaks off is not recorded and does no harm.", async () => {
    await start();
    const { port } = new URL(dintero.origin);
    const request = httpRequest({ port, host: "127.0.0.1", method: "POST", path: PATH });
    request.on("error", () => {});
    const closed = new Promise((resolve) => request.once("close", resolve));
    request.setHeader("content-length", 100);
    await new Promise((written) => request.write("{", written));
    request.destroy();
    await closed;

    expect((await postToken(dintero.origin)).status).toBe(200);
    expect(dintero.requests).toHaveLength(1);
  });

  test("Bytes that are not HTTP do no harm.", async () => {
    await start();
    const socket = connect(Number(new URL(dintero.origin).port), "127.0.0.1");
    const closed = once(socket, "close");
    socket.resume().end("not http\r\n\r\n");
    await closed;
    expect((await postToken(dintero.origin)).status).toBe(200);
  });
});

describe("which fault a request meets", () => {
  const statuses = async (count: number, accountId = ACCOUNT): Promise<number[]> => {
    const seen: number[] = [];
    for (let i = 0; i < count; i += 1) {
      seen.push((await postToken(dintero.origin, { accountId })).status);
    }
    return seen;
  };

  test("A fault without a limit lasts until its remover is called.", async () => {
    await start();
    const remove = dintero.addFault({ effect: { status: 503 } });
    expect(await statuses(3)).toEqual([503, 503, 503]);
    remove();
    expect(await statuses(1)).toEqual([200]);
  });

  test("A fault with `times` heals by itself, and faults follow each other in order.", async () => {
    await start();
    dintero.addFault({ times: 2, effect: { status: 500 } });
    dintero.addFault({ times: 1, effect: { status: 429 } });
    dintero.addFault({ times: 0, effect: { status: 418 } });
    expect(await statuses(4)).toEqual([500, 500, 429, 200]);
  });

  test("A fault of one account leaves the others alone and is not used up by them.", async () => {
    await start();
    dintero.setCredentials("P123", CREDENTIALS);
    dintero.addFault({ accountId: "P123", times: 1, effect: { status: 500 } });
    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(2, "P123")).toEqual([500, 200]);
  });

  test("A fault of every account is met by unknown accounts and other paths, too.", async () => {
    await start();
    dintero.addFault({ effect: { status: 503 } });
    expect(await statuses(1, "P999")).toEqual([503]);
    expect((await postToken(dintero.origin, { path: "/" })).status).toBe(503);
  });

  test("`clearFaults` ends faults only.", async () => {
    await start();
    dintero.addFault({ effect: { status: 500 } });
    dintero.clearFaults();
    expect(await statuses(1)).toEqual([200]);
    expect(dintero.requests).toHaveLength(1);
  });

  test.each([0, 100, 199, 600, 200.5, Number.NaN])(
    "A fault with the status %d is refused: no final answer has it.",
    async (status) => {
      await start();
      expect(() => dintero.addFault({ effect: { status } })).toThrow(RangeError);
    },
  );

  test("A drip of nothing is refused: it would never end.", async () => {
    await start();
    const drip = { bytesPerInterval: 0, intervalMs: 1 };
    expect(() => dintero.addFault({ effect: { drip } })).toThrow(RangeError);
  });

  test("A fault that cannot be served is answered 500 with the reason.", async () => {
    await start();
    dintero.addFault({ effect: { status: 200, headers: { "x-bad": "a\nb" } }, times: 1 });
    dintero.addFault({
      effect: {
        reply: () => {
          throw new Error("broken in the test");
        },
      },
    });
    expect(await (await postToken(dintero.origin)).text()).toContain("x-bad");
    const response = await postToken(dintero.origin);
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining("broken in the test"),
    ]);
    expect(dintero.requests.map(({ status }) => status)).toEqual([500, 500]);
  });
});

test("`reset` forgets credentials, requests, faults and last tokens.", async () => {
  await start();
  const { access_token: before } = Object(await (await postToken(dintero.origin)).json());
  dintero.addFault({ effect: { status: 500 } });
  dintero.reset();

  expect(dintero.requests).toEqual([]);
  expect((await postToken(dintero.origin)).status).toBe(401);
  dintero.setCredentials(ACCOUNT, CREDENTIALS);
  dintero.addFault({ effect: { sameToken: true } });
  const { access_token: after } = Object(await (await postToken(dintero.origin)).json());
  expect(after).toMatch(/./);
  expect(after).not.toBe(before);
});

describe("https", () => {
  test("A client that does not know the certificate refuses to talk, and nothing is recorded.", async () => {
    await start(selfSignedCertificate);
    expect(dintero.origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    await expect(postToken(dintero.origin)).rejects.toMatchObject({
      cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
    expect(dintero.requests).toEqual([]);
  });

  test("A client that trusts the certificate gets its token.", async () => {
    await start(selfSignedCertificate);
    const request = httpsRequest(`${dintero.origin}${PATH}`, {
      method: "POST",
      headers: rightHeaders(),
      ca: selfSignedCertificate.cert,
    });
    request.end(rightBody());
    const [response] = await once(request, "response");
    expect(response.statusCode).toBe(200);
    expect(await json(response)).toMatchObject({ token_type: "Bearer" });
  });

  test("`close` ends a connection whose TLS handshake never began.", async () => {
    await start(selfSignedCertificate);
    const socket = connect(Number(new URL(dintero.origin).port), "127.0.0.1");
    socket.on("error", () => {});
    const closed = once(socket, "close");
    await once(socket, "connect");
    await dintero.close();
    await closed;
  });
});

test("After `close` the port refuses, and closing again is no error.", async () => {
  await start();
  await dintero.close();
  await dintero.close();
  await expect(postToken(dintero.origin)).rejects.toMatchObject({
    cause: { code: "ECONNREFUSED" },
  });
});
