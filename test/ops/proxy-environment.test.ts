import { Agent, request } from "node:http";
import type { LookupFunction } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { type ProxyEnvironment, proxyEnvironment } from "../../ops/proxy-environment.ts";
import { RawServer } from "../../proof/local/raw-server.ts";
import { expectMessage } from "../support/expect-message.ts";

const PROXY = "http://proxy.example.com:3128";
const OTHER = "https://other.example.com";

test("The proxy comes from the environment, in upper or lower case", () => {
  expect(proxyEnvironment({ HTTPS_PROXY: PROXY, HTTP_PROXY: OTHER })).toMatchObject({
    https_proxy: PROXY,
    http_proxy: OTHER,
  });
  expect(proxyEnvironment({ https_proxy: OTHER, HTTPS_PROXY: PROXY })).toMatchObject({
    https_proxy: OTHER,
  });
  for (const env of [{}, { HTTPS_PROXY: "", https_proxy: "" }]) {
    expect(proxyEnvironment(env)).not.toHaveProperty("https_proxy");
  }
});

test.each([
  ["20.20.2", false],
  ["22.20.0", false],
  ["22.21.0", true],
  ["23.11.1", false],
  ["24.4.1", false],
  ["24.5.0", true],
  ["25.0.0", true],
])("With Node %s, a proxy is used or refused: %s", (version, isUsed) => {
  expect(proxyEnvironment({}, version)).not.toHaveProperty("https_proxy");
  const useProxy = () => proxyEnvironment({ HTTPS_PROXY: PROXY }, version);
  if (isUsed) expect(useProxy()).toHaveProperty("https_proxy", PROXY);
  else expect(useProxy).toThrow(version);
});

describe("Node's agent, given what it returns,", () => {
  test.each([
    ["sts.eu-north-1.amazonaws.com", "", true],
    ["sts.eu-north-1.amazonaws.com", "amazonaws.com", false],
    ["sts.eu-north-1.amazonaws.com", " .amazonaws.com, example.com", false],
    ["sts.eu-north-1.amazonaws.com", "example.com *.amazonaws.com", false],
    ["sts.eu-north-1.amazonaws.com", "*", false],
    ["notamazonaws.com", "amazonaws.com", true],
    ["api.dintero.com", "api.dintero.com", false],
    ["localhost", "", false],
    ["tokens.localhost", "", false],
    ["127.0.0.1", "", false],
    ["127.8.9.10", "example.com", false],
    ["::1", "", false],
    ["128.0.0.1", "", true],
  ])("reaches %s with NO_PROXY=%j through the proxy: %s", async (host, NO_PROXY, isProxied) => {
    await using proxy = await listener();
    await using direct = await listener();
    const proxyEnv = proxyEnvironment({ HTTP_PROXY: `http://${proxy.host}`, NO_PROXY });
    await ask(host, direct.port, proxyEnv);
    expect(proxy.wasAsked).toBe(isProxied);
  });
});

test.each(["proxy.example.com:3128", "proxy.example.com", "socks5://127.0.0.1:1080", "http://"])(
  "The value %s is refused, with a valid example",
  (value) => {
    for (const name of ["HTTPS_PROXY", "http_proxy"]) {
      let message = "";
      try {
        proxyEnvironment({ [name]: value });
      } catch (error) {
        message = error instanceof Error ? error.message : "";
      }
      expectMessage(message, { names: [name], commands: [PROXY] });
    }
  },
);

test("A % that is not encoded in a user or password is refused without showing either", () => {
  for (const user of ["engineer:100%pure", "100%pure"]) {
    const useProxy = () => proxyEnvironment({ https_proxy: `http://${user}@127.0.0.1:3128` });
    expect(useProxy).toThrow(/^https_proxy .*%25/);
    expect(useProxy).not.toThrow("pure");
  }
});

test.each([
  "http://127.0.0.1:4566",
  "http://localhost",
  "https://aws.localhost:443/",
  "http://[::1]:1",
])("With AWS at %s, proxy settings are ignored", (AWS_ENDPOINT_URL) => {
  const env = { AWS_ENDPOINT_URL, HTTPS_PROXY: "socks5://127.0.0.1:1080", HTTP_PROXY: PROXY };
  expect(Object.keys(proxyEnvironment(env))).toEqual(["no_proxy"]);
});

test("With AWS at another address with the same beginning, proxy settings count", () => {
  const env = { AWS_ENDPOINT_URL: "https://localhost.example.com", HTTPS_PROXY: PROXY };
  expect(proxyEnvironment(env)).toHaveProperty("https_proxy", PROXY);
});

/** Hangs up on whoever asks. */
async function listener() {
  let wasAsked = false;
  const server = await RawServer.start((socket) => {
    wasAsked = true;
    socket.destroy();
  });
  return {
    ...{ host: server.host, port: Number(server.host.split(":")[1]) },
    get wasAsked() {
      return wasAsked;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Ends with the failure of the request; every name is one of this machine. */
function ask(host: string, port: number, proxyEnv: ProxyEnvironment): Promise<unknown> {
  const lookup: LookupFunction = (_host, { all }, done) =>
    all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
  return new Promise((resolve) => {
    request({ host, port, lookup, agent: new Agent({ proxyEnv }) })
      .on("error", resolve)
      .end();
  });
}
