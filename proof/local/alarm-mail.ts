/** The e-mail that people get when an alarm fires or clears, pure. */
import { alarmText } from "../../infra/alarm-text.ts";
import type { AlarmChange } from "../simulation/alarm-model.ts";

export interface AlarmMail {
  readonly at: string;
  readonly alarm: AlarmChange["alarm"];
  readonly state: AlarmChange["state"];
  readonly subject: string;
  readonly text: string;
}

/** As CloudWatch writes it; the alarm's name ends with a random suffix in AWS. */
export function alarmMail({ alarm, accountId, state, atMs }: AlarmChange): AlarmMail {
  const name = ["tokens", alarm, ...(accountId === undefined ? [] : [accountId]), "test"].join("-");
  return {
    at: new Date(atMs).toISOString(),
    ...{ alarm, state, subject: `${state}: "${name}"` },
    text: alarmText(alarm, {
      account: accountId,
      stack: "test",
      place: { partition: "aws", region: "eu-north-1", awsAccountId: "123456789012" },
      functionName: "tokens-check",
      runbookUrl: undefined,
    }),
  };
}
