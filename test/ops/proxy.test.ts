/** The commands where the only way out is a forward proxy. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { selfSignedCertificate } from "../../proof/local/self-signed-certificate.ts";
import { SECRET_CANARY } from "../support/canaries.ts";
import { expectMessage } from "../support/expect-message.ts";
import { ForwardProxy } from "../support/forward-proxy.ts";
import {
  acceptCanary,
  CANARY_CLIENT,
  type Environment,
  type OpsRun,
  runOps,
  unwrapped,
  withStandingStack,
} from "./ops-process.ts";
import { ssoLogin } from "./sso-login.ts";

const ACCOUNT = "T10000001";
const AWS = "aws.example.com:443";
const DINTERO = "api.dintero.com:443";
const stack = withStandingStack(ACCOUNT);

let proxy: ForwardProxy;
let trusting: Environment;
beforeAll(async () => {
  const { aws, dintero, folder } = stack.current;
  proxy = await ForwardProxy.start({
    ports: { [AWS]: portOf(aws.url), [DINTERO]: portOf(dintero.origin) },
    password: SECRET_CANARY,
  });
  const certificates = join(folder, "company.pem");
  await writeFile(certificates, selfSignedCertificate.cert);
  trusting = { NODE_EXTRA_CA_CERTS: certificates };
});
beforeEach(() => {
  proxy.asked.length = 0;
});
afterAll(() => proxy.close());

/** As from a network that knows no other host than the proxy. */
function run(args: readonly string[], env: Environment, stdin?: string): Promise<OpsRun> {
  const outside = {
    AWS_ENDPOINT_URL: "https://aws.example.com",
    DINTERO_API_ORIGIN: "https://api.dintero.com",
  };
  return runOps(stack.current, [...args, "--stack", "test"], {
    env: { ...outside, ...env },
    ...(stdin && { stdin }),
  });
}

test.each(["HTTPS_PROXY", "https_proxy"])(
  "With %s, requests to AWS and Dintero go through the proxy, and its password is not shown",
  async (name) => {
    acceptCanary(stack.current, ACCOUNT);
    const stdin = JSON.stringify(CANARY_CLIENT);
    const { status } = await run(
      ["credentials", ACCOUNT],
      { ...trusting, [name]: proxy.url },
      stdin,
    );
    expect(status).toBe(0);
    expect(new Set(proxy.asked)).toEqual(new Set([AWS, DINTERO]));
    expect(await stack.current.sandbox.readToken(ACCOUNT)).toBeDefined();
  },
);

test("A login by SSO goes through the proxy too", async () => {
  const env = {
    ...{ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
    ...(await ssoLogin(stack.current.folder, "2100-01-01T00:00:00Z")),
  };
  const { stderr } = await run(["status"], { ...trusting, ...env, HTTPS_PROXY: proxy.url });
  expect({ asked: new Set(proxy.asked), stderr }).toMatchObject({ asked: new Set([AWS]) });
});

test("Requests to loopback never go through a proxy", async () => {
  const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url };
  const { status } = await runOps(stack.current, ["reconcile", "--stack", "test"], { env });
  expect(status).toBe(0);
  expect(proxy.asked).toEqual([]);
});

describe("Each has its own message", () => {
  test.each([
    ["proxy.example.com:3128"],
    [`engineer:${SECRET_CANARY}@proxy.example.com:3128`],
    ["socks5://proxy.example.com:1080"],
    ["http://"],
  ])("the value %# that is not a proxy, in one line and without the value", async (value) => {
    const { status, stderr } = await run(["status"], { HTTPS_PROXY: value });
    expect(status).toBe(2);
    expectMessage(unwrapped(stderr), {
      names: ["HTTPS_PROXY"],
      commands: ["http://proxy.example.com:3128"],
    });
  });

  test("a proxy that refuses", async () => {
    const HTTPS_PROXY = proxy.url.replace(encodeURIComponent(SECRET_CANARY), "wrong");
    const { status, stderr } = await run(["status"], { ...trusting, HTTPS_PROXY });
    expect(status).toBe(2);
    expectMessage(unwrapped(stderr), {
      names: ["HTTPS_PROXY", "ERR_PROXY_TUNNEL", "407"],
      commands: ["http://USER:PASSWORD@HOST:PORT"],
    });
  });

  test("a proxy that connects and is then silent, and the command ends", async () => {
    // Keeps what it accepts, and never says more.
    const silent = createServer().on("connect", (_, socket) => {
      socket.on("error", () => {}).write("HTTP/1.1 200 Connection established\r\n\r\n");
    });
    await once(silent.listen(0, "127.0.0.1"), "listening");
    // It listens on TCP.
    const { port } = silent.address() as AddressInfo;
    const { status, stderr } = await run(["status"], { HTTPS_PROXY: `http://127.0.0.1:${port}` });
    silent.close();
    silent.closeAllConnections();
    expect(status).toBe(2);
    expectMessage(unwrapped(stderr), { names: ["TimeoutError", "HTTPS_PROXY"] });
  });

  test("a page that answers instead of AWS", async () => {
    for (const code of [200, 403, 503]) {
      const page = createServer((_, response) => {
        response.writeHead(code, { "Content-Type": "text/html" }).end("<html>Log in</html>");
      });
      await once(page.listen(0, "127.0.0.1"), "listening");
      const { port } = page.address() as AddressInfo;
      const { status, stderr } = await run(["status"], {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      });
      page.close();
      expect({ code, status }).toEqual({ code, status: 2 });
      expectMessage(unwrapped(stderr), { names: ["AWS_ENDPOINT_URL"], without: ["undefined"] });
    }
  });

  test("a proxy with an untrusted certificate", async () => {
    const { status, stderr } = await run(["status"], { HTTPS_PROXY: proxy.url });
    expect(status).toBe(2);
    expectMessage(unwrapped(stderr), { names: ["NODE_EXTRA_CA_CERTS"] });
  });
});

function portOf(url: string): number {
  return Number(new URL(url).port);
}
