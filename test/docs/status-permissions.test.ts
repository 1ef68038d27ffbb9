/** What `status` calls is what the documents list, and what the policy of its role allows. */
import { once } from "node:events";
import { beforeAll, expect, test } from "@jest/globals";
import { startOps, withStandingStackOf } from "../ops/ops-process.ts";
import { readDocument } from "./documents.ts";

const stack = withStandingStackOf({ accountIds: ["P12345678"], hasUrgentTopic: true });

/** The actions behind the calls, except for the one that every role may do. */
let actions: readonly string[];
beforeAll(async () => {
  const { aws, outputs } = stack.current;
  aws.alarmMuteRules.put({
    Name: "planned",
    Status: "ACTIVE",
    MuteTargets: { AlarmNames: [...outputs.alarmNames] },
    Rule: { Schedule: { Expression: "at(2026-11-26T12:00)", Duration: "PT1H" } },
  });
  aws.calls.length = 0;
  await once(startOps(stack.current, ["status", "--stack", "prod"]), "exit");
  // CloudWatch's endpoint is called `monitoring`.
  const called = aws.calls.map(({ service, operation }) =>
    `${service}:${operation}`.replace(/^monitoring:/, "cloudwatch:"),
  );
  actions = [...new Set(called)].filter((it) => it !== "sts:GetCallerIdentity").sort();
});

test("The policy of the status role has each action that the command needs, and no other", () => {
  const policy = JSON.parse(readDocument("docs/pipeline/status-policy.json"));
  const granted = policy.Statement.flatMap(({ Action }: { Action: unknown }) => Action);
  expect(granted.sort()).toEqual(actions);
});

test("The page on security lists each action that the command needs, and no other", () => {
  const [row = ""] = readDocument("docs/security.md").match(/^\| `status` \|.*$/m) ?? [];
  expect([...row.matchAll(/`([a-z]+:\w+)`/g)].map(([, action]) => action).sort()).toEqual(actions);
});
