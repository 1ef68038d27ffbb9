/**
 * The services of Pulumi's engine that a program talks to, over gRPC: they record what is registered
 * and answer as the engine and the AWS provider would.
 * Source: https://github.com/pulumi/pulumi/tree/master/proto/pulumi, resource.proto and engine.proto;
 * https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/source_eval.go.
 */
import { createRequire } from "node:module";
import { Server, ServerCredentials, type sendUnaryData, status } from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import monitorServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { computedProperties, type Resource, TEST_PLACE } from "./computed-properties.ts";
import { plainProperties } from "./plain-value.ts";

// Pulumi's own copy, which its messages have to be made of, and no dependency of this project.
const requireOfPulumi = createRequire(
  createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"),
);
const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb.js") = requireOfPulumi(
  "google-protobuf/google/protobuf/struct_pb.js",
);
const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb.js") = requireOfPulumi(
  "google-protobuf/google/protobuf/empty_pb.js",
);

/** What JSON can hold. */
export type WireProperties = Parameters<typeof Struct.fromJavaScript>[0];

export interface RegisteredResource extends Resource {
  readonly urn: string;
  /** Made by a provider, and not a component. */
  readonly custom: boolean;
  /** A URN; the stack alone has none. */
  readonly parent: string;
  /** URNs of what it has to be made after, sorted. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
}

export interface LogMessage {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
}

export interface RecordingMonitorOptions {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  /** What functions of providers return, by token. */
  readonly invokes: Readonly<Record<string, WireProperties>>;
  /** Why the program's range of CLI versions is refused, if it is. */
  readonly versionFault?: string | undefined;
}

export class RecordingMonitor {
  readonly resources = new Map<string, RegisteredResource>();
  /** Of the stack. */
  outputs: Record<string, unknown> = {};
  readonly logs: LogMessage[] = [];
  readonly #options: RecordingMonitorOptions;
  readonly #server = new Server();

  constructor(options: RecordingMonitorOptions) {
    this.#options = options;
    // The rest is refused as unimplemented: reading a resource fails the program, and what newer
    // engines add, such as waiting for hooks at the end, the runtime does without.
    this.#server.addService(monitorServices.ResourceMonitorService, {
      getDeploymentInfo: answer(() => deploymentInfo()),
      invoke: answer((request: monitorMessages.ResourceInvokeRequest) => this.#invoke(request)),
      registerResource: answer((request: monitorMessages.RegisterResourceRequest) =>
        this.#register(request),
      ),
      registerResourceOutputs: answer((request: monitorMessages.RegisterResourceOutputsRequest) =>
        this.#registerOutputs(request),
      ),
    });
    this.#server.addService(engineServices.EngineService, {
      log: answer((request: engineMessages.LogRequest) => this.#log(request)),
      requirePulumiVersion: answer(() => this.#requireVersion()),
    });
  }

  /** Listens on a free port of loopback, and returns `127.0.0.1:PORT`. */
  async listen(): Promise<string> {
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  /** Ends every connection at once. */
  close(): void {
    this.#server.forceShutdown();
  }

  #invoke(request: monitorMessages.ResourceInvokeRequest): monitorMessages.ResourceInvokeResponse {
    const result = this.#options.invokes[request.getTok()];
    if (!result) throw new Error(`unexpected provider call ${request.getTok()}`);
    return new monitorMessages.ResourceInvokeResponse().setReturn(Struct.fromJavaScript(result));
  }

  #register(
    request: monitorMessages.RegisterResourceRequest,
  ): monitorMessages.RegisterResourceResponse {
    const urn = this.#urnOf(request);
    if (this.resources.has(urn)) throw new Error(`duplicate resource URN ${urn}`);
    const wireInputs = request.getObject()?.toJavaScript() ?? {};
    const resource = {
      type: request.getType(),
      name: request.getName(),
      urn,
      custom: request.getCustom(),
      parent: request.getParent(),
      inputs: plainProperties(wireInputs),
      dependencies: request.getDependenciesList().toSorted(),
      protect: request.getProtect() ?? false,
    };
    this.resources.set(urn, resource);

    const response = new monitorMessages.RegisterResourceResponse().setUrn(urn);
    // What a preview does not answer is unknown to the program.
    if (!resource.custom || this.#options.preview) {
      return response.setObject(Struct.fromJavaScript(wireInputs));
    }
    const { id, ...computed } = computedProperties(resource, TEST_PLACE);
    return response.setId(id).setObject(Struct.fromJavaScript({ ...wireInputs, ...computed }));
  }

  /** Source: https://www.pulumi.com/docs/iac/concepts/resources/names/. */
  #urnOf(request: monitorMessages.RegisterResourceRequest): string {
    const { stack, project } = this.#options;
    const [, , parentType = ""] = request.getParent().split("::");
    const path = ["", STACK_TYPE].includes(parentType) ? "" : `${parentType}$`;
    return `urn:pulumi:${stack}::${project}::${path}${request.getType()}::${request.getName()}`;
  }

  #registerOutputs(request: monitorMessages.RegisterResourceOutputsRequest): typeof EMPTY {
    if (this.resources.get(request.getUrn())?.type === STACK_TYPE) {
      this.outputs = plainProperties(request.getOutputs()?.toJavaScript() ?? {});
    }
    return EMPTY;
  }

  #requireVersion(): engineMessages.RequirePulumiVersionResponse {
    if (this.#options.versionFault) throw new Error(this.#options.versionFault);
    return new engineMessages.RequirePulumiVersionResponse();
  }

  #log(request: engineMessages.LogRequest): typeof EMPTY {
    const severity = SEVERITIES[request.getSeverity()];
    if (severity) this.logs.push({ severity, message: request.getMessage() });
    return EMPTY;
  }
}

const STACK_TYPE = "pulumi:pulumi:Stack";
const EMPTY = new Empty();

/** Debugging, which the runtime does at length, is left out. */
const SEVERITIES: Readonly<Record<number, LogMessage["severity"]>> = {
  [engineMessages.LogSeverity.INFO]: "info",
  [engineMessages.LogSeverity.WARNING]: "warning",
  [engineMessages.LogSeverity.ERROR]: "error",
};

/** What the engine has supported all along, without callbacks into the program. */
function deploymentInfo(): monitorMessages.DeploymentInfo {
  const { ResourceMonitorFeature } = monitorMessages;
  return new monitorMessages.DeploymentInfo().setSupportedfeaturesList([
    ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
    ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  ]);
}

/** A handler that answers at once, or with the message of what is thrown. */
function answer<Request, Response>(respond: (request: Request) => Response) {
  return ({ request }: { readonly request: Request }, callback: sendUnaryData<Response>): void => {
    try {
      callback(null, respond(request));
    } catch (error) {
      const details = error instanceof Error ? error.message : String(error);
      callback({ code: status.INTERNAL, details });
    }
  };
}
