/**
 * Runs a Pulumi program that refers to another stack, under Pulumi's real language runtime: before
 * the recording engine of `test/support/` stands one that knows that stack's outputs. For the test
 * of `docs/consuming.md`.
 */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { credentials, Server, ServerCredentials, type sendUnaryData } from "@grpc/grpc-js";
import monitorServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import {
  RecordingMonitor,
  type WireProperties,
} from "../../proof/local/pulumi/recording-monitor.ts";

// Pulumi's own copy, which its messages have to be made of, and no dependency of this project.
const requireOfPulumi = createRequire(
  createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"),
);
const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb.js") = requireOfPulumi(
  "google-protobuf/google/protobuf/struct_pb.js",
);

export interface StackReferenceRun {
  /** The exit code; 0 is success. */
  readonly status: number | null;
  /** Inputs of what the program has made, by type. */
  readonly inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the CLI would print as diagnostics. */
  readonly messages: readonly string[];
}

/**
 * Runs `main` of `directory`, which holds `node_modules`, as the stack `test` of a project.
 * `outputs` are those of other stacks, by ORGANIZATION/PROJECT/STACK; no others can be referred to.
 */
export async function runStackReference(
  directory: string,
  main: string,
  outputs: Readonly<Record<string, WireProperties>>,
): Promise<StackReferenceRun> {
  const [project, stack] = ["checkout", "test"];
  const monitor = new RecordingMonitor({
    project,
    stack,
    preview: false,
    invokes: {},
  });
  const front = new Server();
  try {
    const engine = await monitor.listen();
    const address = await listen(front, engine, outputs);
    const args = [
      join(directory, "node_modules", "@pulumi", "pulumi", "cmd", "run"),
      ...["--monitor", address, "--engine", engine],
      ...["--organization", "organization", "--project", project, "--stack", stack],
      ...["--root-directory", directory, "--pwd", directory, "--parallel", "16", main],
    ];
    const status = await new Promise<number | null>((resolve) => {
      const options = { cwd: directory, env: { PULUMI_CONFIG: "{}" }, timeout: 60_000 };
      const child = execFile(process.execPath, args, options, () => resolve(child.exitCode));
    });
    const made = [...monitor.resources.values()].map(({ type, inputs }) => [type, inputs]);
    const messages = monitor.logs.map(({ message }) => message);
    return { status, inputs: Object.fromEntries(made), messages };
  } finally {
    front.forceShutdown();
    monitor.close();
  }
}

/** Answers the reading of stacks, and hands over the rest to the engine. */
async function listen(
  front: Server,
  engine: string,
  outputs: Readonly<Record<string, WireProperties>>,
): Promise<string> {
  const behind = new monitorServices.ResourceMonitorClient(engine, credentials.createInsecure());
  front.addService(monitorServices.ResourceMonitorService, {
    getDeploymentInfo: handOver(behind.getDeploymentInfo.bind(behind)),
    registerResource: handOver(behind.registerResource.bind(behind)),
    registerResourceOutputs: handOver(behind.registerResourceOutputs.bind(behind)),
    readResource: handOver((request: monitorMessages.ReadResourceRequest, callback) => {
      const name = request.getId();
      const known = outputs[name];
      if (!known) return callback({ details: `unknown stack ${name}` });
      const response = new monitorMessages.ReadResourceResponse()
        .setUrn(`urn:pulumi:test::checkout::${request.getType()}::${request.getName()}`)
        // As the engine answers: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
        .setProperties(Struct.fromJavaScript({ name, outputs: known, secretOutputNames: [] }));
      callback(null, response);
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    front.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return `127.0.0.1:${port}`;
}

/** A handler of a server, made of what answers a request. */
function handOver<Request, Response>(
  respond: (request: Request, callback: sendUnaryData<Response>) => unknown,
) {
  return ({ request }: { readonly request: Request }, callback: sendUnaryData<Response>): void => {
    respond(request, callback);
  };
}
