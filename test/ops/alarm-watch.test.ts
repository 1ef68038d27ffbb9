/** What of an alarm counts as notifying. */
import { expect, test } from "@jest/globals";
import { withStandingStackOf } from "./ops-process.ts";
import { readStatus } from "./status-document.ts";

const stack = withStandingStackOf({ accountIds: ["P10000001"] });

test.each([
  ["AlarmActions", 1],
  ["OKActions", 2],
])("An alarm without %s does not notify: people wait for the OK too", async (actions, index) => {
  const { aws, outputs } = stack.current;
  const { alarmNames, alarmTopicArn } = outputs;
  const notifying = { AlarmActions: [alarmTopicArn], OKActions: [alarmTopicArn] };
  aws.alarms.put({
    ...{ AlarmName: alarmNames[index] ?? "", MetricName: "Errors", EvaluationPeriods: 1 },
    ...{ ComparisonOperator: "GreaterThanThreshold", ...notifying, [actions]: [] },
  });
  const { alarms } = await readStatus(stack.current);
  expect(alarms?.map(({ notifiesTopic }) => notifiesTopic)[index]).toBe(false);
});
