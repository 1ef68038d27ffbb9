/**
 * AWS on loopback: an HTTP server that answers the requests of real SDK clients to Parameter Store,
 * Secrets Manager, KMS, Lambda, CloudWatch, CloudWatch Logs, SNS and STS. It checks who signed a request
 * and for what, and whether IAM allows it, keeps a record of every call and the KMS uses that it implies,
 * and fails on demand.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { accessDenied, type MissingPermission } from "./access-denied.ts";
import { AccessManagement, type Credentials } from "./access-management.ts";
import { AlarmMuteRules } from "./alarm-mute-rules.ts";
import { Alarms } from "./alarms.ts";
import { AwsError } from "./aws-error.ts";
import { type AwsFault, AwsFaults } from "./aws-faults.ts";
import type { Operation, Output } from "./aws-operation.ts";
import type { AwsReply, AwsRequest, AwsService, Protocol, RequestedCall } from "./aws-wire.ts";
import { callerIdentity } from "./caller-identity.ts";
import { checkAuthorization } from "./check-authorization.ts";
import { Functions } from "./functions.ts";
import { jsonProtocol } from "./json-protocol.ts";
import { KeyManagement, type KeyState, type KmsUse } from "./key-management.ts";
import { LogGroups } from "./log-groups.ts";
import { ParameterStore } from "./parameter-store.ts";
import { queryProtocol } from "./query-protocol.ts";
import { restProtocol } from "./rest-protocol.ts";
import { SecretsManager } from "./secrets-manager.ts";
import { Topics } from "./topics.ts";

export type { AwsFault } from "./aws-faults.ts";
export type { KmsUse } from "./key-management.ts";

/**
 * One request, in the order of arrival. `error` is the error type of the answer; "disconnect" or
 * "hang" if a fault kept the operation from being done. A request that names none of the
 * services is refused and not recorded.
 */
export interface AwsCall {
  service: AwsService;
  operation: string;
  input: Record<string, unknown>;
  error?: string;
  kms: KmsUse[];
}

const PROTOCOLS: readonly Protocol[] = [jsonProtocol, queryProtocol, restProtocol];

/** The server. One account, one Region, one endpoint for all services. */
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
  /** IAM: roles are made here. */
  readonly iam: AccessManagement;
  /** The engineer's, who may do everything. */
  readonly credentials: Credentials;
  /** The customer-managed key that exists at start. */
  readonly keyArn: string;
  readonly calls: AwsCall[] = [];
  /** Lambda: functions are deployed here. */
  readonly functions: Functions;
  /** CloudWatch: alarms are made here. */
  readonly alarms: Alarms;
  /** CloudWatch: rules that mute alarms are made here. */
  readonly alarmMuteRules: AlarmMuteRules;
  /** CloudWatch Logs: log groups are made here. */
  readonly logs: LogGroups;
  /** SNS: topics are made, and endpoints subscribed, here. */
  readonly topics: Topics;

  readonly #now: () => number;
  readonly #server: Server;
  readonly #keys: KeyManagement;
  readonly #parameterStore: ParameterStore;
  readonly #secretsManager: SecretsManager;
  readonly #operations: Readonly<Record<AwsService, ReadonlyMap<string, Operation>>>;
  readonly #faults = new AwsFaults();

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
    const secretArn = (name: string) => this.#secretsManager.arnOf(name);
    this.iam = new AccessManagement({ place: this, secretArn });
    this.credentials = this.iam.engineer.credentials;
    this.logs = new LogGroups({ now });
    this.functions = new Functions({ place: this, logs: this.logs, now });
    this.topics = new Topics({ place: this });
    this.alarms = new Alarms({ topics: this.topics, now });
    this.alarmMuteRules = new AlarmMuteRules({ place: this });
    this.#operations = {
      ssm: this.#parameterStore.operations,
      secretsmanager: this.#secretsManager.operations,
      kms: this.#keys.operations,
      lambda: this.functions.operations,
      monitoring: new Map([...this.alarms.operations, ...this.alarmMuteRules.operations]),
      logs: this.logs.operations,
      sns: this.topics.operations,
      sts: callerIdentity({ accountId: this.accountId, callerArn: this.iam.engineer.arn }),
    };
    server.on("request", (request, response) => {
      // It fails only if the client disconnects in mid-request, or sends no JSON.
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

  /** As KMS does after the waiting time. Throws when there is no such key. */
  deleteKey(keyArn: string): void {
    this.#keys.deleteKey(keyArn);
  }

  /** Switches a fault on. The earliest one that fits a call strikes. Returns its remover. */
  addFault(fault: AwsFault): () => void {
    return this.#faults.add(fault);
  }

  /** Refuses an operation as if the engineer lacked the permission for it. Returns the remover. */
  denyAccess({ operation, ...missing }: MissingPermission & { operation: string }): () => void {
    const { type: error, status, message } = accessDenied(this.iam.engineer.arn, missing);
    return this.#faults.add({ operation, effect: { error, status, message } });
  }

  /** Removes all faults, and gives back all that was revoked. */
  clearFaults(): void {
    this.#faults.clear();
    this.iam.restore();
  }

  /** Forgets all but the keys, their states and the roles. */
  reset(): void {
    for (const service of [this.#parameterStore, this.#secretsManager]) service.clear();
    for (const service of [this.functions, this.alarms, this.logs, this.topics]) service.clear();
    this.alarmMuteRules.clear();
    this.calls.length = 0;
    this.clearFaults();
  }

  /** Stops the server and ends every connection, hung ones included. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = incoming;
    const request: AwsRequest = {
      method,
      url,
      headers,
      body: Buffer.concat(await incoming.toArray()),
    };
    const requestId = randomUUID();
    // Node would put the system's time here, which an SDK sets its own clock by.
    response.setHeader("date", new Date(this.#now()).toUTCString());
    const { protocol, requested } = read(request);
    const call: AwsCall | undefined = requested && { ...requested, kms: [] };
    if (call) this.calls.push(call);
    try {
      if (!call) throw new AwsError("UnknownOperationException");
      const output = await this.#perform(request, call, requestId);
      if (output === "disconnect") incoming.socket.destroy();
      else if (output !== "hang") send(response, protocol.success(call, output, requestId));
    } catch (error) {
      const refusal =
        error instanceof AwsError
          ? error
          : new AwsError("InternalFailure", `The stand-in is broken: ${String(error)}`, 500);
      if (call) call.error = refusal.type;
      send(response, protocol.refusal(call?.service, refusal, requestId));
    }
  }

  async #perform(
    request: AwsRequest,
    call: AwsCall,
    requestId: string,
  ): Promise<Output | "disconnect" | "hang"> {
    const scope = { callers: this.iam.callers, region: this.region, service: call.service };
    const caller = checkAuthorization(request.headers, scope, this.#now());
    const run = this.#operations[call.service].get(call.operation);
    if (!run) throw new AwsError("UnknownOperationException");
    this.iam.authorizeCall(caller, call);
    const effect = this.#faults.strike(call);
    if (effect && "error" in effect) {
      const status = effect.status ?? (effect.error.startsWith("Internal") ? 500 : 400);
      throw new AwsError(effect.error, effect.message, status);
    }
    if (effect && "hang" in effect) {
      call.error = "hang";
      return "hang";
    }
    const cut = effect && "disconnect" in effect ? effect.disconnect : undefined;
    if (cut === "before") {
      call.error = "disconnect";
      return "disconnect";
    }
    const writesUntil = effect && "writesUntil" in effect ? effect.writesUntil : undefined;
    try {
      const onKmsUse = (use: KmsUse) => {
        call.kms.push(use);
        this.iam.authorizeKeyUse(caller, call, use);
      };
      const output = await run(call.input, { requestId, onKmsUse, writesUntil });
      return cut ? "disconnect" : output;
    } catch (error) {
      if (!cut || !(error instanceof AwsError)) throw error;
      call.error = error.type;
      return "disconnect";
    }
  }
}

function read(request: AwsRequest): { protocol: Protocol; requested: RequestedCall | undefined } {
  for (const protocol of PROTOCOLS) {
    const requested = protocol.read(request);
    if (requested) return { protocol, requested };
  }
  return { protocol: jsonProtocol, requested: undefined };
}

function send(response: ServerResponse, { status, headers, body }: AwsReply): void {
  response.writeHead(status, headers);
  response.end(body);
}
