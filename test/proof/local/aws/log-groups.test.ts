import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { refusal, START_MS, withAws } from "./with-aws.ts";
import { withClient } from "./with-client.ts";

const run = withAws();
const logs = withClient(run, CloudWatchLogs);
const MINUTE_MS = 60_000;

beforeEach(() => {
  run.aws.logs.create("group");
  run.aws.logs.append("group", "stream-1", ["one request-a", "two request-b"]);
  run.clock.nowMs = START_MS + MINUTE_MS;
  run.aws.logs.append("group", "stream-2", ["three request-a"]);
});

async function messages(input: Parameters<CloudWatchLogs["filterLogEvents"]>[0]) {
  const { events } = await logs().filterLogEvents(input);
  return events?.map(({ message }) => message);
}

describe("FilterLogEvents", () => {
  test("an event has its stream, its time and an id of its own", async () => {
    const { events } = await logs().filterLogEvents({ logGroupName: "group" });
    expect(events?.[2]).toMatchObject({
      logStreamName: "stream-2",
      timestamp: START_MS + MINUTE_MS,
      ingestionTime: START_MS + MINUTE_MS,
      message: "three request-a",
    });
    expect(new Set(events?.map(({ eventId }) => eventId)).size).toBe(3);
  });

  test.each([
    ["all, in the order of arrival", {}, ["one request-a", "two request-b", "three request-a"]],
    ["those with a term", { filterPattern: '"request-a"' }, ["one request-a", "three request-a"]],
    ["those from a moment on", { startTime: START_MS + 1 }, ["three request-a"]],
    ["those up to a moment", { endTime: START_MS }, ["one request-a", "two request-b"]],
    ["those of a stream", { logStreamNames: ["stream-2"] }, ["three request-a"]],
  ])("finds %s", async (_, input, expected) => {
    expect(await messages({ logGroupName: "group", ...input })).toEqual(expected);
  });

  test("pages follow one another, and the last has no token", async () => {
    const input = { logGroupName: "group", limit: 2 };
    const first = await logs().filterLogEvents(input);
    expect(first.events).toHaveLength(2);
    const second = await logs().filterLogEvents({ ...input, nextToken: first.nextToken });
    expect(second.events).toMatchObject([{ message: "three request-a" }]);
    expect(second.nextToken).toBeUndefined();
  });

  test("a token of nobody's is refused", async () => {
    const call = logs().filterLogEvents({ logGroupName: "group", nextToken: "mine" });
    expect((await refusal(call)).name).toBe("InvalidParameterException");
  });

  test("an unknown group is not found", async () => {
    expect(await refusal(logs().filterLogEvents({ logGroupName: "other" }))).toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
  });
});
