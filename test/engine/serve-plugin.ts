/** A plugin of Pulumi's engine, which starts it and talks to it over gRPC on loopback. */
import { Server, ServerCredentials, type ServiceDefinition, status } from "@grpc/grpc-js";

// The messages of a service are of many types, which each method names itself.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Methods = Readonly<Record<string, (request: any) => Promise<unknown>>>;

/** Prints the port for the engine. What is no method here is refused as unimplemented. */
export async function servePlugin(service: ServiceDefinition, methods: Methods): Promise<void> {
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  const handlers = Object.entries(methods).map(([name, method]) => [
    name,
    (
      { request }: { readonly request: unknown },
      callback: (error: object | null, response?: unknown) => void,
    ) =>
      method(request).then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: status.UNKNOWN, details: String(error) }),
      ),
  ]);
  server.addService(service, Object.fromEntries(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  process.stdout.write(`${port}\n`);
  // An engine that was killed cannot end it.
  const engine = process.ppid;
  setInterval(() => process.ppid === engine || process.exit(), 200).unref();
}
