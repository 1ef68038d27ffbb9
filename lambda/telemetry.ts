/**
 * What a check tells: a log line per account, and the metrics that the alarms watch.
 * Powertools writes to stdout and stderr itself, so that Lambda's JSON log format passes
 * both on as they are: what goes through `console` is nested under `message`, where CloudWatch
 * finds no metric.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { type CheckMetric, metricsOfCheck } from "./check-metrics.ts";
import { METRIC_DIMENSION, METRIC_NAMESPACE, PROJECT_NAME } from "./contract.ts";
import type { RotationError } from "./errors.ts";
import type { AccountReport } from "./reconcile.ts";

export interface Telemetry {
  /** Logs what became of an account. */
  accountChecked(report: AccountReport): void;
  /** Sends the metrics of the check. */
  checkCompleted(reports: readonly AccountReport[], isFull: boolean): void;
  /** Logs why the check could not be made. */
  checkFailed(error: RotationError): void;
}

/** What is used of Lambda's context. */
export interface InvocationContext {
  readonly functionName: string;
  readonly awsRequestId: string;
}

export function createTelemetry(invocation: InvocationContext): Telemetry {
  const logger = new Logger({
    serviceName: PROJECT_NAME,
    persistentKeys: { requestId: invocation.awsRequestId },
  });
  return {
    accountChecked({ result: { error, ...result }, ...details }) {
      const line = { ...result, ...details };
      if (error) {
        logger.error("account failed", { ...line, code: error.code, whatToDo: error.message });
      } else {
        logger.info("account checked", line);
      }
    },
    checkCompleted(reports, isFull) {
      sendMetrics(invocation.functionName, metricsOfCheck(reports, isFull));
    },
    checkFailed({ code, message }) {
      logger.error("check failed", { code, whatToDo: message });
    },
  };
}

function sendMetrics(functionName: string, sent: readonly CheckMetric[]): void {
  if (sent.length === 0) return;
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  // Powertools sets a dimension "service"; another dimension would be another metric to pay for.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [METRIC_DIMENSION]: functionName });
  for (const { name, unit, values } of sent) {
    for (const value of values) metrics.addMetric(name, unit, value);
  }
  metrics.publishStoredMetrics();
}
