/**
 * CloudWatch Logs: log groups, and the search in them.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import { type Operation, operation } from "./aws-operation.ts";
import { page } from "./paging.ts";

interface LogEvent {
  readonly logStreamName: string;
  /** Milliseconds since the epoch, as on the wire. */
  readonly timestamp: number;
  readonly message: string;
}

const FilterLogEventsInput = v.strictObject({
  logGroupName: v.string(),
  startTime: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /**
   * Of all patterns, one term in quotes.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
   */
  filterPattern: v.pipe(v.string(), v.regex(/^"[^"\\]*"$/)),
  nextToken: v.optional(v.string()),
});

/** The log groups of one account and Region. */
export class LogGroups {
  readonly operations = new Map<string, Operation>([
    ["FilterLogEvents", operation(FilterLogEventsInput, this.#filter.bind(this))],
  ]);

  readonly #now: () => number;
  readonly #groups = new Map<string, LogEvent[]>();

  constructor({ now }: { now: () => number }) {
    this.#now = now;
  }

  create(name: string): void {
    this.#groups.set(name, []);
  }

  /** Puts lines into a stream, all at this moment. */
  append(name: string, logStreamName: string, messages: readonly string[]): void {
    const timestamp = this.#now();
    const events = this.#existing(name);
    events.push(...messages.map((message) => ({ logStreamName, timestamp, message })));
  }

  clear(): void {
    this.#groups.clear();
  }

  #filter(input: v.InferOutput<typeof FilterLogEventsInput>) {
    const term = input.filterPattern.slice(1, -1);
    const matching = this.#existing(input.logGroupName).filter(
      ({ timestamp, message }) => timestamp >= input.startTime && message.includes(term),
    );
    const { items, nextToken } = page(matching, input.nextToken);
    return { events: items, nextToken };
  }

  #existing(name: string): LogEvent[] {
    const events = this.#groups.get(name);
    if (events) return events;
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
}
