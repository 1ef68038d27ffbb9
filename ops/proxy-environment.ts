/** The forward proxy of the commands, in the form that Node's agents take. */
import { OpsError } from "./ops-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** For `proxyEnv` of Node's agents. */
export type ProxyEnvironment = Readonly<
  Partial<Record<"http_proxy" | "https_proxy" | "no_proxy", string>>
>;

/**
 * From `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. Names in lower case go first, as with Node and curl.
 * Loopback is never proxied: for a stack on this machine, proxy settings are ignored.
 * Source: https://nodejs.org/docs/latest-v24.x/api/http.html#built-in-proxy-support
 * @param nodeVersion - of the Node that runs this.
 * @throws {@link OpsError} if a proxy has a form that Node's agents do not take, or if this Node's take none: they
 * would ignore it.
 */
export function proxyEnvironment(
  env: Environment,
  nodeVersion = process.versions.node,
): ProxyEnvironment {
  const no_proxy = LOOPBACK.join(",");
  if (LOOPBACK_ENDPOINT.test(env["AWS_ENDPOINT_URL"] ?? "")) return { no_proxy };
  const http_proxy = proxyOf(env, "HTTP_PROXY");
  const https_proxy = proxyOf(env, "HTTPS_PROXY");
  if ((http_proxy || https_proxy) && !takesProxy(nodeVersion)) {
    throw new OpsError(
      `A proxy is set, and Node ${nodeVersion} cannot use it. Use Node 24.5 or later, or 22.21 or later.`,
    );
  }
  const [, exceptions = ""] = settingOf(env, "NO_PROXY");
  return {
    ...(http_proxy && { http_proxy }),
    ...(https_proxy && { https_proxy }),
    no_proxy: [no_proxy, ...exceptions.split(/[\s,]+/).flatMap(withSubdomains)].join(","),
  };
}

/** Source: as above, of `http.Agent`, with its version history. */
function takesProxy(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}

const LOOPBACK = ["localhost", "*.localhost", "127.0.0.0-127.255.255.255", "::1", "[::1]"];
const LOOPBACK_ENDPOINT =
  /^https?:\/\/([\w-]+\.)*(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/i;

function proxyOf(env: Environment, name: string): string | undefined {
  const [setAs, value] = settingOf(env, name);
  const fault = value === undefined ? undefined : proxyFault(value);
  // The value may contain a password, so it is not shown.
  if (fault) throw new OpsError(`${setAs} ${fault}`);
  return value;
}

function proxyFault(value: string): string | undefined {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) {
    return "is not the address of an HTTP proxy. Set it to a value like http://proxy.example.com:3128. SOCKS proxies cannot be used.";
  }
  const { username, password } = new URL(value);
  try {
    // Node's agent does the same for each request.
    decodeURIComponent(username + password);
    return undefined;
  } catch {
    return "has a % in its user or password that is not encoded. Write it as %25.";
  }
}

function settingOf(env: Environment, name: string): [setAs: string, value: string | undefined] {
  const lowerCase = name.toLowerCase();
  return env[lowerCase] ? [lowerCase, env[lowerCase]] : [name, env[name] || undefined];
}

/** For Node a plain `example.com` means only that host. For curl, Go and Python it includes subdomains. */
function withSubdomains(host: string): string[] {
  return /^[^.*]/.test(host) ? [host, `.${host}`] : [host].filter(Boolean);
}
