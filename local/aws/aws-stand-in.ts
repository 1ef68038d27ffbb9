/**
 * AWS on loopback: an HTTP server that answers Parameter Store and Secrets Manager requests of
 * real SDK clients. It checks signatures, keeps a record of every call and the KMS uses that it
 * implies, and can be told to fail. Used by the tests and by `npm start`.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AwsError } from "./aws-error.ts";
import type { Operation } from "./aws-operation.ts";
import { verifySignature } from "./aws-signature.ts";
import { KeyManagement, type KeyState, type KmsUse } from "./key-management.ts";
import { ParameterStore } from "./parameter-store.ts";
import { SecretsManager } from "./secrets-manager.ts";

export type { KmsUse } from "./key-management.ts";

type Service = "ssm" | "secretsmanager";

/**
 * One request, in the order of arrival. `error` is the error type of the answer; "disconnect" or
 * "hang" where a fault kept the operation from being done. A request whose `X-Amz-Target` names
 * neither service is refused and not recorded.
 */
export interface AwsCall {
  service: Service;
  operation: string;
  input: Record<string, unknown>;
  error?: string;
  kms: KmsUse[];
}

/** A failure to switch on. It strikes after the signature check and before the operation. */
export interface AwsFault {
  /** Such as "PutParameter". */
  operation: string;
  /** Default: every call of that operation. */
  when?: (input: Record<string, unknown>) => boolean;
  /** How often it strikes. Default: until it is removed. */
  times?: number;
  effect:
    | {
        /** The error type of the answer; the operation is not done. */
        error: string;
        /** Default: 500 for `Internal...`, 400 otherwise. */
        status?: number;
        message?: string;
      }
    /** Cuts the connection: before the operation, or when it was done and only the answer is lost. */
    | { disconnect: "before" | "after" }
    /** The request is accepted and never answered. */
    | { hang: true };
}

const CONTENT_TYPE = "application/x-amz-json-1.1";
const SERVICE_OF_TARGET: Record<string, Service> = {
  AmazonSSM: "ssm",
  secretsmanager: "secretsmanager",
};

/** The server. One account, one Region, one pair of credentials, one endpoint for both services. */
export class AwsStandIn {
  /** Starts it on a free port of 127.0.0.1. `now` is its clock, in milliseconds since the epoch. */
  static async start(options: { now: () => number }): Promise<AwsStandIn> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new AwsStandIn(server, options.now);
  }

  readonly url: string;
  readonly region = "eu-north-1";
  readonly accountId = "123456789012";
  /** The only ones that it accepts. */
  readonly credentials = {
    accessKeyId: "AKIASTANDIN000000000",
    secretAccessKey: "stand-in/secret/access/key/of/forty/chars",
  };
  /** The customer-managed key that exists at start. */
  readonly keyArn: string;
  readonly calls: AwsCall[] = [];

  readonly #now: () => number;
  readonly #server: Server;
  readonly #keys: KeyManagement;
  readonly #parameterStore: ParameterStore;
  readonly #secretsManager: SecretsManager;
  #faults: { fault: AwsFault; left: number }[] = [];

  private constructor(server: Server, now: () => number) {
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
    this.url = `http://127.0.0.1:${address.port}`;
    this.#now = now;
    this.#server = server;
    this.#keys = new KeyManagement(this);
    this.keyArn = this.#keys.createKey();
    this.#parameterStore = new ParameterStore({ place: this, keys: this.#keys, now });
    this.#secretsManager = new SecretsManager({ place: this, keys: this.#keys, now });
    server.on("request", (request, response) => {
      // It fails only where the client goes away in mid-request.
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** Makes another customer-managed key. Returns its ARN. */
  createKey(): string {
    return this.#keys.createKey();
  }

  /** Throws when there is no such key. */
  setKeyState(keyArn: string, state: KeyState): void {
    this.#keys.setKeyState(keyArn, state);
  }

  /** Switches a fault on. The earliest one that fits a call strikes. Returns its remover. */
  addFault(fault: AwsFault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => {
      this.#faults = this.#faults.filter((other) => other !== entry);
    };
  }

  clearFaults(): void {
    this.#faults = [];
  }

  /** Forgets parameters, secrets, calls and faults. Keys and their states stay. */
  reset(): void {
    this.#parameterStore.clear();
    this.#secretsManager.clear();
    this.calls.length = 0;
    this.clearFaults();
  }

  /** Stops the server and ends every connection, hung ones included. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const requestId = randomUUID();
    // Node would put the system's time here, which an SDK sets its own clock by.
    response.setHeader("date", new Date(this.#now()).toUTCString());
    const call = callOf(request, body);
    if (call) this.calls.push(call);
    try {
      const output = await this.#perform(request, body, call, requestId);
      if (output === "disconnect") request.socket.destroy();
      else if (output !== "hang") send(response, 200, requestId, output);
    } catch (error) {
      const refusal =
        error instanceof AwsError
          ? error
          : new AwsError("InternalFailure", `The stand-in is broken: ${String(error)}`, 500);
      if (call) call.error = refusal.type;
      send(response, refusal.status, requestId, errorBody(refusal, call?.service));
    }
  }

  async #perform(
    request: IncomingMessage,
    body: Buffer,
    call: AwsCall | undefined,
    requestId: string,
  ): Promise<Record<string, unknown> | "disconnect" | "hang"> {
    const { method, url, headers } = request;
    if (!call || method !== "POST" || url !== "/" || headers["content-type"] !== CONTENT_TYPE) {
      throw new AwsError("UnknownOperationException");
    }
    await verifySignature(
      { headers, body },
      { credentials: this.credentials, region: this.region, service: call.service },
      this.#now(),
    );
    const run = this.#operation(call);
    if (!run) throw new AwsError("UnknownOperationException");
    if (parseObject(body) === undefined) throw new AwsError("SerializationException");
    const effect = this.#strike(call);
    if (effect && "error" in effect) {
      const status = effect.status ?? (effect.error.startsWith("Internal") ? 500 : 400);
      throw new AwsError(effect.error, effect.message, status);
    }
    if (effect && "hang" in effect) {
      call.error = "hang";
      return "hang";
    }
    if (effect?.disconnect === "before") {
      call.error = "disconnect";
      return "disconnect";
    }
    try {
      const output = run(call.input, { requestId, kms: call.kms });
      return effect ? "disconnect" : output;
    } catch (error) {
      if (!effect || !(error instanceof AwsError)) throw error;
      call.error = error.type;
      return "disconnect";
    }
  }

  #operation(call: AwsCall): Operation | undefined {
    const { operations } = call.service === "ssm" ? this.#parameterStore : this.#secretsManager;
    return operations.get(call.operation);
  }

  #strike(call: AwsCall): AwsFault["effect"] | undefined {
    const entry = this.#faults.find(
      ({ fault, left }) =>
        left > 0 && fault.operation === call.operation && (fault.when?.(call.input) ?? true),
    );
    if (entry) entry.left -= 1;
    return entry?.fault.effect;
  }
}

function callOf(request: IncomingMessage, body: Buffer): AwsCall | undefined {
  const [prefix = "", ...rest] = String(request.headers["x-amz-target"]).split(".");
  const operation = rest.join(".");
  const service = SERVICE_OF_TARGET[prefix];
  if (!service || !operation) return undefined;
  return { service, operation, input: parseObject(body) ?? {}, kms: [] };
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return { ...value };
  } catch {
    return undefined;
  }
}

// Secrets Manager's errors have "Message", Parameter Store's "message"; an SDK reads both.
function errorBody(error: AwsError, service: Service | undefined): Record<string, unknown> {
  const member = service === "secretsmanager" ? "Message" : "message";
  return { __type: error.type, ...(error.message && { [member]: error.message }) };
}

function send(
  response: ServerResponse,
  status: number,
  requestId: string,
  body: Record<string, unknown>,
): void {
  response.writeHead(status, { "content-type": CONTENT_TYPE, "x-amzn-requestid": requestId });
  response.end(JSON.stringify(body));
}
