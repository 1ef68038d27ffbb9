import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { DinteroStandIn } from "../../../../proof/local/dintero/dintero-stand-in.ts";
import { selfSignedCertificate } from "../../../../proof/local/self-signed-certificate.ts";
import { ACCOUNT, BASIC, CLIENT, newToken, postToken, rightBody } from "./post-token.ts";

const PATH = `/v1/accounts/${ACCOUNT}/auth/token`;

let dintero: DinteroStandIn;
let nowMs = 0;

beforeEach(async () => {
  nowMs = 0;
  dintero = await DinteroStandIn.start({ now: () => nowMs });
  dintero.setCredentials(ACCOUNT, CLIENT);
});
afterEach(() => dintero.close());

test("Every request is recorded in order, with the token that it got.", async () => {
  const token = await newToken(dintero.origin);
  await postToken(dintero.origin, { method: "PUT", path: "/v1?a=b", body: "ø" });
  expect(dintero.requests).toMatchObject([
    {
      method: "POST",
      path: PATH,
      accountId: ACCOUNT,
      headers: { authorization: BASIC },
      body: rightBody(),
      token,
    },
    { method: "PUT", path: "/v1?a=b", accountId: undefined, body: "ø" },
  ]);
});

test("A request that breaks off is not recorded and does no harm.", async () => {
  const request = httpRequest(`${dintero.origin}${PATH}`, { method: "POST" });
  request.setHeader("content-length", 100);
  await new Promise((written) => request.write("{", written));
  request.destroy();
  // Rejects with the error that comes before it.
  await once(request, "close").catch(() => {});
  await newToken(dintero.origin);
  expect(dintero.requests).toHaveLength(1);
});

test("Faults follow each other in order, and last for their `times` or until removed.", async () => {
  dintero.addFault({ times: 2, effect: { status: 500 } });
  const remove = dintero.addFault({ effect: { status: 429 } });
  expect(await statuses(4)).toEqual([500, 500, 429, 429]);
  remove();
  expect(await statuses(1)).toEqual([200]);
});

test("A fault of one account leaves the others alone and is not used up by them.", async () => {
  dintero.setCredentials("P123", CLIENT);
  dintero.addFault({ accountId: "P123", times: 1, effect: { status: 500 } });
  expect(await statuses(1)).toEqual([200]);
  expect(await statuses(2, "P123")).toEqual([500, 200]);
});

test("`clearFaults` ends faults only, `reset` clears everything.", async () => {
  dintero.addFault({ effect: { status: 500 } });
  dintero.clearFaults();
  expect(await statuses(1)).toEqual([200]);
  dintero.addFault({ effect: { status: 500 } });
  dintero.reset();
  expect(dintero.requests).toEqual([]);
  expect(await statuses(1)).toEqual([401]);
});

test("A checkout session is read with a token that was issued, until it expires.", async () => {
  const read = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${dintero.origin}/v1/sessions/any-id`, { headers });
    return [response.status, await response.json()];
  };
  const token = await newToken(dintero.origin);
  expect(await read(token)).toEqual([200, { id: "any-id" }]);
  expect(await read("another")).toMatchObject([401, { error: {} }]);
  nowMs = dintero.lifetimeSeconds * 1000;
  expect(await read(token)).toMatchObject([401, { error: {} }]);
});

test("`close` ends a connection whose TLS handshake never began.", async () => {
  const secure = await DinteroStandIn.start({ now: () => 0, tls: selfSignedCertificate });
  expect(secure.origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const socket = connect(Number(new URL(secure.origin).port), "127.0.0.1");
  socket.on("error", () => {});
  const closed = once(socket, "close");
  await once(socket, "connect");
  await secure.close();
  await closed;
});

async function statuses(count: number, accountId = ACCOUNT): Promise<(number | undefined)[]> {
  const seen: (number | undefined)[] = [];
  for (let index = 0; index < count; index += 1) {
    seen.push((await postToken(dintero.origin, { accountId })).statusCode);
  }
  return seen;
}
