/**
 * AWS Lambda: functions that are invoked and waited for, and what that leaves in their log group.
 * What runs a function is handed in.
 *
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Invocation } from "../lambda-runtime.ts";
import { AwsError } from "./aws-error.ts";
import { type Operation, type OperationContext, operation } from "./aws-operation.ts";
import type { LogGroups } from "./log-groups.ts";

export interface DeployedFunction {
  readonly name: string;
  /** A group that exists. */
  readonly logGroupName: string;
  /** Runs the function. Its log lines carry the request id. */
  readonly invoke: (event: unknown, requestId: string) => Promise<Invocation>;
}

const InvokeInput = v.strictObject({
  FunctionName: v.string(),
  Payload: v.optional(v.string(), "{}"),
});

const GetFunctionConfigurationInput = v.strictObject({ FunctionName: v.string() });

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

  /** Invokes the function as a schedule does, with its log. Throws {@link AwsError} if there is none. */
  async run(name: string, event: unknown, requestId: string = randomUUID()): Promise<Invocation> {
    const { logGroupName, invoke } = this.#existing(name);
    const stream = `${this.#day()}/${name}[$LATEST]${requestId.replaceAll("-", "")}`;
    const startedMs = this.#now();
    const log = (lines: string[]) => this.#logs.append(logGroupName, stream, lines);
    log([this.#platformLine("start", { requestId, version: "$LATEST" })]);
    const invocation = await invoke(event, requestId).catch(crash);
    const metrics = { durationMs: this.#now() - startedMs };
    const status = invocation.error ? "error" : "success";
    log([
      ...invocation.output.split("\n").filter(Boolean),
      this.#platformLine("report", { requestId, metrics, status }),
    ]);
    return invocation;
  }

  clear(): void {
    this.#functions.clear();
  }

  async #invoke(input: v.InferOutput<typeof InvokeInput>, { requestId }: OperationContext) {
    const event: unknown = JSON.parse(input.Payload);
    const { error, result } = await this.run(input.FunctionName, event, requestId);
    return {
      StatusCode: 200,
      FunctionError: error && "Unhandled",
      Payload: JSON.stringify(error ?? result),
    };
  }

  #getConfiguration({ FunctionName }: v.InferOutput<typeof GetFunctionConfigurationInput>) {
    const { name, logGroupName } = this.#existing(FunctionName);
    return {
      FunctionName: name,
      FunctionArn: this.#arnPrefix + name,
      LoggingConfig: { LogFormat: "JSON", LogGroup: logGroupName },
    };
  }

  #existing(name: string): DeployedFunction {
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

/** A function that cannot be loaded: a caller sees the same as if its handler threw. */
function crash(error: unknown): Invocation {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { error: { errorType: name, errorMessage: message }, output: "" };
}
