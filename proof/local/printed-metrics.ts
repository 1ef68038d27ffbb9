/** The metrics in the function's log lines, as CloudWatch extracts them, pure. */
import { ACCOUNT_DIMENSION, METRIC_NAMESPACE } from "../../lambda/contract.ts";

export interface PrintedMetric {
  readonly name: string;
  readonly value: number;
  /** If the metric is the account's own. */
  readonly accountId: string | undefined;
}

interface Directive {
  readonly Namespace: string;
  readonly Metrics: readonly { readonly Name: string }[];
}

/**
 * Source: CloudWatch, "Specification: Embedded metric format".
 * @param output - what the function printed.
 */
export function printedMetrics(output: string): PrintedMetric[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { _aws: embedded, ...values } = JSON.parse(line);
    const directives: readonly Directive[] = embedded?.CloudWatchMetrics ?? [];
    return directives
      .filter(({ Namespace }) => Namespace === METRIC_NAMESPACE)
      .flatMap(({ Metrics }) =>
        Metrics.flatMap(({ Name }) =>
          [values[Name]].flat().map((value) => ({
            ...{ name: Name, value: Number(value), accountId: values[ACCOUNT_DIMENSION] },
          })),
        ),
      );
  });
}
