/**
 * What a check reports: a log line per account, and the metrics that the alarms watch.
 * Powertools writes to stdout and stderr itself, and Lambda's JSON log format passes both on unchanged.
 * It would nest the output of `console` under `message`, and CloudWatch finds no metric there.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { type CheckMetric, metricsOfAccount, metricsOfCheck } from "./check-metrics.ts";
import {
  ACCOUNT_DIMENSION,
  FUNCTION_DIMENSION,
  METRIC_NAMESPACE,
  PROJECT_NAME,
} from "./contract.ts";
import { defectTraces } from "./defect-trace.ts";
import type { RotationError } from "./errors.ts";
import type { AccountReport, CheckReport } from "./reconcile.ts";

export interface Telemetry {
  /** Logs the result of an account, and sends the account's own metrics. */
  accountChecked(report: AccountReport): void;
  /** Sends the metrics of the check, and logs why it does not count as complete. */
  checkCompleted(report: CheckReport, isFull: boolean): void;
  /** Logs why the check could not be made. */
  checkFailed(error: RotationError): void;
}

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  readonly functionName: string;
  readonly awsRequestId: string;
}

export function createTelemetry(invocation: InvocationContext): Telemetry {
  const logger = new Logger({
    serviceName: PROJECT_NAME,
    persistentKeys: { requestId: invocation.awsRequestId },
  });
  const ofFunction = { [FUNCTION_DIMENSION]: invocation.functionName };
  return {
    accountChecked(report) {
      const { result, ...details } = report;
      const { error, ...rest } = result;
      const line = { ...rest, ...details };
      if (error) {
        logger.error("account failed", { ...line, code: error.code, whatToDo: error.message });
      } else {
        logger.info("account checked", line);
      }
      sendMetrics(
        { ...ofFunction, [ACCOUNT_DIMENSION]: result.accountId },
        metricsOfAccount(report),
      );
    },
    checkCompleted(report, isFull) {
      const { error } = report;
      if (error) logger.error("check incomplete", { code: error.code, whatToDo: error.message });
      sendMetrics(ofFunction, metricsOfCheck(report, isFull));
    },
    checkFailed({ code, message, cause }) {
      const traces = code === "defect" ? { traces: defectTraces(cause) } : {};
      logger.error("check failed", { code, whatToDo: message, ...traces });
    },
  };
}

function sendMetrics(
  dimensions: Readonly<Record<string, string>>,
  sent: readonly CheckMetric[],
): void {
  if (sent.length === 0) return;
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  // Powertools sets a dimension "service". With another dimension it is another metric, which costs more.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ ...dimensions });
  for (const { name, unit, value } of sent) metrics.addMetric(name, unit, value);
  metrics.publishStoredMetrics();
}
