/** The log lines of one invocation, once CloudWatch Logs has them. */
import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import type { Clock } from "../lambda/clock.ts";
import { explained } from "./aws-explanation.ts";
import type { StackSession } from "./stack-session.ts";

export interface CheckLog {
  readonly lines: readonly string[];
  /** Whether Lambda's last line of the invocation is among them. */
  readonly isComplete: boolean;
}

/** Lines take seconds to arrive. Later lines must be read by hand. */
export const LOG_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 1_000;
/** How far AWS's clocks may differ from each other. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

/** The function's log group, which has a name of its own in each stack. */
export async function findLogGroup(
  { clients, outputs: { functionName } }: StackSession,
  signal: AbortSignal,
): Promise<string> {
  const configuration = await explained(
    {
      doing: `Looking up the log group of the function ${functionName}`,
      permission: `lambda:GetFunctionConfiguration on the function ${functionName}`,
    },
    () =>
      clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }), {
        abortSignal: signal,
      }),
  );
  return configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`;
}

/**
 * @param invokedAtMs - when the invocation began.
 * @throws {@link OpsError} when the log may not be read.
 */
export async function readCheckLog(
  client: CloudWatchLogsClient,
  {
    logGroup,
    requestId,
    invokedAtMs,
  }: { readonly logGroup: string; readonly requestId: string; readonly invokedAtMs: number },
  clock: Pick<Clock, "sleep" | "timeout">,
  signal: AbortSignal,
): Promise<CheckLog> {
  const timeIsUp = clock.timeout(LOG_TIMEOUT_MS);
  for (;;) {
    const lines = await explained(
      {
        doing: `Reading the log group ${logGroup}`,
        permission: `logs:FilterLogEvents on the log group ${logGroup}`,
      },
      async () => {
        const found: string[] = [];
        const pages = paginateFilterLogEvents(
          { client },
          {
            logGroupName: logGroup,
            startTime: invokedAtMs - CLOCK_DIFFERENCE_MS,
            // In quotes, because an id has hyphens.
            // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
            filterPattern: `"${requestId}"`,
          },
          { abortSignal: signal },
        );
        for await (const page of pages) {
          for (const { message } of page.events ?? []) found.push((message ?? "").trimEnd());
        }
        return found;
      },
    );
    const isComplete = lines.some((line) => line.includes('"platform.report"'));
    if (isComplete || timeIsUp.aborted) return { lines, isComplete };
    await clock.sleep(POLL_INTERVAL_MS, signal);
  }
}
