/**
 * CloudWatch Logs: log groups, and the search in them. Called by `aws-stand-in.ts`; `functions.ts`
 * writes into it what a function writes.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
import * as v from "valibot";
import { AwsError } from "./aws-error.ts";
import { list, type Operation, operation, text } from "./aws-operation.ts";
import { matchesPattern } from "./filter-pattern.ts";
import { page } from "./paging.ts";

export interface LogEvent {
  readonly logStreamName: string;
  /** Milliseconds since the epoch, as on the wire. */
  readonly timestamp: number;
  readonly message: string;
}

const LogGroupName = text({ min: 1, max: 512, pattern: /^[.\-_/#A-Za-z0-9]+$/ });
const Milliseconds = v.pipe(v.number(), v.integer(), v.minValue(0));
const MAX_EVENTS = 10_000;

const FilterLogEventsInput = v.object({
  logGroupName: LogGroupName,
  logStreamNames: v.optional(list(text({ min: 1, max: 512 }), { min: 1, max: 100 })),
  startTime: v.optional(Milliseconds, 0),
  endTime: v.optional(Milliseconds, Number.MAX_SAFE_INTEGER),
  filterPattern: v.optional(text({ max: 1024 }), ""),
  nextToken: v.optional(text({ min: 1 })),
  limit: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_EVENTS)),
    MAX_EVENTS,
  ),
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
    const { logStreamNames, startTime, endTime, filterPattern } = input;
    const matching = this.#existing(input.logGroupName)
      .map((event, index) => ({
        ...event,
        ingestionTime: event.timestamp,
        eventId: eventId(index),
      }))
      .filter(
        ({ logStreamName, timestamp, message }) =>
          (logStreamNames?.includes(logStreamName) ?? true) &&
          timestamp >= startTime &&
          timestamp <= endTime &&
          matchesPattern(message, filterPattern),
      );
    const { items, nextToken } = page(matching, input.limit, input.nextToken, () => {
      throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
    });
    return { events: items, searchedLogStreams: [], nextToken };
  }

  #existing(name: string): LogEvent[] {
    const events = this.#groups.get(name);
    if (events) return events;
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
}

/** Digits, in the order of arrival. */
function eventId(index: number): string {
  return String(index + 1).padStart(56, "3");
}
