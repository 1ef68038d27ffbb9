/**
 * The inside of `LambdaRuntime`: a thread that loads the bundle and calls its handler, as Lambda's
 * runtime client does in a process of its own.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { LambdaReply, LambdaRequest } from "./lambda-runtime.ts";
import { moveSystemClock } from "./system-clock.ts";

// The bundle is what is deployed, with the system's clock built in: so it is the system's clock
// that moves, in this thread alone.
moveSystemClock(0);

const { handler } = await import(workerData.bundleUrl);

parentPort?.on("message", async (request: LambdaRequest) => {
  moveSystemClock(request.offsetMs);
  const reply = await invoke(request);
  // The streams and the port are not synchronized, so a message marks where each stream's part ends.
  process.stdout.write(request.endOfOutput);
  process.stderr.write(request.endOfOutput);
  parentPort?.postMessage(reply);
});

async function invoke({ event, requestId }: LambdaRequest): Promise<LambdaReply> {
  const functionName = process.env["AWS_LAMBDA_FUNCTION_NAME"];
  try {
    const result = await handler(event, { functionName, awsRequestId: requestId });
    // Lambda passes results on as JSON.
    return { result: JSON.parse(JSON.stringify(result)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // As in Lambda's log, where minification may have changed it.
    const errorType = error.constructor.name;
    return { error: { errorType, errorMessage: error.message } };
  }
}
