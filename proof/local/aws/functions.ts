/**
 * AWS Lambda: functions that are invoked and wait for, and what that leaves in their log group.
 * Called by `aws-stand-in.ts`. What runs a function is handed in.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Invocation } from "../lambda-runtime.ts";
import { AwsError } from "./aws-error.ts";
import { type Operation, type OperationContext, operation, text } from "./aws-operation.ts";
import type { LogGroups } from "./log-groups.ts";

export interface DeployedFunction {
  readonly name: string;
  /** A group that exists. */
  readonly logGroupName: string;
  /** Runs the function. Its log lines carry the request id. */
  readonly invoke: (event: unknown, requestId: string) => Promise<Invocation>;
}

const FunctionName = text({ min: 1, max: 256 });
const Qualifier = v.optional(v.picklist(["$LATEST"]));

const InvokeInput = v.object({
  FunctionName,
  InvocationType: v.optional(v.picklist(["RequestResponse"])),
  LogType: v.optional(v.picklist(["None", "Tail"])),
  Payload: v.optional(v.string(), "{}"),
  Qualifier,
});

const GetFunctionConfigurationInput = v.object({ FunctionName, Qualifier });

/** How much of the log an invocation's answer holds at most. */
const TAIL_BYTES = 4096;
const MEMORY_MIB = 512;

/** The functions of one account and Region. */
export class Functions {
  readonly operations = new Map<string, Operation>([
    ["Invoke", operation(InvokeInput, this.#invoke.bind(this))],
    [
      "GetFunctionConfiguration",
      operation(GetFunctionConfigurationInput, this.#getConfiguration.bind(this)),
    ],
  ]);

  readonly #arnPrefix: string;
  readonly #logs: LogGroups;
  readonly #now: () => number;
  readonly #functions = new Map<string, DeployedFunction>();

  constructor(options: {
    place: { region: string; accountId: string };
    logs: LogGroups;
    now: () => number;
  }) {
    const { region, accountId } = options.place;
    this.#arnPrefix = `arn:aws:lambda:${region}:${accountId}:function:`;
    this.#logs = options.logs;
    this.#now = options.now;
  }

  deploy(deployed: DeployedFunction): void {
    this.#functions.set(deployed.name, deployed);
  }

  /** Invokes the function as a schedule does, with its log. Throws {@link AwsError} where there is none. */
  async run(name: string, event: unknown, requestId: string = randomUUID()): Promise<FunctionRun> {
    const { logGroupName, invoke } = this.#existing(name);
    const stream = `${this.#day()}/${name}[$LATEST]${requestId.replaceAll("-", "")}`;
    const startedMs = this.#now();
    const start = this.#platformLine("start", {
      requestId,
      functionArn: this.#arnPrefix + name,
      version: "$LATEST",
    });
    this.#logs.append(logGroupName, stream, [start]);
    const invocation = await invoke(event, requestId).catch(crash);
    const durationMs = this.#now() - startedMs;
    const written = invocation.output.split("\n").filter(Boolean);
    const report = this.#platformLine("report", {
      requestId,
      metrics: {
        durationMs,
        billedDurationMs: Math.max(1, Math.ceil(durationMs)),
        memorySizeMB: MEMORY_MIB,
        maxMemoryUsedMB: MEMORY_MIB / 2,
      },
      status: invocation.error ? "error" : "success",
    });
    this.#logs.append(logGroupName, stream, [...written, report]);
    return { invocation, logLines: [start, ...written, report] };
  }

  clear(): void {
    this.#functions.clear();
  }

  async #invoke(input: v.InferOutput<typeof InvokeInput>, { requestId }: OperationContext) {
    const { invocation, logLines } = await this.run(
      input.FunctionName,
      parseEvent(input.Payload),
      requestId,
    );
    const log = Buffer.from(logLines.map((line) => `${line}\n`).join(""));
    return {
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      FunctionError: invocation.error && "Unhandled",
      LogResult:
        input.LogType === "Tail" ? log.subarray(-TAIL_BYTES).toString("base64") : undefined,
      Payload: JSON.stringify(invocation.error ?? invocation.result),
    };
  }

  #getConfiguration({ FunctionName }: v.InferOutput<typeof GetFunctionConfigurationInput>) {
    const { name, logGroupName } = this.#existing(FunctionName);
    return {
      FunctionName: name,
      FunctionArn: this.#arnPrefix + name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      MemorySize: MEMORY_MIB,
      State: "Active",
      LastUpdateStatus: "Successful",
      LoggingConfig: { LogFormat: "JSON", LogGroup: logGroupName },
    };
  }

  /** By name or ARN. */
  #existing(reference: string): DeployedFunction {
    const name = reference.startsWith(this.#arnPrefix)
      ? reference.slice(this.#arnPrefix.length)
      : reference;
    const deployed = this.#functions.get(name);
    if (deployed) return deployed;
    throw new AwsError(
      "ResourceNotFoundException",
      `Function not found: ${this.#arnPrefix}${name}`,
      404,
    );
  }

  #day(): string {
    return new Date(this.#now()).toISOString().slice(0, 10).replaceAll("-", "/");
  }

  #platformLine(event: "start" | "report", record: Record<string, unknown>): string {
    const time = new Date(this.#now()).toISOString();
    return JSON.stringify({ time, type: `platform.${event}`, record });
  }
}

export interface FunctionRun {
  readonly invocation: Invocation;
  /** As they are in the log group. */
  readonly logLines: readonly string[];
}

/** A function that cannot be loaded: what a caller sees of it is as where its handler throws. */
function crash(error: unknown): Invocation {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { error: { errorType: name, errorMessage: message }, output: "" };
}

function parseEvent(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    throw new AwsError(
      "InvalidRequestContentException",
      "Could not parse request body into json: Could not parse payload into json",
    );
  }
}
